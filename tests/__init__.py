"""The checks of the learner's version: a folder for each chapter, a file for each step."""
