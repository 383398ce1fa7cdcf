"""Say who acts and what each role may do."""
