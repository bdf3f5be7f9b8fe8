"""The servers that mcpctl is tried on: how each is started and what it is."""

from dataclasses import dataclass, field

LOOPBACK = "node --import {servers}/loopback.mjs"
EVERYTHING = "{modules}/@modelcontextprotocol/server-everything/dist/index.js"
EXAMPLES = LOOPBACK + " {modules}/@modelcontextprotocol/sdk/dist/esm/examples/server"
DUAL_ERA = "node {servers}/dual_era.mjs"
# What the gateways stand in front of.
STDIO_SERVER = f"node {EVERYTHING} stdio"
NPM_PROXY = (LOOPBACK + " {modules}/mcp-proxy/dist/bin/mcp-proxy.mjs"
             " --host 127.0.0.1 --port {port} -- " + STDIO_SERVER)
PYPI_PROXY = ("{python_v1}/mcp-proxy --host 127.0.0.1 --port {port} --pass-environment "
              + STDIO_SERVER)
SUPERGATEWAY = (LOOPBACK + " {modules}/supergateway/dist/index.js --port {port} --stdio '"
                + STDIO_SERVER + "' --outputTransport")
FASTMCP = "{python}/python {servers}/fastmcp_server.py"
KUBERNETES = ("{modules}/kubernetes-mcp-server-linux-amd64/bin/kubernetes-mcp-server-linux-amd64"
              " --kubeconfig {servers}/kubeconfig.yaml")

ECHO = ("echo", {"message": "grüße ✓"}, "grüße ✓")
GREET = ("greet", {"name": "Ada"}, "Hello, Ada!")
# A tool that sends notifications before its result.
NOTIFY = ("start-notification-stream", {"interval": 10, "count": 2}, "Started sending")
KUBECONFIG = ("configuration_view", {}, "fake-cluster")

# The lines with which a server says that a session came and went.
PYTHON_LOG = {"log_opened": r"Created new transport with session ID: (\w+)",
              "log_closed": r"Terminating session: (\w+)"}
EXPRESS_LOG = {"log_opened": r"Session initialized with ID: (\S+)",
               "log_closed": r"Transport closed for session (\S+),"}

