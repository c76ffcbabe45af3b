"""What a learner is shown of verdicts, as lines."""
