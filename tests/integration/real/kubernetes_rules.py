"""What a schema cannot say about the manifests: the mistakes that are usually made with a sidecar.
Works on one folder's documents as one deployment; returns a sentence for each mistake."""

import re
from urllib.parse import parse_qs, urlsplit

PROBES = {"startupProbe": "/startupz", "readinessProbe": "/readyz", "livenessProbe": "/livez"}
UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}


def seconds(text):
    parts = re.findall(r"(\d+)(ms|s|m|h)", text)
    assert "".join(number + unit for number, unit in parts) == text, text
    return sum(int(number) * UNITS[unit] for number, unit in parts)


def option(container, name):
    """The value of --name=VALUE in the container's arguments."""
    values = [word.partition("=")[2] for word in container.get("args", [])
              if word.startswith(f"--{name}=")]
    return values[0] if values else None


def port_of(address):
    return int(address.rpartition(":")[2])


def is_sidecar(container):
    return container.get("args", [None])[0] == "sidecar"


def is_native(container, pod):
    return container in pod.get("initContainers", []) and container.get("restartPolicy") == "Always"


class Pod:
    def __init__(self, spec):
        self.spec = spec
        self.containers = spec["containers"]
        self.lasting = [*self.containers, *(each for each in spec.get("initContainers", [])
                                            if is_native(each, spec))]
        self.sidecar = next(filter(is_sidecar, self.lasting), None)
        self.listen = port_of(option(self.sidecar, "listen")) if self.sidecar else None

    def declared(self):
        return {port["containerPort"]: container for container in self.lasting
                for port in container.get("ports", [])}

    def waits(self):
        """Seconds of each preStop drain."""
        for container in self.lasting:
            get = container.get("lifecycle", {}).get("preStop", {}).get("httpGet")
            if get and urlsplit(get["path"]).path == "/drain":
                yield seconds(parse_qs(urlsplit(get["path"]).query)["wait"][0])


def probe_mistakes(pod):
    for container in pod.lasting:
        names = {port.get("name") for port in container.get("ports", [])}
        for kind, path in PROBES.items():
            get = container.get(kind, {}).get("httpGet")
            if not get:
                continue
            where = f"{container['name']}.{kind}"
            if re.search(r"/(mcp|sse|message)\b", get["path"]):
                yield f"{where}: a GET of {get['path']} is no probe: 4xx, or a stream without end"
            elif pod.sidecar and get["path"] != path:
                yield f"{where}: asks {get['path']}, not {path}"
            if pod.sidecar and get["port"] != pod.listen:
                yield f"{where}: port {get['port']}, and the sidecar listens on {pod.listen}"
            elif isinstance(get["port"], str) and get["port"] not in names:
                yield f"{where}: {get['port']} is no port of this container"
        if container is pod.sidecar and is_native(container, pod.spec) and "startupProbe" in container:
            yield f"{container['name']}.startupProbe: the server starts only after it has passed: deadlock"
        if container is pod.sidecar and "livenessProbe" in container:
            yield f"{container['name']}.livenessProbe: restarts the sidecar for what the server has"
        live = container.get("livenessProbe", {}).get("exec", {}).get("command", [])
        if live and ("--allow-protected" not in live or "--depth=handshake" not in live):
            yield f"{container['name']}.livenessProbe: restarts for what the server depends on, or for 401"


def drain_mistakes(pod):
    grace = pod.spec.get("terminationGracePeriodSeconds", 30)
    last = seconds(option(pod.sidecar, "drain-timeout") or "25s")
    waits = list(pod.waits())
    least = seconds(option(pod.sidecar, "drain-least") or "0s")
    if not 0 < least < min([*waits, *([] if waits else [last])]):
        yield f"--drain-least: {least} s, and load balancers learn late, but before the drain's end"
    for wait in waits:
        if grace < wait + last + 10:
            yield f"terminationGracePeriodSeconds: {grace} is too short for a drain of {wait} s"
        idle = option(pod.sidecar, "session-idle")
        if option(pod.sidecar, "proxy") and seconds(idle or "5m") >= wait:
            yield "--session-idle: a session that is over is waited for until the drain's end"
    for container in pod.containers:
        hook = container.get("lifecycle", {}).get("preStop", {})
        if "sleep" in hook or "sleep" in hook.get("exec", {}).get("command", []):
            yield f"{container['name']}.preStop: sleeps, whether sessions are active or not"
        elif hook.get("httpGet", {}).get("port") != pod.listen:
            yield f"{container['name']}.preStop: does not ask the sidecar to drain"
        if "livenessProbe" in container and "terminationGracePeriodSeconds" not in container["livenessProbe"]:
            yield f"{container['name']}.livenessProbe: the restart of a server that hangs waits for a drain"


