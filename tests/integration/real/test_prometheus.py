"""A real Prometheus scrapes the exporter, which probes real servers: the series are there, and a
server that is killed is down."""

import contextlib
import json
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

import yaml

from exporter_process import running_exporter
from processes import ServerProcess, accepts, free_port, wait_until
from servers import SERVERS

BY_NAME = {spec.name: spec for spec in SERVERS}
EVERYTHING = "server-everything, streamableHttp"
DUAL_ERA = "v2 SDK dual era, legacy with sessions"
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
# As blackbox_exporter's README has it: the target becomes a parameter and the instance.
RELABEL = [
    {"source_labels": ["__address__"], "target_label": "__param_target"},
    {"source_labels": ["__param_target"], "target_label": "instance"},
]


class Prometheus:
    def __init__(self, port):
        self.port = port

    def query(self, expression):
        """{instance: value}, and the labels of each series."""
        query = urllib.parse.urlencode({"query": expression})
        with DIRECT.open(f"http://127.0.0.1:{self.port}/api/v1/query?{query}", timeout=20) as answer:
            result = json.load(answer)["data"]["result"]
        return {series["metric"].get("instance", ""): (float(series["value"][1]), series["metric"])
                for series in result}

    def values(self, expression):
        return {instance: value for instance, (value, _) in self.query(expression).items()}


def is_ready(port):
    """It listens before it answers queries."""
    try:
        with DIRECT.open(f"http://127.0.0.1:{port}/-/ready", timeout=20) as answer:
            return answer.status == 200
    except urllib.error.URLError:
        return False


@contextlib.contextmanager
def running_prometheus(folder, exporter, targets):
    config = folder / "prometheus.yml"
    config.write_text(yaml.safe_dump({
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s"},
        "scrape_configs": [
            {"job_name": "mcp", "metrics_path": "/probe", "params": {"module": ["mcp"]},
             "static_configs": [{"targets": targets}],
             "relabel_configs": [*RELABEL,
                                 {"target_label": "__address__", "replacement": exporter.address}]},
            {"job_name": "exporter", "static_configs": [{"targets": [exporter.address]}]},
        ]}))
    checked = subprocess.run(["promtool", "check", "config", config], capture_output=True, text=True,
                             timeout=60)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    port = free_port()
    with (folder / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(
            ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder / 'data'}",
             f"--web.listen-address=127.0.0.1:{port}", "--log.level=warn"],
            stdout=log, stderr=log)

    def ready():
        assert process.poll() is None, (folder / "prometheus.log").read_text()
        return accepts(port) and is_ready(port)

    try:
        wait_until(ready, 60, "Prometheus is ready")
        yield Prometheus(port)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def test_prometheus_has_the_series_and_sees_a_server_die(binary, deps, tmp_path):
    with contextlib.ExitStack() as stack:
        servers = {name: stack.enter_context(
            ServerProcess(BY_NAME[name], deps, tmp_path / f"log-{number}"))
            for number, name in enumerate((EVERYTHING, DUAL_ERA))}
        urls = {name: server.url for name, server in servers.items()}
        allowed = [word for url in urls.values() for word in ("--allow-target", url)]
        exporter = stack.enter_context(
            running_exporter(binary, tmp_path, *allowed, "--timeout-offset", "100ms"))
        prometheus = stack.enter_context(
            running_prometheus(tmp_path, exporter, list(urls.values())))

        both_up = {url: 1.0 for url in urls.values()}
        wait_until(lambda: prometheus.values("probe_success") == both_up, 60, "both servers are up")
        assert prometheus.values('up{job="mcp"}') == both_up
        for expression in ("probe_duration_seconds", 'probe_mcp_duration_seconds{phase="handshake"}',
                           'probe_mcp_duration_seconds{phase="tools"}', "probe_mcp_tools",
                           'probe_http_duration_seconds{phase="processing"}',
                           "probe_timeout_seconds", "probe_ip_protocol"):
            values = prometheus.values(expression)
            assert values.keys() == both_up.keys(), expression
            assert all(value > 0 for value in values.values()), (expression, values)
        assert prometheus.values("probe_timeout_seconds") == {url: 0.9 for url in urls.values()}
        info = prometheus.query("probe_mcp_info")
        assert info[urls[EVERYTHING]][1]["era"] == "legacy"
        assert info[urls[DUAL_ERA]][1]["era"] == "modern"
        own = wait_until(
            lambda: prometheus.values('mcpctl_exporter_probes_total{result="success"}'), 30,
            "the exporter's own metrics")
        assert own[exporter.address] >= 1
        wait_until(lambda: all(value >= 3 for value in
                               prometheus.values("count_over_time(probe_success[5m])").values()),
                   30, "three scrapes of each")

        servers[EVERYTHING].process.kill()
        killed = time.monotonic()
        expected = {urls[EVERYTHING]: 0.0, urls[DUAL_ERA]: 1.0}
        wait_until(lambda: prometheus.values("probe_success") == expected, 30, "one server is down")
        print(f"probe_success 0 {time.monotonic() - killed:.1f} s after the server was killed")
        verdict = prometheus.query("probe_mcp_verdict == 1")
        assert verdict[urls[EVERYTHING]][1]["verdict"] == "unreachable"
        assert prometheus.values('up{job="mcp"}') == both_up
        assert servers[DUAL_ERA].residue()["sessions"] == 0
