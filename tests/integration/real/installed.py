"""What the tests against foreign software need on disk. Nothing missing is ever skipped."""

import os
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


def install():
    """Installs into MCPCTL_REAL_DIR (default build/real) what is not there yet."""
    where = Path(os.environ.get("MCPCTL_REAL_DIR", HERE.parents[2] / "build/real"))
    done = subprocess.run([HERE / "install.sh", where], capture_output=True, text=True, timeout=900)
    if done.returncode != 0:
        pytest.fail(f"install.sh failed:\n{done.stdout}{done.stderr}", pytrace=False)
    return where.resolve()


def binary():
    """The program under test, named by MCPCTL."""
    path = os.environ.get("MCPCTL")
    if not path or not os.access(path, os.X_OK):
        pytest.fail(f"MCPCTL must name the program under test, not {path!r}", pytrace=False)
    return str(Path(path).resolve())