def port_mistakes(pod, documents):
    server = next(each for each in pod.containers if not is_sidecar(each))
    known = pod.declared()
    if pod.sidecar:
        if urlsplit(pod.sidecar["args"][1]).port not in [p["containerPort"] for p in server["ports"]]:
            yield "the sidecar's target is no port of the server"
        proxy = option(pod.sidecar, "proxy")
        for address in filter(None, (option(pod.sidecar, "listen"), proxy)):
            if known.get(port_of(address)) is not pod.sidecar:
                yield f"{address} is not declared as a port of the sidecar"
        front = port_of(proxy) if proxy else server["ports"][0]["containerPort"]
    for service in (each for each in documents if each["kind"] == "Service"):
        for port in service["spec"]["ports"]:
            target = port["targetPort"]
            if isinstance(target, str):
                yield f"Service.{port['name']}: before 1.32 the name of a native sidecar's port is not found"
            elif target not in known:
                yield f"Service.{port['name']}: nothing listens on {target}"
            elif pod.sidecar and target != front:
                yield f"Service.{port['name']}: {target} goes past the proxy, which is on {front}"


def workload_mistakes(documents):
    for workload in (each for each in documents if each["kind"] == "Deployment"):
        pod = Pod(workload["spec"]["template"]["spec"])
        labels = workload["spec"]["template"]["metadata"]["labels"]
        selectors = [workload["spec"]["selector"]["matchLabels"],
                     *(each["spec"]["selector"] for each in documents if each["kind"] == "Service")]
        if any(not selector.items() <= labels.items() for selector in selectors):
            yield "a selector does not find the pods"
        yield from probe_mistakes(pod)
        yield from port_mistakes(pod, documents)
        if pod.sidecar:
            yield from drain_mistakes(pod)


def budget_mistakes(budget):
    spec = budget["spec"]
    if str(spec.get("maxUnavailable", 1)) in ("0", "0%") or spec.get("minAvailable") == "100%":
        yield "PodDisruptionBudget: no eviction ever: nodes cannot be drained"
    if spec.get("unhealthyPodEvictionPolicy") != "AlwaysAllow":
        yield "PodDisruptionBudget: pods that are broken keep their node from being drained"


def policy_mistakes(policy):
    for rule in policy["spec"]["ingress"]:
        if any(port["port"] == 9808 for port in rule.get("ports", [])) and not rule.get("from"):
            yield "NetworkPolicy: everybody may drain"
        if not rule.get("ports"):
            yield "NetworkPolicy: a rule without ports is one for all of them"


def scaling_mistakes(scaled):
    for trigger in scaled["spec"]["triggers"]:
        data = trigger["metadata"]
        if trigger["type"] != "metrics-api":
            continue
        if urlsplit(data["url"]).path != "/sessions" or data["valueLocation"] != "active":
            yield "ScaledObject: does not read the number of active sessions"
        if data.get("aggregateFromKubeServiceEndpoints") != "true":
            yield "ScaledObject: asks one pod, each time another"
        if trigger.get("metricType", "AverageValue") == "AverageValue" and data.get("aggregationType") != "sum":
            yield "ScaledObject: divides by the number of pods twice"


def mistakes(documents):
    checks = {"PodDisruptionBudget": budget_mistakes, "NetworkPolicy": policy_mistakes,
              "ScaledObject": scaling_mistakes}
    found = list(workload_mistakes(documents))
    for document in documents:
        found += checks.get(document["kind"], lambda _: [])(document)
    return found
