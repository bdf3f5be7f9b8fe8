"""Every fault has its exit code and its message, in time and in little memory.

$MCPCTL is the program. UPDATE_GOLDEN=1 writes golden.txt anew: read the difference.
"""

import json
import os
import re
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from certificates import Authority  # noqa: E402
from rows import ROWS  # noqa: E402

MCPCTL = os.environ["MCPCTL"]
GOLDEN = Path(__file__).parent / "golden.txt"
UPDATE = os.environ.get("UPDATE_GOLDEN") == "1"
# Sanitizers cost time and memory: then only exit codes and messages count.
SLOW = os.environ.get("MCPCTL_SLOW_BUILD") == "1"
DEADLINE_SECONDS = 1.0
SLOW_FLOOD_SECONDS = 30.0
TOLERANCE_SECONDS = 0.05
MAX_PEAK_KIB = 64 * 1024
# Another program may have the processor just then: the shortest of a few runs counts.
ATTEMPTS = 3
# What is said of a child that takes longer to end than is left of the time. A sanitizer's check for
# leaks at the end of a server takes that long.
SLOW_END = "warning: the server process did not end "


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("faults")
    (folder / "token").write_text("secret\n")
    authority = Authority(folder)
    certificates = {"good": authority.issue("good", "localhost"),
                    "wrong-host": authority.issue("wrong", "other.example"),
                    "self-signed": authority.self_signed("self", "localhost"),
                    "expired": authority.issue("expired", "localhost", days=-1)}
    return {"folder": folder, "ca": str(authority.certificate), "certificates": certificates}


@contextmanager
def silent_port():
    """Connections are accepted by the kernel, and nobody ever answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running_server(row, world):
    options = [str(world["folder"] / "token") if word == "TOKEN" else word for word in row.server]
    if row.tls:
        options += world["certificates"][row.tls]
    server = subprocess.Popen([MCPCTL, "testserver", *options], stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().split()[-1]
        # A name, as certificates are for names.
        yield url.replace("127.0.0.1", "localhost") if row.tls else url
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


@contextmanager
def target_of(row, world):
    """The words on the command line that name the target."""
    if row.stdio:
        command = ["/no/such/command"]
        if row.server != "no such command":
            command = [MCPCTL, "testserver", "--stdio", *row.server]
        yield ["--", *command]
    elif row.server == "closed port":
        yield [f"http://127.0.0.1:{closed_port()}/mcp"]
    elif row.server == "unknown name":
        yield ["http://no-such-name.invalid/mcp"]
    elif row.server in ("silent port", "silent tls port"):
        with silent_port() as port:
            yield [f"{'https' if 'tls' in row.server else 'http'}://127.0.0.1:{port}/mcp"]
    else:
        with running_server(row, world) as url:
            yield [url.removesuffix("/mcp") + row.path]


def measured(command, world):
    """What a command did and what it cost."""
    report = world["folder"] / "report.json"
    measure = [sys.executable, "-S", "-E", str(Path(__file__).parent / "measure.py"), str(report)]
    environment = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    run = subprocess.run(measure + command, capture_output=True, text=True, env=environment,
                         timeout=60, check=True)
    return json.loads(report.read_text()) | {"out": run.stdout, "err": run.stderr}


def run_probe(row, world, target):
    options = [world["ca"] if word == "CA" else word for word in row.probe]
    # A sanitizer build must get as far as the bound too.
    seconds = SLOW_FLOOD_SECONDS if SLOW and row.flood else DEADLINE_SECONDS
    command = [MCPCTL, "probe", "--timeout", f"{seconds}s", "--no-era-cache", *options,
               *target]
    return measured(command, world)


def seconds_to_start(world):
    """What the program takes when it does nothing: the deadline counts from its first line on."""
    return min(measured([MCPCTL, "--version"], world)["seconds"] for _ in range(ATTEMPTS))


def steady(text, world):
    """The text without what differs from run to run."""
    text = text.replace(MCPCTL, "mcpctl").replace(str(world["folder"]), "FOLDER")
    text = re.sub(r"(127\.0\.0\.1|localhost):\d+", r"\1:PORT", text)
    # How far a text of 100 MB was read when the limit struck depends on the pieces it came in.
    text = re.sub(r"\(\d{6,} bytes\)", "(N bytes)", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "DATE", text)
    text = re.sub(r" +\d+(\.\d+)? (ms|s|µs)\b", " TIME", text)
    return re.sub(r"\b\d+(\.\d+)? (ms|s|µs)\b", "TIME", text)


def transcript(row, result, world):
    lines = [f"## {row.name}", f"exit {result['exit']}"]
    verdict = []  # the times of the phases depend on the machine, and are tested elsewhere
    for line in steady(result["out"], world).splitlines():
        if not line:
            break
        if not (SLOW and SLOW_END in line):
            verdict.append(line)
    lines += verdict + [f"stderr: {line}" for line in steady(result["err"], world).splitlines()]
    return "\n".join(lines) + "\n"


def golden_transcripts():
    text = GOLDEN.read_text() if GOLDEN.exists() else ""
    parts = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    return {part.splitlines()[0][3:]: part.rstrip("\n") + "\n" for part in parts if part.strip()}


@pytest.fixture(scope="module")
def golden():
    known = golden_transcripts()
    found = {}
    yield known, found
    if UPDATE:
        known |= found
        texts = [known[row.name] for row in ROWS if row.name in known]
        GOLDEN.write_text("\n".join(texts))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_fault(row, world, golden):
    known, found = golden
    seconds = []
    for _ in range(ATTEMPTS):
        with target_of(row, world) as target:
            result = run_probe(row, world, target)
        seconds.append(result["seconds"])
        in_time = result["seconds"] <= DEADLINE_SECONDS + TOLERANCE_SECONDS
        if SLOW or (in_time and SLOW_END not in result["out"]):
            break
    text = transcript(row, result, world)
    found[row.name] = text
    if not UPDATE:
        assert text == known.get(row.name), f"golden.txt has another text; output:\n{result['out']}"
    if SLOW:
        return
    late = min(seconds) - DEADLINE_SECONDS - TOLERANCE_SECONDS
    assert late <= 0 or late <= seconds_to_start(world)
    assert result["peak_kib"] <= MAX_PEAK_KIB


@pytest.mark.skipif(UPDATE, reason="golden.txt is written when all rows are through")
def test_every_golden_text_has_its_row():
    assert list(golden_transcripts()) == [row.name for row in ROWS]
