"""Measure Hotspot against its peers; see `benchmarks/README.md`."""
