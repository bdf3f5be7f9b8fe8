"""packaging/kubernetes: every manifest against the schemas of who reads it, against the mistakes that
are usually made, and its command lines run as Kubernetes would run them."""

import copy
import http.client
import json
import os
import subprocess
import urllib.error
import urllib.request

import pytest

import kubernetes_rules
import processes
from manifests import all_files, documents, of_kind, problems
from servers import SERVERS

# Values of a Helm chart, which nobody publishes a schema for.
WITHOUT_SCHEMA = ("autoscaling/prometheus-adapter.yaml",)


def test_every_manifest_is_what_its_reader_knows(deps):
    found = [each for path in all_files() if path not in WITHOUT_SCHEMA for each in documents(path)]
    assert {each.get("kind", each.get("type")) for each in found} == {
        "ConfigMap", "Deployment", "HorizontalPodAutoscaler", "Job", "Microsoft.App/containerApps",
        "NetworkPolicy", "PodDisruptionBudget", "PodMonitor", "Probe", "ScaledObject", "Service"}
    assert problems(deps, found) == []


def at(document, path):
    """a.b.0.c in the document."""
    for step in path.split("."):
        document = document[int(step) if step.isdigit() else step]
    return document


POD = "spec.template.spec."


@pytest.mark.parametrize(("path", "kind", "where", "update", "says"), [
    ("sidecar/native.yaml", "Deployment", POD + "initContainers.0", {"restartPolicies": "Always"},
     "initContainers[0]: Additional properties are not allowed ('restartPolicies' was unexpected)"),
    ("sidecar/native.yaml", "Deployment", POD + "containers.0.lifecycle", {"prestop": {}},
     "lifecycle: Additional properties are not allowed ('prestop' was unexpected)"),
    ("sidecar/native.yaml", "Deployment", POD + "containers.0.readinessProbe",
     {"httpGet": {"path": "/readyz"}}, "readinessProbe.httpGet: 'port' is a required property"),
    ("sidecar/disruption-budget.yaml", "PodDisruptionBudget", "spec", {"minUnavailable": 1},
     "'minUnavailable' was unexpected"),
    ("sidecar/network-policy.yaml", "NetworkPolicy", "spec.ingress.1", {"to": []},
     "'to' was unexpected"),
    ("autoscaling/hpa.yaml", "HorizontalPodAutoscaler", "spec.metrics.0.pods.target",
     {"averageValue": True}, "averageValue: True is not"),
    ("autoscaling/keda-metrics-api.yaml", "ScaledObject", "spec", {"minReplicas": 1},
     "'\"minReplicas\"' does not exist"),
    ("autoscaling/keda-metrics-api.yaml", "ScaledObject", "spec.triggers.0.metadata",
     {"targetValue": 50}, "'number' is not assignable to type 'string'"),
    ("sidecar/pod-monitor.yaml", "PodMonitor", "spec.podMetricsEndpoints.0", {"ports": 1},
     "ports"),
    ("azure/container-app.yaml", None, "properties.template.containers.0.probes.0", {"exec": {}},
     "probes[0].exec: is not known"),
    ("azure/container-app.yaml", None, "properties.template.containers.0", {"lifecycle": {}},
     "containers[0].lifecycle: is not known"),
    ("azure/container-app.yaml", None, "properties.template.containers.0.probes.0.httpGet",
     {"port": "mcpctl"}, "port: is string, not Number"),
])
def test_a_field_that_is_not_known_or_has_the_wrong_type_is_seen(deps, path, kind, where, update, says):
    broken = copy.deepcopy(of_kind(documents(path), kind))
    at(broken, where).update(update)
    found = problems(deps, [broken])
    assert found and all(says in each for each in found), found


@pytest.mark.parametrize("path", [each for each in all_files() if each not in WITHOUT_SCHEMA
                                  and not each.startswith("azure/")])
def test_no_manifest_has_one_of_the_usual_mistakes(path):
    assert kubernetes_rules.mistakes(documents(path)) == []


def broken_by(path, kind, where, update):
    found = copy.deepcopy(documents(path))
    node = at(of_kind(found, kind), where)
    if isinstance(node, list):
        node[:] = update(node)
    else:
        node.update(update)
    return kubernetes_rules.mistakes(found)


def without(option):
    return lambda words: [word for word in words if not word.startswith(f"--{option}=")]


