"""Map layers: frames in, layers out, for the map of the app and for the map file."""
