"""Run the command line with `python -m hotspot`."""

from hotspot.cli import main

if __name__ == "__main__":
    main()
