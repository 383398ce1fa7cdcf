"""The front door for notebooks and scripts: what people hold in, hotspots out."""
