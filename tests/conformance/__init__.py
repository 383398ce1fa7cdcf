"""Known answers as data, and one runner for us and for peer packages."""
