"""What proves this repository: not collected by plain `pytest`, but run by `python3 -m workshop test`."""
