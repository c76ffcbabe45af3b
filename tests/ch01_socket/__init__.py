"""The checks of chapter 1 · What does a web server actually send?"""
