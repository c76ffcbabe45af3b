"""The checks of chapter 4 · What does gunicorn's sync worker do with what the app returns?"""
