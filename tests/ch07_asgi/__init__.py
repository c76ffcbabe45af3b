"""The checks of chapter 7 · Encore: what comes after WSGI?"""
