"""packaging/kubernetes: its documents, and what their schemas say about them."""

import json
import os
import subprocess
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[3] / "packaging/kubernetes"
HERE = Path(__file__).parent
# The oldest that has native sidecars, and the newest whose schemas are there.
VERSIONS = ("1.29.0", "1.37.0")
CUSTOM_GROUPS = ("keda.sh", "monitoring.coreos.com")


def documents(path):
    return list(yaml.safe_load_all((ROOT / path).read_text(encoding="utf-8")))


def all_files():
    return sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("*/*.yaml"))


def of_kind(found, kind):
    return next(each for each in found if each.get("kind") == kind)


def is_custom(document):
    return "apiVersion" not in document or document["apiVersion"].split("/")[0] in CUSTOM_GROUPS


def problems(deps, found):
    """Line by line; each document by the schemas of who reads it."""
    custom = [each for each in found if is_custom(each)]
    own = [each for each in found if not is_custom(each)]
    lines = []
    for words, part in (([deps / "python/bin/python", HERE / "kubernetes_schemas.py", *VERSIONS], own),
                        ([deps / "bin/node", HERE / "custom_schemas.mjs"], custom)):
        if not part:
            continue
        done = subprocess.run(words, input=json.dumps(part), text=True, capture_output=True,
                              timeout=120, env=os.environ | {"MCPCTL_REAL_DIR": str(deps)})
        assert done.returncode == 0, done.stderr
        lines += done.stdout.splitlines()
    return lines
