"""Know the fields of each source: columns, words, times, pseudonyms."""
