"""The surfaces of real servers, old and new versions, as snapshot files."""

import json
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BESIDE = [ROOT / "../shared/drift-real", ROOT / "../../shared/drift-real"]
REAL = Path(os.environ.get("MCPCTL_DRIFT_REAL")
            or next((path for path in BESIDE if path.exists()), BESIDE[0]))

# server, older version, newer version: each with its tools
PAIRS = [
    ("kubernetes-mcp-server", "0.0.54", "0.0.67"),
    ("notion", "1.8.0", "2.5.2"),
    ("playwright-mcp", "0.0.24", "0.0.83"),
    ("server-everything", "2025.3.19", "2025.9.25"),
    ("server-everything", "2025.9.25", "2026.8.31"),
    ("server-filesystem", "2025.1.14", "2026.8.31"),
    ("server-memory", "2025.4.25", "2026.8.31"),
    ("supabase", "0.4.0", "0.5.10"),
    ("supabase", "0.5.10", "0.13.0"),
]


def surface(server, version):
    """What the server answered to initialize and to the lists, in one object."""
    tools = json.loads((REAL / server / f"{version}.json").read_text(encoding="utf-8"))
    meta = json.loads((REAL / server / f"{version}.meta.json").read_text(encoding="utf-8"))
    lists = {kind: answer[kind] for kind, answer in meta.get("extra", {}).items()
             if isinstance(answer, dict) and kind in answer}
    return {**meta["initialize"], **lists, "tools": tools["tools"]}


def write_pair(directory, server, older, newer):
    """Writes both versions; returns the files' names."""
    names = []
    for version in (older, newer):
        names.append(f"{server}-{version}.json")
        (directory / names[-1]).write_text(json.dumps(surface(server, version)), encoding="utf-8")
    return names
