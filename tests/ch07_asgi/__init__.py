"""The checks of chapter 7 · What comes after WSGI?"""
