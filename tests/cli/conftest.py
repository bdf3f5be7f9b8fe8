"""What several files of tests start."""

import pytest

from running_servers import running_servers


@pytest.fixture
def server(tmp_path):
    """Starts test servers: server("--fault", "html") is a URL; server.processes has them all."""
    with running_servers(tmp_path) as start:
        yield start