OLDER = tuple((revision, "legacy", revision)
              for revision in ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"))
DUAL = {"era": "modern", "revision": "2026-07-28",
        "also": (("legacy", "legacy", "2025-11-25"), ("modern", "modern", "2026-07-28"))}


@dataclass(frozen=True)
class Server:
    """One server. `command` is split as a shell does, then {names} are filled in."""

    name: str
    command: str
    transport: str
    path: str = ""
    era: str = "legacy"
    revision: str = "2025-11-25"
    call: tuple = ECHO
    # Other --protocol values it must be reachable with: (value, era, revision).
    also: tuple = ()
    env: dict = field(default_factory=dict)
    # Patterns in the server's own log, with the session's id as their group.
    log_opened: str = ""
    log_closed: str = ""
    # It answers GET /__residue (see servers/loopback.mjs).
    residue: bool = True
    # It has a way to end a session, so none may be left.
    ends_sessions: bool = True


def stdio(name, command, **more):
    return Server(name, command, "stdio", residue=False, **more)


def http_sse(name, command, path="/sse", **more):
    return Server(name, command, "http-sse", path, **more)


def streamable(name, command, **more):
    return Server(name, command, "streamable-http", "/mcp", **more)


SERVERS = [
    stdio("server-everything, stdio", STDIO_SERVER, also=OLDER),
    http_sse("server-everything, sse", f"{LOOPBACK} {EVERYTHING} sse",
             log_opened=r"Client Connected: +(\S+)", log_closed=r"Client Disconnected: +(\S+)"),
    streamable("server-everything, streamableHttp", f"{LOOPBACK} {EVERYTHING} streamableHttp",
               also=OLDER, **EXPRESS_LOG),
    streamable("v1 SDK simpleStreamableHttp, resumable", f"{EXAMPLES}/simpleStreamableHttp.js",
               call=GREET, also=OLDER, **EXPRESS_LOG),
    # Its tool closes the stream half way: the answer comes to who resumes with Last-Event-ID.
    streamable("v1 SDK ssePollingExample, resumed", f"{EXAMPLES}/ssePollingExample.js",
               call=("long-task", {}, "Long task completed successfully!"),
               log_opened=r"\[(\S+)\] Session initialized",
               log_closed=r"\[(\S+)\] Transport closed"),
    http_sse("v1 SDK simpleSseServer", f"{EXAMPLES}/simpleSseServer.js", path="/mcp",
             call=NOTIFY[:2] + ("Completed sending 2",),
             log_opened=r"Established SSE stream with session ID: (\S+)",
             log_closed=r"SSE transport closed for session (\S+)"),
    # It has no route for DELETE and keeps its sessions until they are idle.
    streamable("v1 SDK jsonResponseStreamableHttp", f"{EXAMPLES}/jsonResponseStreamableHttp.js",
               call=GREET, ends_sessions=False),
    streamable("v1 SDK simpleStatelessStreamableHttp",
               f"{EXAMPLES}/simpleStatelessStreamableHttp.js", call=NOTIFY),

    stdio("v2 SDK dual era, stdio", f"{DUAL_ERA} stdio", **DUAL),
    streamable("v2 SDK dual era, legacy without sessions", f"{DUAL_ERA} stateless", **DUAL),
    streamable("v2 SDK dual era, legacy with sessions", f"{DUAL_ERA} sessions", **DUAL),
    streamable("v2 SDK modern only", f"{DUAL_ERA} modern", era="modern", revision="2026-07-28"),

    streamable("mcp-proxy (PyPI), streamable", PYPI_PROXY, residue=False, **PYTHON_LOG),
    http_sse("mcp-proxy (PyPI), sse", PYPI_PROXY, residue=False),
    streamable("mcp-proxy (npm), streamable", NPM_PROXY, **DUAL),
    http_sse("mcp-proxy (npm), sse", NPM_PROXY),

    http_sse("supergateway, sse", f"{SUPERGATEWAY} sse"),
    streamable("supergateway, stateless", f"{SUPERGATEWAY} streamableHttp"),
    streamable("supergateway, stateful", f"{SUPERGATEWAY} streamableHttp --stateful"),

    stdio("fastmcp, stdio", f"{FASTMCP} stdio", **DUAL),
    http_sse("fastmcp, sse", FASTMCP + " sse {port}"),
    streamable("fastmcp, sessions", FASTMCP + " http {port}", **DUAL, **PYTHON_LOG),
    streamable("fastmcp, stateless", FASTMCP + " stateless {port}", **DUAL),

    # Modern over stdio; over HTTP with sessions its discover names legacy revisions only.
    stdio("kubernetes-mcp-server, stdio", KUBERNETES, call=KUBECONFIG, **DUAL),
    streamable("kubernetes-mcp-server, http", KUBERNETES + " --bind-address 127.0.0.1 --port {port}",
               call=KUBECONFIG, residue=False,
               log_opened=r'session connected" session_id="(\w+)"',
               log_closed=r'session disconnected" session_id="(\w+)"'),
]

for line, python, verdict in (("v1", "{python_v1}/python", {}), ("v2", "{python}/python", DUAL)):
    script = python + " {servers}/python_sdk.py "
    SERVERS += [
        http_sse(f"Python SDK {line}, Starlette HTTP+SSE", script + "sse {port}"),
        streamable(f"Python SDK {line}, sessions", script + "sessions {port}", **verdict, **PYTHON_LOG),
        streamable(f"Python SDK {line}, stateless", script + "stateless {port}", **verdict),
        streamable(f"Python SDK {line}, JSON answers", script + "json {port}", **verdict, **PYTHON_LOG),
    ]
