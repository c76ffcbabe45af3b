"""What proves and generates this repository. `python -m dev` lists it."""
