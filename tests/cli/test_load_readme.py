"""What the README says about `mcpctl load` is true."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MCPCTL = os.environ.get("MCPCTL", str(ROOT / "build/release/cli/mcpctl"))
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_scenario_of_the_readme_is_one(tmp_path):
    block = re.search(r"^    # yaml-language-server.*?(?=^\S)", README, re.MULTILINE | re.DOTALL)[0]
    (tmp_path / "assistants.yaml").write_text("\n".join(line[4:] for line in block.splitlines()))
    done = subprocess.run([MCPCTL, "load", "check", "--set", "agents=50", "assistants.yaml"],
                          cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "50 agents" in done.stdout


def test_every_option_of_load_in_the_readme_is_one():
    known = subprocess.run([MCPCTL, "load", "--help"], capture_output=True, text=True, timeout=60)
    lines = [line for line in README.splitlines() if "mcpctl load " in line]
    options = set(re.findall(r"(?<=\s)--?[a-z][a-z-]*", " ".join(lines)))
    assert {"--burst", "--shard"} <= options
    assert [option for option in sorted(options) if not re.search(rf"{option}\b", known.stdout)] == []
