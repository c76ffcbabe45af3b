"""The checks of chapter 2 · What did the client say?"""
