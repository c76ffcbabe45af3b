"""The learner's files: changed whole or not at all, and saved before they are."""
