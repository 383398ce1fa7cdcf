"""Take points to hotspots: pure functions, frames in and frames out. Start at `pipeline`."""
