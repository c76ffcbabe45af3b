"""The checks of chapter 5 · How do apps stack?"""
