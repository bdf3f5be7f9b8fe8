"""packaging/kubernetes/load: the manifests against the types of Kubernetes, their command lines and
merge.sh against the test server."""

import copy
import datetime
import json
import os
import re
import subprocess
import time
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
LOAD = ROOT / "packaging/kubernetes/load"
TYPES = Path(__file__).with_name("kubernetes_types.mjs")
# A cluster, as far as merge.sh asks: the job failed (a shard missed a threshold), and its pods'
# logs are files.
KUBECTL = """#!/bin/sh
case "$*" in
  "get job mcpctl-load -o jsonpath={.status.conditions[*].type}") echo "FailureTarget Failed" ;;
  "get job mcpctl-load -o jsonpath={.spec.completions}") echo 4 ;;
  "logs -l batch.kubernetes.io/job-name=mcpctl-load --tail=-1 --max-log-requests=4") cat pod-*.log ;;
  *) echo "kubectl $*: not what this cluster knows" >&2; exit 1 ;;
esac
"""


def manifests():
    return [document for path in sorted(LOAD.glob("*.yaml"))
            for document in yaml.safe_load_all(path.read_text(encoding="utf-8"))]


def manifest(kind):
    return next(document for document in manifests() if document["kind"] == kind)


def problems(deps, documents):
    done = subprocess.run([deps / "bin/node", TYPES], input=json.dumps(documents), text=True,
                          capture_output=True, timeout=60,
                          env=os.environ | {"MCPCTL_REAL_DIR": str(deps)})
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_manifests_are_what_kubernetes_knows(deps):
    assert [document["kind"] for document in manifests()] == ["Job", "ConfigMap"]
    assert problems(deps, manifests()) == []


@pytest.mark.parametrize(("change", "says"), [
    (lambda spec: spec.update(completionsMode="Indexed"), "Job.spec.completionsMode: is not known"),
    (lambda spec: spec.update(completions="4"), "Job.spec.completions: is string, not number"),
    (lambda spec: spec.pop("template"), "Job.spec: has no template"),
    (lambda spec: spec["template"]["spec"]["containers"][0].pop("name"),
     "Job.spec.template.spec.containers[0]: has no name"),
    (lambda spec: spec["template"]["spec"]["containers"][0]["env"][0]["valueFrom"].update(key="x"),
     "Job.spec.template.spec.containers[0].env[0].valueFrom.key: is not known")])
def test_a_mistake_in_a_manifest_would_be_seen(deps, change, says):
    broken = copy.deepcopy(manifest("Job"))
    change(broken["spec"])
    found = problems(deps, [broken])
    assert any(problem.startswith(says) for problem in found), found


def test_every_name_that_the_job_uses_is_there_and_the_shards_are_counted_alike():
    job = manifest("Job")["spec"]
    pod = job["template"]["spec"]
    container = pod["containers"][0]
    assert job["completionMode"] == "Indexed"
    assert pod["restartPolicy"] == "Never"
    assert job["completions"] == job["parallelism"]
    assert f"--shard=$(JOB_COMPLETION_INDEX)+1/{job['completions']}" in container["args"]
    known = {"JOB_COMPLETION_INDEX"} | {each["name"] for each in container["env"]}
    assert set(re.findall(r"\$\((\w+)\)", " ".join(container["args"]))) <= known
    scenario = manifest("ConfigMap")
    assert pod["volumes"][0]["configMap"]["name"] == scenario["metadata"]["name"]
    labels = job["template"]["metadata"]["labels"]
    assert pod["topologySpreadConstraints"][0]["labelSelector"]["matchLabels"] == labels
    # What the README makes is what the job reads.
    readme = (LOAD.parent / "README.md").read_text(encoding="utf-8")
    for each in container["env"]:
        source = each["valueFrom"]["configMapKeyRef"]
        assert f"configmap {source['name']}" in readme
        assert f"--from-literal={source['key']}=" in readme


def test_the_scenario_of_the_config_map_is_one(binary, tmp_path):
    (tmp_path / "a.yaml").write_text(manifest("ConfigMap")["data"]["scenario.yaml"])
    done = subprocess.run([binary, "load", "check", "a.yaml"], cwd=tmp_path, capture_output=True,
                          text=True, timeout=60)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def url(binary, tmp_path):
    ready = tmp_path / "ready"
    process = subprocess.Popen([binary, "testserver", "--ready-file", ready],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    while not (ready.exists() and ready.read_text()):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    yield ready.read_text().strip()
    process.terminate()
    process.wait(timeout=10)


def command_line(index, values, mount):
    """What the kubelet would start: variables put in, the mounted folder ours."""
    container = manifest("Job")["spec"]["template"]["spec"]["containers"][0]
    values = values | {"JOB_COMPLETION_INDEX": str(index)}
    place = container["volumeMounts"][0]["mountPath"]
    return [re.sub(r"\$\((\w+)\)", lambda match: values[match[1]], word).replace(place, mount)
            for word in [*container["command"], *container["args"]]]


def test_the_pods_command_lines_and_the_merge_step_measure_one_run(binary, url, tmp_path):
    scenario = manifest("ConfigMap")["data"]["scenario.yaml"]
    for long, short in {"agents: 200": "agents: 8", "1m ± 20 %": "500ms", "duration: 5m": "duration: 4s",
                        "over: 20s": "over: 200ms", "over: 8s": "over: 1s"}.items():
        assert long in scenario
        scenario = scenario.replace(long, short)
    (tmp_path / "scenario.yaml").write_text(scenario)
    now = datetime.datetime.now(datetime.timezone.utc)
    values = {"TARGET": url,
              "START_AT": (now + datetime.timedelta(seconds=4)).strftime("%Y-%m-%dT%H:%M:%SZ")}
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    (bin_folder / "mcpctl").symlink_to(binary)
    (bin_folder / "kubectl").write_text(KUBECTL)
    (bin_folder / "kubectl").chmod(0o755)
    environment = {"PATH": f"{bin_folder}:{os.environ['PATH']}"}

    pods = []
    for index in range(manifest("Job")["spec"]["completions"]):
        with open(tmp_path / f"pod-{index}.log", "w", encoding="utf-8") as log:  # both, as in a pod
            words = command_line(index, values, str(tmp_path))
            pods.append(subprocess.Popen(words, stdout=log, stderr=subprocess.STDOUT, cwd=tmp_path,
                                         env=environment))
    for pod in pods:
        assert pod.wait(timeout=60) in (0, 1)  # a busy machine may miss the rate

    merge = [LOAD / "merge.sh", "whole.json"]
    done = subprocess.run(merge, cwd=tmp_path, env=environment, capture_output=True, text=True,
                          timeout=60)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    assert re.match(r"(PASSED|MISSED|SATURATED) burst-idle ", done.stdout), done.stdout
    whole = json.loads((tmp_path / "whole.json").read_text())
    assert (whole["shards"], whole["shards_of"]) == ([1, 2, 3, 4], 4)
    assert whole["summary"]["sessions"]["opened"] == 8
    assert whole["summary"]["all"]["failed"] == 0

    # A pod that came too late is missed, with its words.
    (tmp_path / "pod-3.log").write_text("mcpctl: --start-at: 2026-11-21T07:00:00.000Z is over\n")
    done = subprocess.run(merge, cwd=tmp_path, env=environment, capture_output=True, text=True,
                          timeout=60)
    assert done.returncode == 4
    assert "3 of 4 shards have results" in done.stderr and "is over" in done.stderr
