"""The command of learners and teachers: `python3 -m workshop`."""
