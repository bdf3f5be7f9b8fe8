"""mcpctl snapshot: the file, its schema, and every way in which mcpctl diff is given one."""

import json
import os
import signal
import stat
import subprocess
import time
from pathlib import Path

import jsonschema
import pytest

MCPCTL = os.environ["MCPCTL"]
ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "cli/render/schema/snapshot.schema.json").read_text(encoding="utf-8"))
STDIO = ["--", MCPCTL, "testserver", "--stdio"]


@pytest.fixture
def run(tmp_path):
    def start(*arguments, **options):
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
        return subprocess.run([MCPCTL, *arguments], env=environment, cwd=tmp_path,
                              capture_output=True, text=True, timeout=60, **options)

    return start


@pytest.fixture
def server(tmp_path):
    """Starts a test server that lists a surface: server({"tools": []}) is its URL."""
    running = []

    def start(surface, *arguments):
        count = len(running)
        ready = tmp_path / f"ready-{count}"
        file = tmp_path / f"surface-{count}"
        file.write_text(json.dumps(surface))
        running.append(subprocess.Popen(
            [MCPCTL, "testserver", "--ready-file", ready, "--surface", file, *arguments],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        deadline = time.monotonic() + 20
        while not (ready.exists() and ready.read_text()):
            assert running[-1].poll() is None and time.monotonic() < deadline
            time.sleep(0.01)
        return ready.read_text().strip()

    yield start
    for process in running:
        process.terminate()
    for process in running:
        process.wait(timeout=10)


def valid(text):
    document = json.loads(text)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    return document


def tool(name, **members):
    return {"name": name, "inputSchema": {"type": "object"}} | members


def test_the_schema_is_a_schema_and_refuses_what_is_no_snapshot():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for wrong in ({"tools": []}, {"schema_version": 1, "tool": {}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, SCHEMA)


@pytest.mark.parametrize("era", ["legacy", "modern"])
def test_a_snapshot_fits_its_schema_and_is_canonical(run, era):
    done = run("snapshot", "--era", era, *STDIO)
    assert done.returncode == 0, done.stderr
    document = valid(done.stdout)
    assert document["era"] == era
    assert document["serverInfo"]["name"] == "mcpctl-testserver"
    assert sorted(document["tools"]) == list(document["tools"]) == sorted(
        document["lists"]["tools"]["order"])
    assert ("supportedVersions" in document) == (era == "modern")
    assert document["lists"]["tools"].get("cacheScope") == ("public" if era == "modern" else None)
    assert done.stdout == json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    assert done.stderr.splitlines() == [
        "mcpctl: 7 tools, 2 prompts, 2 resources, 1 resource template, "
        f"digest {document['digest']}"]


def test_two_readings_of_one_server_are_the_same_file(run, server):
    url = server({"tools": [tool("a"), tool("b")]})
    first = run("snapshot", "-q", url)
    assert first.stderr == "" and first.stdout == run("snapshot", "-q", url).stdout


def test_all_pages_are_read_and_counted(run, server):
    url = server({"tools": [tool(f"t{n}") for n in range(7)]}, "--page-size", "3")
    document = valid(run("snapshot", url).stdout)
    assert document["lists"]["tools"]["pages"] == 3
    assert document["lists"]["tools"]["order"] == [f"t{n}" for n in range(7)]


def test_a_tool_that_clients_must_leave_out_is_in_the_snapshot_in_its_place(run, server):
    odd = tool("odd")
    odd["inputSchema"]["properties"] = {"a": {"type": "string", "x-mcp-header": ""}}
    url = server({"tools": [tool("first"), odd, tool("last")]}, "--era", "modern")
    done = run("snapshot", url)
    document = valid(done.stdout)
    assert document["tools"]["odd"] == odd
    assert document["lists"]["tools"]["order"] == ["first", "odd", "last"]
    assert 'tool "odd": a client must leave it out' in done.stderr


def test_items_of_one_name_and_hidden_characters_are_kept_visibly(run, server):
    url = server({"tools": [tool("a", title="1"), tool("a", title="2\u202e\u200b")]})
    done = run("snapshot", url)
    document = valid(done.stdout)
    assert document["tools"]["a"]["title"] == "1"
    assert [each["title"] for each in document["lists"]["tools"]["duplicates"]] == ["2\u202e\u200b"]
    assert r'"2\u202e\u200b"' in done.stdout


def test_the_file_is_written_whole_or_not_at_all(run, tmp_path):
    file = tmp_path / "surface.json"
    file.write_text("before")
    file.chmod(0o640)
    failed = run("snapshot", "-o", "surface.json", "--timeout", "5s", "--", "/no/such/command")
    assert failed.returncode == 3 and file.read_text() == "before"
    done = run("snapshot", "-o", "surface.json", *STDIO)
    assert done.returncode == 0 and done.stdout == ""
    valid(file.read_text())
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".surface")] == []
    assert run("snapshot", "-o", ".", *STDIO).returncode == 2


def test_redacted_values_are_gone_and_named(run, server):
    url = server({"tools": [tool("a", _meta={"build": 1}, description="x")]})
    done = run("snapshot", url, "--redact", "/tools/*/_meta", "--redact", "/**/description",
               "--redact", "/no/where")
    document = valid(done.stdout)
    assert document["tools"]["a"] == tool("a")
    assert document["redacted"] == ["/**/description", "/no/where", "/tools/*/_meta"]
    assert '"/no/where": names nothing here' in done.stderr
    wrong = run("snapshot", url, "--redact", "tools")
    assert wrong.returncode == 2 and "begins with a slash" in wrong.stderr


def test_mistakes_on_the_line_are_told_before_the_server_is_asked(run):
    both = run("snapshot", "--era", "modern", "--protocol", "legacy", *STDIO)
    assert (both.returncode, both.stdout) == (2, "")
    assert run("snapshot", "--era", "both", *STDIO).returncode == 2
    assert run("snapshot").returncode == 2


def sides(done):
    report = json.loads(done.stdout)
    return report["older"]["label"], report["newer"]["label"], done.returncode


def test_diff_reads_files_standard_input_and_servers(run, tmp_path):
    run("snapshot", "-o", "surface.json", *STDIO)
    text = (tmp_path / "surface.json").read_text()
    assert sides(run("diff", "-o", "json", "surface.json", *STDIO)) == (
        "surface.json", f"{MCPCTL} testserver …", 0)
    assert sides(run("diff", "-o", "json", "-", "surface.json", input=text)) == (
        "standard input", "surface.json", 0)
    twice = run("diff", "-", "-", input=text)
    assert twice.returncode == 2 and "only once" in twice.stderr


def test_diff_reads_a_file_of_a_revision(run, tmp_path):
    def git(*arguments):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments],
                       cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q")
    (tmp_path / "s.json").write_text(json.dumps({"tools": [tool("a"), tool("b")]}))
    git("add", "s.json")
    git("commit", "-q", "-m", "one")
    (tmp_path / "s.json").write_text(json.dumps({"tools": [tool("a")]}))
    assert sides(run("diff", "-o", "json", "git:HEAD:s.json", "s.json")) == (
        "git:HEAD:s.json", "s.json", 1)
    missing = run("diff", "git:HEAD:other.json", "s.json")
    assert missing.returncode == 2
    assert "git:HEAD:other.json: git: path 'other.json' does not exist in 'HEAD'" in missing.stderr
    for word in ("git:--output=x:s.json", "git:HEAD", "git::s.json"):
        assert run("diff", word, "s.json").returncode == 2
    assert not (tmp_path / "x").exists()


