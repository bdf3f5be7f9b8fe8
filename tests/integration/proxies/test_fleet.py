"""mcpctl diff --fleet against two versions of a server as upstreams of one nginx."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest

from test_proxies import MCPCTL, NGINX_HEAD, free_ports, wait_for

SCHEMAS = Path(__file__).resolve().parents[3] / "cli/render/schema"

NGINX = NGINX_HEAD + """
  upstream old {{ server 127.0.0.1:{old}; }}
  upstream both {{ server 127.0.0.1:{old}; server 127.0.0.1:{new}; }}
  server {{ listen 127.0.0.1:{one}; location / {{ proxy_pass http://old; }} }}
  server {{ listen 127.0.0.1:{split}; location / {{ proxy_pass http://both; }} }}
}}
"""


def surface(*required):
    schema = {
        "type": "object",
        "properties": {"city": {"type": "string"}, "unit": {"enum": ["C", "F"]}},
        "required": list(required),
    }
    return json.dumps({"tools": [{"name": "weather", "description": "Tells it.", "inputSchema": schema}]})


@pytest.fixture(scope="module")
def ports(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fleet")
    names = ["old", "new", "one", "split"]
    known = dict(zip(names, free_ports(len(names))))
    assert shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin"), "nginx is missing"
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, **known))
    (folder / "old.json").write_text(surface("city"))
    (folder / "new.json").write_text(surface("city", "unit"))
    commands = [
        *([MCPCTL, "testserver", "--era", "modern", "--listen", f"127.0.0.1:{known[name]}",
           "--surface", str(folder / f"{name}.json")] for name in ("old", "new")),
        ["/usr/sbin/nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "start.log")],
    ]
    running = [subprocess.Popen(each, stdout=subprocess.DEVNULL) for each in commands]
    try:
        for port in known.values():
            wait_for(port)
        yield known
    finally:
        for process in reversed(running):
            process.terminate()
        for process in running:
            process.wait(10)


def fleet(port, *options):
    environment = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    return subprocess.run(
        [MCPCTL, "diff", "--fleet", f"http://127.0.0.1:{port}/mcp", *options],
        capture_output=True, text=True, timeout=60, env=environment,
    )


def fleet_schema():
    """The published schema with the one that it refers to inside, so that nothing is resolved."""
    whole, of_diff = (
        (SCHEMAS / name).read_text(encoding="utf-8")
        for name in ("diff-fleet.schema.json", "diff.schema.json")
    )
    whole = json.loads(whole.replace("urn:mcpctl:schema:diff:1#", "#/$defs/diff"))
    of_diff = json.loads(of_diff.replace('"#/', '"#/$defs/diff/'))
    for schema in (whole, of_diff):
        del schema["$id"]
    whole["$defs"]["diff"] = of_diff
    return whole


def read_report(done):
    report = json.loads(done.stdout)
    jsonschema.validate(report, fleet_schema(), jsonschema.Draft202012Validator)
    return report


def rules(changes):
    return sorted(change["rule"] for change in changes)


def test_a_split_is_found_and_the_broken_direction_is_named(ports):
    done = fleet(ports["split"], "--samples", "6", "-o", "json")
    report = read_report(done)
    assert (done.returncode, report["exit_code"], report["passed"]) == (1, 1, False), done.stderr
    assert len(report["groups"]) == 2 and report["samples"] == 6
    assert sum(len(group["members"]) for group in report["groups"]) == 6
    assert "replica-surface-split" in rules(report["changes"])
    broken = [pair for pair in report["pairs"] if pair["counts"]["breaking"]]
    assert len(broken) == 1 and len(report["pairs"]) == 2
    change = next(each for each in broken[0]["changes"] if each["severity"] == "breaking")
    assert change["witness"]["accepted_by"] == "older"
    assert "unit" not in change["witness"]["value"]
    why = next(each["why"] for each in report["changes"] if each["rule"] == "replica-surface-split")
    assert f"learnt the tools from group {broken[0]['from']}" in why
    assert f"calls group {broken[0]['to']}" in why and "nothing breaks" in why


def test_the_text_says_whom_it_breaks(ports):
    done = fleet(ports["split"], "--samples", "6")
    assert done.returncode == 1
    assert done.stdout.startswith("SPLIT: 2 different surfaces in 6 samples")
    assert "A client that learnt the tools from group" in done.stdout
    assert "witness" in done.stdout


def test_equal_replicas_are_no_split(ports):
    done = fleet(ports["one"], "--samples", "4")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("EQUAL: 1 surface in 4 samples")


def test_pods_are_read_one_by_one_under_the_name_of_the_service(ports):
    pods = f"127.0.0.1:{ports['old']},127.0.0.1:{ports['new']}"
    done = fleet(ports["one"], "--pods", pods, "-o", "json")
    report = read_report(done)
    assert done.returncode == 1
    assert sorted(group["members"] for group in report["groups"]) == sorted(
        [[pod] for pod in pods.split(",")])
    broken = next(pair for pair in report["pairs"] if pair["counts"]["breaking"])
    names = {group["name"]: group["members"][0] for group in report["groups"]}
    assert names[broken["from"]].endswith(f":{ports['old']}")


def test_a_pod_that_does_not_answer_is_no_proof_of_health(ports):
    closed = free_ports(1)[0]
    done = fleet(ports["one"], "--pods", f"127.0.0.1:{ports['old']},127.0.0.1:{closed}")
    assert done.returncode == 1
    assert f"no sample  127.0.0.1:{closed}" in done.stdout