@pytest.mark.parametrize(("path", "kind", "where", "update", "says"), [
    ("sidecar/native.yaml", "Deployment", POD + "initContainers.0",
     {"startupProbe": {"httpGet": {"path": "/startupz", "port": 9808}}}, "deadlock"),
    ("sidecar/native.yaml", "Deployment", POD + "initContainers.0",
     {"livenessProbe": {"httpGet": {"path": "/livez", "port": 9808}}}, "restarts the sidecar"),
    ("sidecar/native.yaml", "Deployment", POD + "containers.0.readinessProbe.httpGet",
     {"path": "/mcp"}, "a GET of /mcp is no probe"),
    ("sidecar/native.yaml", "Deployment", POD + "containers.0.livenessProbe.httpGet",
     {"path": "/readyz"}, "asks /readyz, not /livez"),
    ("sidecar/native.yaml", "Deployment", POD + "containers.0.readinessProbe.httpGet",
     {"port": 8080}, "port 8080, and the sidecar listens on 9808"),
    ("sidecar/native.yaml", "Deployment", POD + "containers.0.readinessProbe.httpGet",
     {"port": "mcpctl"}, "port mcpctl, and the sidecar listens on 9808"),
    ("sidecar/native.yaml", "Deployment", "spec.template.spec",
     {"terminationGracePeriodSeconds": 60}, "too short for a drain of 55 s"),
    ("sidecar/native.yaml", "Deployment", POD + "containers.0.lifecycle",
     {"preStop": {"sleep": {"seconds": 55}}}, "sleeps"),
    ("sidecar/native.yaml", "Deployment", POD + "containers.0.lifecycle",
     {"preStop": {"exec": {"command": ["sleep", "55"]}}}, "sleeps"),
    ("sidecar/native.yaml", "Deployment", POD + "containers.0",
     {"livenessProbe": {"httpGet": {"path": "/livez", "port": 9808}}}, "waits for a drain"),
    ("sidecar/plain.yaml", "Deployment", POD + "containers.1", {"lifecycle": {}},
     "mcpctl.preStop: does not ask"),
    ("sidecar/plain.yaml", "Deployment", POD + "containers.1.args", without("drain-timeout"),
     "too short for a drain"),
    ("sidecar/plain.yaml", "Deployment", POD + "containers.1.args", without("drain-least"),
     "load balancers learn late"),
    ("sidecar/proxy.yaml", "Service", "spec.ports.0", {"targetPort": 8080}, "goes past the proxy"),
    ("sidecar/proxy.yaml", "Service", "spec.ports.0", {"targetPort": "mcp-proxy"}, "before 1.32"),
    ("sidecar/proxy.yaml", "Service", "spec.ports.0", {"targetPort": 8082}, "nothing listens"),
    ("sidecar/proxy.yaml", "Service", "spec.selector", {"app.kubernetes.io/name": "x"}, "a selector"),
    ("sidecar/proxy.yaml", "Deployment", POD + "initContainers.0.args",
     without("session-idle"), "waited for until the drain's end"),
    ("probe/deployment.yaml", "Deployment", POD + "containers.0.livenessProbe.exec.command",
     lambda words: words[:-1], "restarts for what the server depends on"),
    ("sidecar/disruption-budget.yaml", "PodDisruptionBudget", "spec", {"maxUnavailable": 0},
     "no eviction ever"),
    ("sidecar/network-policy.yaml", "NetworkPolicy", "spec.ingress.1", {"from": []},
     "everybody may drain"),
    ("autoscaling/keda-metrics-api.yaml", "ScaledObject", "spec.triggers.0.metadata",
     {"aggregationType": "average"}, "twice"),
    ("autoscaling/keda-metrics-api.yaml", "ScaledObject", "spec.triggers.0.metadata",
     {"aggregateFromKubeServiceEndpoints": "false"}, "asks one pod"),
])
def test_each_of_the_usual_mistakes_would_be_seen(path, kind, where, update, says):
    found = broken_by(path, kind, where, update)
    assert any(says in each for each in found), found


KUBELET = {"User-Agent": "kube-probe/1.37", "Accept": "*/*", "Connection": "close"}


@pytest.mark.parametrize(("name", "status"), [
    ("server-everything, streamableHttp", 400), ("v2 SDK dual era, legacy without sessions", 405),
    ("v2 SDK dual era, legacy with sessions", 406), ("server-everything, sse", 200)])
def test_what_real_servers_answer_to_an_http_probe_of_their_own_path(deps, tmp_path, name, status):
    """What probe/deployment.yaml says of `httpGet` on /mcp."""
    spec = next(each for each in SERVERS if each.name == name)
    with processes.ServerProcess(spec, deps, tmp_path / "log") as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=1)
        connection.request("GET", spec.path, headers=KUBELET)
        answer = connection.getresponse()
        assert answer.status == status
        if status == 200:
            assert server.residue()["opened"] == 0 and server.residue()["streams"] == 1
            with pytest.raises(TimeoutError):  # as the kubelet reads it, which is a failure
                answer.read()
        connection.close()


