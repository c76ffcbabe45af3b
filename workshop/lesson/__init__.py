"""What the notebooks use: they import it from notebooks/workbench.py."""