def test_a_file_wins_over_a_host_and_a_missing_file_is_named(run, tmp_path):
    (tmp_path / "localhost").write_text('{"tools": []}')
    assert sides(run("diff", "-o", "json", "localhost", "localhost")) == (
        "localhost", "localhost", 0)
    missing = run("diff", "nowhere.json", "localhost")
    assert missing.returncode == 2 and "nowhere.json: no such file" in missing.stderr
    (tmp_path / "broken.json").write_text('{"schema_version": 1, "tools": []}')
    broken = run("diff", "broken.json", "localhost")
    assert "broken.json: /tools: is of type array, not object" in broken.stderr


def test_a_watch_tells_the_moment_of_change_and_ends_at_ctrl_c(tmp_path):
    old = tmp_path / "old.json"
    old.write_text(json.dumps({"tools": [tool("a"), tool("b")]}))
    surface = tmp_path / "live.json"
    surface.write_text(old.read_text())
    watch = subprocess.Popen(
        [MCPCTL, "diff", str(old), "--watch", "50ms", "-o", "json", "--era-cache", str(tmp_path / "e"),
         "--", "sh", "-c", f"exec {MCPCTL} testserver --stdio --surface {surface}"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    first = []
    for line in watch.stdout:
        first.append(line)
        if line == "}\n":
            break
    assert json.loads("".join(first))["passed"] is True
    fresh = tmp_path / "fresh.json"
    fresh.write_text(json.dumps({"tools": [tool("a")]}))
    fresh.rename(surface)
    second = []
    for line in watch.stdout:
        second.append(line)
        if line == "}\n":
            break
    watch.send_signal(signal.SIGINT)
    rest, errors = watch.communicate(timeout=30)
    assert "tool-removed" in [each["rule"] for each in json.loads("".join(second))["changes"]]
    assert (rest, watch.returncode) == ("", 1)
    assert "Z: sh … changed" in errors


def test_a_change_before_the_time_to_keep_it_is_over_is_worse(tmp_path):
    surface = tmp_path / "live.json"
    surface.write_text(json.dumps({"tools": [tool("a")]}))
    watch = subprocess.Popen(
        [MCPCTL, "diff", surface, "--watch", "50ms", "-o", "json", "--no-era-cache", "--fail-on",
         "dangerous", "--protocol", "modern", "--", MCPCTL, "testserver", "--stdio", "--surface",
         surface, "--cache-ttl", "1h"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    report = None
    for text in (json.dumps({"tools": [tool("a"), tool("b")]}), None):
        lines = []
        for line in watch.stdout:
            lines.append(line)
            if line == "}\n":
                break
        report = json.loads("".join(lines))
        if text:
            (tmp_path / "fresh").write_text(text)
            (tmp_path / "fresh").rename(surface)
    watch.send_signal(signal.SIGINT)
    assert watch.wait(30) == 1
    watch.stdout.close()
    watch.stderr.close()
    assert "drift-within-ttl" in [each["rule"] for each in report["changes"]]


def test_rounds_end_a_watch(run, tmp_path):
    (tmp_path / "a.json").write_text('{"tools": []}')
    done = run("diff", "a.json", "a.json", "--watch", "1ms", "--rounds", "3", "-o", "json")
    assert done.returncode == 0 and len(done.stdout.split('"schema_version"')) == 2
