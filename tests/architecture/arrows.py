#!/usr/bin/env python3
"""Reads every #include of the project and fails on an arrow that is not in the list.

Also keeps third-party headers inside the folders that own them, so that a slow or heavy header
does not spread. Prints one line a violation; exits 1 if there is any.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# folder -> the folders that it may include from (itself is always allowed)
BASE = {"lib/mcp/base"}
WIRE = BASE | {"lib/mcp/wire"}
SESSION = WIRE | {"lib/mcp/session"}
TRANSPORT = SESSION | {"lib/mcp/io", "lib/mcp/auth"}
CLIENT = TRANSPORT | {"lib/mcp/transport"}
LIB = CLIENT | {"lib/mcp/client", "lib/mcp/schema"}
ALLOWED = {
    "lib/mcp/base": BASE,
    "lib/mcp/wire": WIRE,
    "lib/mcp/session": SESSION,
    "lib/mcp/io": BASE,
    "lib/mcp/auth": BASE | {"lib/mcp/io"},
    "lib/mcp/transport": TRANSPORT,
    "lib/mcp/client": CLIENT,
    "lib/mcp/schema": BASE,
    "tests/server": SESSION | {"lib/mcp/io", "tests/server"},
    "tests/fakes": CLIENT | {"tests/fakes"},
}

# header prefix -> the files that may include it
OWNED = {
    "curl/curl.h": ["lib/mcp/io/curl", "lib/mcp/base/url.cpp", "tests/unit/io/curl"],
    "boost/": ["lib/mcp/io/asio", "lib/mcp/io/http_server", "lib/mcp/io/lean_answer_parser.cpp",
               "tests/"],
    "yaml-cpp/": ["cli/", "scenarios/"],
    "openssl/": ["lib/mcp/base/digest.cpp", "lib/mcp/io/", "lib/mcp/auth/", "cli/", "tests/"],
    "CLI/": ["cli/"],
    "zlib.h": ["scenarios/zlib_stream"],
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def folder_of(path: str) -> str:
    parts = Path(path).parts
    if parts[0] == "lib":
        return "/".join(parts[:3])
    if parts[0] == "probes" or parts[0] == "tests":
        return "/".join(parts[:2])
    return parts[0]


def may_include(source: str, target: str) -> bool:
    origin, goal = folder_of(source), folder_of(target)
    if origin == goal:
        return True
    if origin in ALLOWED:
        return goal in ALLOWED[origin]
    if origin.startswith("probes/"):
        return goal in LIB
    if origin == "scenarios":
        return goal in LIB
    if origin == "cli":
        return goal in LIB or goal.startswith("probes/") or goal in {"scenarios", "tests/server"}
    return origin.startswith("tests/")  # tests see what they test


def violations(source: Path):
    name = source.relative_to(ROOT).as_posix()
    for mark, target in INCLUDE.findall(source.read_text(encoding="utf-8")):
        if mark == '"':
            # The library is included as its users include it: "mcp/base/error.hpp".
            path = f"lib/{target}" if target.startswith("mcp/") else target
            if not (ROOT / path).exists():
                yield f"{name}: \"{target}\" is no path from the root of the project or from lib"
            elif not may_include(name, path):
                yield f"{name}: {folder_of(name)} must not include from {folder_of(path)} (\"{target}\")"
        for prefix, owners in OWNED.items():
            if mark == "<" and target.startswith(prefix) and not name.startswith(tuple(owners)):
                yield f"{name}: <{target}> belongs in {', '.join(owners)} only"
        if mark == "<" and target == "nlohmann/json.hpp" and name.endswith(".hpp") and name.startswith("lib/"):
            yield f"{name}: a public header includes <nlohmann/json_fwd.hpp> instead"


def main() -> int:
    sources = [
        path
        for top in ("cli", "lib", "probes", "scenarios", "tests")
        for path in sorted((ROOT / top).rglob("*.[hc]pp"))
    ]
    if not sources:
        print("no sources found")
        return 1
    found = [line for source in sources for line in violations(source)]
    for line in found:
        print(line)
    print(f"{len(sources)} files, {len(found)} arrows that are not in the list")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
