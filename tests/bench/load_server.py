"""The servers that load is put on: an nginx whose answers cost as little as they can, and the test
server. Both are told the core on which they run, and end with their `with` block."""

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

MCPCTL = Path(os.environ.get("MCPCTL", "build/release/cli/mcpctl")).resolve()
PATH = os.environ["PATH"] + ":/usr/sbin:/sbin"
ECHO_MODULE = Path("/usr/lib/nginx/modules/ngx_http_echo_module.so")
SERVER_CORE, CLIENT_CORE = 0, 1

# The echo module reads the body, which `return` alone would not: an answer has the id of its
# request, since our side checks that, and is otherwise fixed. The method decides which one it is.
NGINX = """
load_module {echo};
daemon off; pid nginx.pid; error_log error.log; worker_processes 1; worker_rlimit_nofile {files};
pcre_jit on;
events {{ worker_connections {connections}; }}
http {{
  access_log off; keepalive_requests 1000000000; keepalive_timeout 3600s;
  client_body_buffer_size 16k; client_body_in_single_buffer on; client_body_temp_path body;
  proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  map $request_body $id {{ "~\\"id\\": ?(?<number>[0-9]+)" $number; }}
  map $request_body $answer {{
    "~\\"tools/call\\"" '"result":{{"content":[{{"type":"text","text":"Echo: hello, this is the answer of the echo tool"}}],"isError":false}}';
    "~\\"initialize\\"" '"result":{{"protocolVersion":"2025-11-25","capabilities":{{"tools":{{}}}},"serverInfo":{{"name":"static","version":"1"}}}}';
    "~\\"tools/list\\"" '"result":{{"tools":[{{"name":"echo","inputSchema":{{"type":"object","properties":{{"text":{{"type":"string"}}}}}}}}]}}';
    default '"error":{{"code":-32601,"message":"not known here"}}';
  }}
  map $request_body $session {{ "~\\"initialize\\"" $request_id; }}
  server {{
    listen 127.0.0.1:{plain} backlog=8192;
    listen 127.0.0.1:{tls} ssl backlog=8192;
    ssl_certificate server.pem; ssl_certificate_key server.key; ssl_protocols TLSv1.3;
    default_type application/json;
    location /status {{ stub_status; }}
    location / {{
      if ($request_method = GET) {{ return 405; }}
      if ($request_method = DELETE) {{ return 200; }}
      echo_read_request_body;
      echo_exec @answer;
    }}
    location @answer {{
      add_header Mcp-Session-Id $session;
      if ($id = "") {{ return 202; }}
      return 200 '{{"jsonrpc":"2.0","id":$id,$answer}}';
    }}
  }}
}}
"""


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def on_core(core: int, command: list) -> list[str]:
    return ["taskset", "-c", str(core), *map(str, command)]


class StaticServer:
    """nginx, and its own count of the requests."""

    def __init__(self, folder: Path, connections: int = 19_000):
        self.plain, self.tls = free_ports(2)
        self.certificate = folder / "server.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
             "-nodes", "-keyout", folder / "server.key", "-out", self.certificate, "-days", "2",
             "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
            check=True, capture_output=True,
        )
        (folder / "nginx.conf").write_text(NGINX.format(
            echo=ECHO_MODULE, plain=self.plain, tls=self.tls, connections=connections, files=connections + 100,
        ))
        nginx = [shutil.which("nginx", path=PATH), "-p", folder, "-c", "nginx.conf", "-e", "start.log"]
        self.process = subprocess.Popen(on_core(SERVER_CORE, nginx))
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + 10
        while True:
            try:
                self.requests()
                return
            except OSError:
                if time.monotonic() > end or self.process.poll() is not None:
                    raise SystemExit("bench: nginx does not answer") from None
                time.sleep(0.05)

    def requests(self) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.plain}/status", timeout=30) as answer:
            return int(answer.read().splitlines()[2].split()[2])

    def url(self, scheme: str = "http") -> str:
        return f"{scheme}://127.0.0.1:{self.tls if scheme == 'https' else self.plain}/mcp"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        end(self.process)


class TestServer:
    """`mcpctl testserver` at a free port."""

    __test__ = False

    def __init__(self, *options: str, core: int = SERVER_CORE):
        self.process = subprocess.Popen(
            on_core(core, [MCPCTL, "testserver", *options]),
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        words = (word for line in self.process.stdout for word in line.split())
        url = next((word for word in words if word.startswith("http://")), None)
        if not url:
            raise SystemExit("bench: the test server told no URL")
        self.url = url.rstrip(",.")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        end(self.process)


def end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=20)


def require(*programs: str) -> None:
    """Ends the program with a word about what is not installed."""
    missing = [name for name in programs if not shutil.which(name, path=PATH)]
    if "nginx" in programs and not ECHO_MODULE.exists():
        missing.append("libnginx-mod-http-echo")
    if not MCPCTL.exists():
        missing.append(f"mcpctl ({MCPCTL})")
    if missing:
        raise SystemExit(f"bench: {', '.join(missing)}: not there; packaging/install-packages.sh test installs it")
    if len(os.sched_getaffinity(0)) < 2:
        raise SystemExit("bench: server and client need a core each")
