"""packaging/kubernetes/load: the manifests against the schemas of Kubernetes, their command lines and
merge.sh against the test server."""

import copy
import datetime
import json
import os
import re
import subprocess

import pytest

from manifests import ROOT, documents, of_kind, problems

LOAD = ROOT / "load"
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
    return documents("load/job.yaml") + documents("load/scenario.yaml")


def manifest(kind):
    return of_kind(manifests(), kind)


def test_the_manifests_are_what_kubernetes_knows(deps):
    assert [document["kind"] for document in manifests()] == ["Job", "ConfigMap"]
    assert problems(deps, manifests()) == []


@pytest.mark.parametrize(("change", "says"), [
    (lambda spec: spec.update(completionsMode="Indexed"),
     "Job.spec: Additional properties are not allowed ('completionsMode' was unexpected)"),
    (lambda spec: spec.update(completions="4"), "Job.spec.completions: '4' is not of type"),
    (lambda spec: spec.pop("template"), "Job.spec: 'template' is a required property"),
    (lambda spec: spec["template"]["spec"]["containers"][0].pop("name"),
     "Job.spec.template.spec.containers[0]: 'name' is a required property"),
    (lambda spec: spec["template"]["spec"]["containers"][0]["env"][0]["valueFrom"].update(key="x"),
     "Job.spec.template.spec.containers[0].env[0].valueFrom: Additional properties are not allowed")])
def test_a_mistake_in_a_manifest_would_be_seen(deps, change, says):
    broken = copy.deepcopy(manifest("Job"))
    change(broken["spec"])
    found = problems(deps, [broken])
    assert len(found) == 2 and all(each.startswith(says) for each in found), found


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


def command_line(index, values, mount):
    """What the kubelet would start: variables put in, the mounted folder ours."""
    container = manifest("Job")["spec"]["template"]["spec"]["containers"][0]
    values = values | {"JOB_COMPLETION_INDEX": str(index)}
    place = container["volumeMounts"][0]["mountPath"]
    return [re.sub(r"\$\((\w+)\)", lambda match: values[match[1]], word).replace(place, mount)
            for word in [*container["command"], *container["args"]]]


def test_the_pods_command_lines_and_the_merge_step_measure_one_run(binary, testserver, tmp_path):
    scenario = manifest("ConfigMap")["data"]["scenario.yaml"]
    for long, short in {"agents: 200": "agents: 8", "1m ± 20 %": "500ms", "duration: 5m": "duration: 4s",
                        "over: 20s": "over: 200ms", "over: 8s": "over: 1s"}.items():
        assert long in scenario
        scenario = scenario.replace(long, short)
    (tmp_path / "scenario.yaml").write_text(scenario)
    now = datetime.datetime.now(datetime.timezone.utc)
    values = {"TARGET": testserver,
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
