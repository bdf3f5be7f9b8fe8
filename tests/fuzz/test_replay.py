"""Every corpus file goes through its fuzz target again: a parser bug that was found stays fixed."""

import os
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
BUILD = Path(os.environ.get("MCPCTL_BUILD", HERE.parents[1] / "build" / "release"))
TARGETS = sorted(path.name.removesuffix("_fuzz.cpp") for path in HERE.glob("*_fuzz.cpp"))


@pytest.mark.parametrize("target", TARGETS)
def test_the_corpus_runs_through(target):
    corpus = HERE / "corpus" / target
    files = list(corpus.iterdir())
    assert files, f"{corpus} is empty"
    program = BUILD / "tests" / "fuzz" / f"replay_{target}"
    done = subprocess.run([program, corpus], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
