"""The machine that this runs on: Pythons, processes, ports, servers, and what can go wrong with them."""
