"""The checks of chapter 3 · How does a server talk to an app it has never seen?"""
