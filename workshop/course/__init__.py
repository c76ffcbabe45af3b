"""What the course consists of, read from its files: chapters, steps, definitions, hints and notebooks."""
