"""A site of Starlette, FastAPI, Quart and the shop, for the server of chapter 7 and for those that others wrote."""
