"""The checks of chapter 6 · Encore: how does one server serve many clients at once?"""
