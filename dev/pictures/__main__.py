"""The command `python -m dev regenerate`."""
import sys

from dev.pictures import write_all

if __name__ == "__main__":
    sys.exit(write_all())
