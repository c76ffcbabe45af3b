"""Something to read from that gives blocks as they come, short ones too."""


class Pipe:
    def __init__(self, *blocks):
        self.blocks = list(blocks)

    def read(self, size):
        return self.blocks.pop(0) if self.blocks else b""
