"""The table: what is wrong with the server, and how the client is called.

`server` are options of `mcpctl testserver`, or a word for what is there instead of one. `probe` are
options of `mcpctl probe`; CA stands for the file of the authority that issued the certificates.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    name: str
    server: list = field(default_factory=list)
    probe: list = field(default_factory=list)
    tls: str = ""  # the certificate that the server shows: good, wrong-host, expired, self-signed
    path: str = "/mcp"
    stdio: bool = False
    flood: bool = False  # ends at a bound, not at the deadline, if the program is fast enough


def fault(spec, *options):
    return [*options, "--fault", spec]


LEGACY = ("--era", "legacy")

ROWS = [
    Row("nothing is wrong"),
    # No connection.
    Row("port closed", server="closed port"),
    Row("name unknown", server="unknown name"),
    Row("connection accepted, then silence", server="silent port"),
    # TLS.
    Row("TLS: nothing is wrong", tls="good", probe=["--cacert", "CA", "--cert-warn", "0"]),
    Row("TLS: wrong host", tls="wrong-host", probe=["--cacert", "CA"]),
    Row("TLS: expired", tls="expired", probe=["--cacert", "CA"]),
    Row("TLS: self-signed", tls="self-signed"),
    Row("TLS: unknown authority", tls="good"),
    Row("TLS: silence in the handshake", server="silent tls port"),
    # HTTP.
    Row("HTML page with 200", fault("html")),
    Row("401 with a challenge", ["--auth-token-file", "TOKEN"]),
    Row("403", fault("status:403,body=forbidden,type=text/plain")),
    Row("404", fault("status:404,body=not found,type=text/plain")),
    Row("406", fault("status:406,body=not acceptable,type=text/plain")),
    Row("503 with Retry-After", fault("status:503,retry-after=3,body=busy,type=text/plain")),
    # Silence at some byte.
    Row("discover hangs", fault("stall@method=server/discover")),
    Row("initialize hangs", fault("stall@method=initialize", *LEGACY)),
    Row("tools/list hangs", fault("stall@method=tools/list")),
    Row("tools/list hangs after the header", fault("late:1h@method=tools/list", "--answers", "json")),
    Row("body stalls", fault("stall:400@method=tools/list")),
    Row("event stream stalls", fault("stall:400@method=tools/list", "--answers", "sse")),
    Row("server freezes", fault("freeze:2s@method=tools/list")),
    Row("DELETE hangs", fault("stall@method=DELETE", *LEGACY)),
    # Broken answers.
    Row("connection reset", fault("reset:200@method=tools/list")),
    Row("connection closed inside the body", fault("close:400@method=tools/list")),
    Row("truncated JSON", fault("truncate@method=tools/list")),
    Row("truncated SSE", fault("truncate@method=tools/list", "--answers", "sse")),
    Row("wrong id", fault("wrong-id@method=tools/list")),
    Row("JSON-RPC error", fault("rpc-error:-32603@method=tools/list")),
    Row("session lost", fault("lose-session@method=tools/list", *LEGACY)),
    # What the server offers.
    Row("empty tools", fault("tools-empty")),
    Row("duplicate tool names", fault("tools-duplicate")),
    # More than there should be.
    Row("duplicate answer", fault("duplicate@method=tools/list")),
    Row("100 MB answer", fault("huge:100m@method=tools/list"), flood=True),
    Row("100 MB answer as an event", fault("huge:100m@method=tools/list", "--answers", "sse"),
        flood=True),
    Row("JSON nested 100,000 deep", fault("deep:100000@method=tools/list"), flood=True),
    Row("endless SSE comments", fault("comments@method=tools/list"), flood=True),
    Row("endless notifications", fault("notifications@method=tools/list"), flood=True),
    # HTTP+SSE.
    Row("HTTP+SSE: nothing is wrong", path="/sse"),
    Row("HTTP+SSE: no event comes", fault("stall:400@method=GET"), path="/sse"),
    Row("HTTP+SSE: tools/list hangs", fault("late:1h@method=tools/list"), path="/sse"),
    Row("HTTP+SSE: session lost", fault("lose-session@method=tools/list"), path="/sse"),
    # stdio.
    Row("stdio: nothing is wrong", stdio=True),
    Row("stdio: log lines on stdout", fault("garbage:3@method=tools/list"), stdio=True),
    Row("stdio: tools/list hangs", fault("stall@method=tools/list"), stdio=True),
    Row("stdio: initialize hangs", fault("stall@method=initialize", *LEGACY), stdio=True),
    Row("stdio: the process ends", fault("close:0@method=tools/list"), stdio=True),
    Row("stdio: the process ends inside a line", fault("close:20@method=tools/list"), stdio=True),
    Row("stdio: endless notifications", fault("notifications@method=tools/list"), stdio=True,
        flood=True),
    Row("stdio: 100 MB answer", fault("huge:100m@method=tools/list"), stdio=True, flood=True),
    Row("stdio: JSON nested 100,000 deep", fault("deep:100000@method=tools/list"), stdio=True,
        flood=True),
    Row("stdio: no such command", server="no such command", stdio=True),
]
