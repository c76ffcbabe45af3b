"""The command `python3 -m workshop.pictures`."""
import sys

from workshop.pictures import write_all

if __name__ == "__main__":
    sys.exit(write_all())
