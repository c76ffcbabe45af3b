"""The checks of chapter 6 · How does one server serve many clients at once?"""
