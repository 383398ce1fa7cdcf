"""Open files of any kind, safely, as columns and rows of text."""
