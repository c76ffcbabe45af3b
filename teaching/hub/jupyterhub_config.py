"""Settings of a JupyterHub for a class: what README.md beside this file says, step by step.

    jupyterhub --config teaching/hub/jupyterhub_config.py

The learners' packages are those of the environment that jupyterhub runs in, so each learner's server, terminal and
checks have them. Each learner has an account on this machine.
"""
import os
import sys

FIRST_PORT = 8100  # of the learners' own servers: the first learner has 8101
NAMES = "WORKSHOP_LEARNERS"  # the environment variable with the learners' accounts, such as "ada,bo,cy"
BESIDE = os.path.dirname(sys.executable)  # where the environment's commands are


def own_port(spawner):
    """Return the port of a learner's own servers, as text: no two learners have the same."""
    return str(FIRST_PORT + spawner.user.id)


c = get_config()  # noqa: F821  jupyterhub defines it
c.JupyterHub.bind_url = "http://127.0.0.1:8000"  # put a server that speaks TLS in front of it
c.Authenticator.allowed_users = set(filter(None, os.environ.get(NAMES, "").split(",")))
c.Spawner.environment = {
    "WORKSHOP_PORT": own_port,
    "PATH": os.pathsep.join([BESIDE, os.environ.get("PATH", "")]),
    "PYTHONDONTWRITEBYTECODE": "1",
}
c.Spawner.args = ['--ServerApp.terminado_settings={"shell_command": ["bash"]}']  # a login shell would reset PATH
c.Spawner.default_url = "/lab"
