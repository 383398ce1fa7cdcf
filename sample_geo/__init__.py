"""The sample: an area like Stoke-on-Trent and Staffordshire, with invented data. See README.md."""
