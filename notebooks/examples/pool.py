"""A body that lends a connection of a pool, which has two, and fails."""


class Lent:
    free = 2

    def __iter__(self):
        Lent.free -= 1
        yield b"Hello"
        {}["price"]

    def close(self):
        Lent.free += 1
