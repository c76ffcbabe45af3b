"""Settings of pytest for all checks. The work is done in `harness/`."""
pytest_plugins = ["tests.harness.outcomes", "tests.harness.deadline", "tests.harness.progress"]


ON_REQUEST = ("repository", "contract")  # folders that check the tutorial, or any server, and not the learner's steps


def pytest_ignore_collect(collection_path, config):
    """Leave the folders ON_REQUEST to those who ask for them by name."""
    asked = any(collection_path.name in str(argument) for argument in config.args)
    return True if collection_path.name in ON_REQUEST and not asked else None
