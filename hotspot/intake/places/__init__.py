"""Turn what is written about a place into degrees, with a precision."""
