"""Settings of pytest for all checks. The work is done in `harness/`."""
pytest_plugins = ["tests.harness.outcomes", "tests.harness.deadline", "tests.harness.progress"]


def pytest_ignore_collect(collection_path, config):
    """Leave `repository/` to those who ask for it by name: it checks the tutorial, not the learner."""
    asked = any("repository" in str(argument) for argument in config.args)
    return True if collection_path.name == "repository" and not asked else None