def shell_words(container):
    return [*container["command"], *container.get("args", [])]


def test_the_copied_program_needs_nothing_of_the_servers_image(binary, tmp_path, testserver):
    pod = of_kind(documents("probe/deployment.yaml"), "Deployment")["spec"]["template"]["spec"]
    place, name = tmp_path / "mcpctl", tmp_path / "bin"
    place.mkdir()
    name.mkdir()
    (name / "mcpctl").symlink_to(binary)

    def here(words):
        return [word.replace("/mcpctl/", f"{place}/").replace("http://127.0.0.1:8080/mcp", testserver)
                for word in words]

    subprocess.run(here(shell_words(pod["initContainers"][0])), check=True, timeout=60,
                   env={"PATH": f"{name}:{os.environ['PATH']}"})
    listed = subprocess.run([place / "loader", "--library-path", place / "lib", "--inhibit-cache",
                             "--list", place / "mcpctl"], capture_output=True, text=True, check=True)
    libraries = [line.split("=>")[1].split()[0] for line in listed.stdout.splitlines() if "=>" in line]
    strangers = [each for each in libraries if not each.startswith(str(place))]
    # The loader itself goes by the name that is written into the program.
    assert libraries and all("ld-linux" in each for each in strangers), listed.stdout
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        command = here(pod["containers"][0][probe]["exec"]["command"])
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, env={})
        assert done.returncode == 0, done.stdout + done.stderr
        dead = [word.replace(testserver, "http://127.0.0.1:9/mcp") for word in command]
        assert subprocess.run(dead, capture_output=True, timeout=60, env={}).returncode == 1


