"""What the README says about the exporter is true: its files load where they are meant to."""

import json
import re
import subprocess

import jsonschema
import yaml

from running_exporters import MCPCTL, ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(name):
    """The lines of an indented block from '# NAME' to its end."""
    found = re.search(rf"^    # {re.escape(name)}\n(?P<text>(?:    .*\n)+)", README, re.MULTILINE)
    assert found, f"the README has no {name}"
    return "".join(line[4:] + "\n" for line in found["text"].splitlines())


def run(*command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_modules_of_the_readme_load_and_fit_the_schema(tmp_path):
    (tmp_path / "modules.yml").write_text(block("modules.yml"))
    assert ": ok, 3 modules" in run(MCPCTL, "exporter", "--config", tmp_path / "modules.yml", "--check")
    schema = json.loads((ROOT / "cli/render/schema/exporter.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(yaml.safe_load(block("modules.yml")))


def test_promtool_accepts_the_configuration_and_the_rules_of_the_readme(tmp_path):
    for name in ("prometheus.yml", "mcp.rules.yml"):
        (tmp_path / name).write_text(block(name))
    assert "2 rules found" in run("promtool", "check", "rules", tmp_path / "mcp.rules.yml")
    assert "SUCCESS" in run("promtool", "check", "config", tmp_path / "prometheus.yml")


def test_each_option_of_the_exporter_in_the_readme_is_one():
    known = run(MCPCTL, "exporter", "--help")
    lines = [line for line in README.splitlines() if "mcpctl exporter " in line]
    options = set(re.findall(r"(?<=\s)--[a-z][a-z-]*", " ".join(lines)))
    assert {"--check", "--listen"} <= options
    assert [option for option in sorted(options) if option not in known] == []
    assert "--allow-any-target" in known
