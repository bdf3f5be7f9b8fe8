"""A server on fastmcp: fastmcp_server.py http|stateless|sse|stdio [PORT]

GET /__residue says what the server still holds for its clients.
"""

import gc
import sys

from fastmcp import FastMCP
from mcp.server.sse import SseServerTransport
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.responses import JSONResponse

server = FastMCP("fastmcp")


@server.tool
def echo(message: str) -> str:
    """Says it again"""
    return message


@server.tool
def add(a: int, b: int) -> int:
    """Adds"""
    return a + b


# fastmcp keeps its session manager to itself, so it is found among the live objects.
@server.custom_route("/__residue", methods=["GET"])
async def residue(_request):
    live = gc.get_objects()
    sessions = sum(len(o._server_instances) for o in live if isinstance(o, StreamableHTTPSessionManager))
    streams = sum(len(o._read_stream_writers) for o in live if isinstance(o, SseServerTransport))
    return JSONResponse({"sessions": sessions, "streams": streams})


if __name__ == "__main__":
    mode = sys.argv[1]
    if mode == "stdio":
        server.run(transport="stdio", show_banner=False)
    else:
        transport = "sse" if mode == "sse" else "http"
        extra = {"stateless_http": True} if mode == "stateless" else {}
        server.run(transport=transport, host="127.0.0.1", port=int(sys.argv[2]), show_banner=False, **extra)