def test_the_queries_are_promql_and_name_what_the_sidecar_exports(tmp_path):
    scaled = of_kind(documents("autoscaling/keda-prometheus.yaml"), "ScaledObject")
    rule = documents("autoscaling/prometheus-adapter.yaml")[0]["rules"][0]
    pods = of_kind(documents("autoscaling/hpa.yaml"), "HorizontalPodAutoscaler")["spec"]["metrics"][0]
    metric = pods["pods"]["metric"]["name"]
    assert rule["seriesQuery"].startswith(metric + "{")
    adapted = rule["metricsQuery"].replace("<<.Series>>", metric).replace(
        "<<.LabelMatchers>>", 'namespace="a",pod=~"b|c"').replace("<<.GroupBy>>", "pod")
    queries = [scaled["spec"]["triggers"][0]["metadata"]["query"], rule["seriesQuery"], adapted]
    assert all(metric in query for query in queries)
    rules = [{"record": f"query:{index}", "expr": query} for index, query in enumerate(queries)]
    (tmp_path / "rules.yaml").write_text(json.dumps({"groups": [{"name": "a", "rules": rules}]}))
    done = subprocess.run(["promtool", "check", "rules", tmp_path / "rules.yaml"], text=True,
                          capture_output=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_container_app_agrees_with_itself():
    app = documents("azure/container-app.yaml")[0]["properties"]
    template, ingress = app["template"], app["configuration"]["ingress"]
    server, sidecar = template["containers"]
    assert kubernetes_rules.is_sidecar(sidecar)
    assert ingress["targetPort"] == kubernetes_rules.port_of(kubernetes_rules.option(sidecar, "proxy"))
    listen = kubernetes_rules.port_of(kubernetes_rules.option(sidecar, "listen"))
    assert [(each["type"], each["httpGet"]["path"], each["httpGet"]["port"]) for each in server["probes"]] == [
        ("Startup", "/startupz", listen), ("Readiness", "/readyz", listen), ("Liveness", "/livez", listen)]
    # What the API's reference allows.
    assert all(1 <= each["failureThreshold"] <= 10 for each in server["probes"])
    drain = kubernetes_rules.seconds(kubernetes_rules.option(sidecar, "drain-timeout"))
    assert kubernetes_rules.seconds(kubernetes_rules.option(sidecar, "session-idle")) < drain
    assert template["terminationGracePeriodSeconds"] > drain
    cpu = sum(each["resources"]["cpu"] for each in template["containers"])
    memory = sum(float(each["resources"]["memory"].removesuffix("Gi")) for each in template["containers"])
    assert cpu % 0.25 == 0 and memory == 2 * cpu
    assert template["scale"]["minReplicas"] >= 1


class Pod:
    """The sidecar of one manifest, at free ports of this machine, beside a server."""

    def __init__(self, path, target):
        found = documents(path)
        if path.startswith("azure/"):
            containers = found[0]["properties"]["template"]["containers"]
            self.container, self.server = containers[1], containers[0]
        else:
            pod = kubernetes_rules.Pod(of_kind(found, "Deployment")["spec"]["template"]["spec"])
            self.container, self.server = pod.sidecar, pod.containers[0]
        self.ports = {}
        self.words = [self._here(word, target) for word in shell_words(self.container)]

    def _here(self, word, target):
        name, equals, value = word.partition("=")
        if name in ("--listen", "--proxy"):
            port = kubernetes_rules.port_of(value)
            self.ports[port] = processes.free_port()
            return f"{name}=127.0.0.1:{self.ports[port]}"
        return target if word.startswith("http://") else word

    def get(self, action, **more):
        """As the kubelet asks."""
        url = f"http://127.0.0.1:{self.ports[action['port']]}{action['path']}"
        try:
            with urllib.request.urlopen(urllib.request.Request(url, headers=KUBELET), **more) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def probes(self):
        if isinstance(self.server.get("probes"), list):
            return [each["httpGet"] for each in self.server["probes"]]
        return [self.server[kind]["httpGet"] for kind in kubernetes_rules.PROBES]


@pytest.mark.parametrize("path", ["sidecar/native.yaml", "sidecar/plain.yaml", "sidecar/proxy.yaml",
                                  "azure/container-app.yaml"])
def test_the_sidecars_command_line_answers_the_probes_and_drains(binary, tmp_path, testserver, path):
    pod = Pod(path, testserver)
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "mcpctl").symlink_to(binary)
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(pod.words, stdout=log, stderr=log, env={"PATH": str(folder)})
    try:
        for action in pod.probes():
            processes.wait_until(
                lambda: processes.accepts(pod.ports[action["port"]]) and pod.get(action)[0] == 200, 30,
                f"{action['path']} 200: {(tmp_path / 'log').read_text()}")
        # What the scalers read.
        assert pod.get({"path": "/sessions", "port": 9808})[0] == 200
        assert type(json.loads(pod.get({"path": "/sessions", "port": 9808})[1])["active"]) is int
        metrics = pod.get({"path": "/metrics", "port": 9808})[1]
        assert "\nmcpctl_sidecar_active_sessions{" in metrics
        assert '\nmcpctl_sidecar_state{state="draining"} 0\n' in metrics
        hook = pod.server.get("lifecycle", {}).get("preStop", {}).get("httpGet")
        if hook:
            # Nobody uses the server, so the hook returns long before its time, and not at once.
            status, body = pod.get(hook, timeout=30)
            assert (status, json.loads(body)["drained"]) == (200, True), body
    finally:
        process.terminate()
        assert process.wait(timeout=30) == 0, (tmp_path / "log").read_text()


def test_the_exporter_takes_its_configuration_and_answers_its_probes(binary, tmp_path, testserver):
    found = documents("exporter/exporter.yaml")
    container = of_kind(found, "Deployment")["spec"]["template"]["spec"]["containers"][0]
    probe = of_kind(found, "Probe")["spec"]
    config = of_kind(found, "ConfigMap")["data"]["modules.yml"]
    own = config.replace("https://mcp.example.com/mcp", testserver)
    assert own != config
    (tmp_path / "modules.yml").write_text(own)
    port = processes.free_port()
    words = [word.replace("/etc/mcpctl", str(tmp_path)).replace(":9115", f"127.0.0.1:{port}")
             for word in shell_words(container)]
    process = subprocess.Popen([binary, *words[1:]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def get(path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    try:
        processes.wait_until(lambda: processes.accepts(port), 30, "the exporter listens")
        for kind in ("readinessProbe", "livenessProbe"):
            assert get(container[kind]["httpGet"]["path"])[0] == 200
        path, module = probe["prober"]["path"], probe["module"]
        target = probe["targets"]["staticConfig"]["static"][0]
        assert "\nprobe_success 1\n" in get(f"{path}?module={module}&target={target}")[1]
        assert get(f"{path}?module={module}&target=http://169.254.169.254/mcp")[0] == 403
        # The other one is allowed, though there is no such name here.
        assert get(f"{path}?module={module}&target={probe['targets']['staticConfig']['static'][1]}")[0] == 200
    finally:
        process.terminate()
        process.wait(timeout=30)
