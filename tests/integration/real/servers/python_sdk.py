"""A server on the official Python SDK, v1 (FastMCP) or v2 (MCPServer).

python_sdk.py sse|sessions|stateless|json PORT

`sse` is the Starlette app of the deployment guides: GET /sse opens the stream,
POST /messages/ takes the messages. The others serve Streamable HTTP at /mcp.
GET /__residue says what the server still holds for its clients.
"""

import contextlib
import sys

import uvicorn
from mcp.server.sse import SseServerTransport
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

try:
    from mcp.server.mcpserver import MCPServer
except ModuleNotFoundError:
    from mcp.server.fastmcp import FastMCP as MCPServer


def make_server():
    server = MCPServer("python-sdk")

    @server.tool()
    def echo(message: str) -> str:
        """Says it again"""
        return message

    @server.tool()
    def add(a: int, b: int) -> int:
        """Adds"""
        return a + b

    return getattr(server, "_lowlevel_server", None) or server._mcp_server


def sse_app():
    server = make_server()
    transport = SseServerTransport("/messages/")

    async def handle_sse(request):
        async with transport.connect_sse(request.scope, request.receive, request._send) as streams:
            await server.run(streams[0], streams[1], server.create_initialization_options())
        return Response()

    async def residue(_request):
        count = len(transport._read_stream_writers)
        return JSONResponse({"sessions": count, "streams": count})

    return Starlette(routes=[
        Route("/__residue", residue),
        Route("/sse", handle_sse, methods=["GET"]),
        Mount("/messages/", app=transport.handle_post_message),
    ])


def streamable_app(mode):
    manager = StreamableHTTPSessionManager(
        make_server(), stateless=mode == "stateless", json_response=mode == "json")

    async def residue(_request):
        return JSONResponse({"sessions": len(manager._server_instances), "streams": 0})

    @contextlib.asynccontextmanager
    async def lifespan(_app):
        async with manager.run():
            yield

    class McpEndpoint:
        async def __call__(self, scope, receive, send):
            await manager.handle_request(scope, receive, send)

    return Starlette(
        routes=[Route("/__residue", residue), Route("/mcp", McpEndpoint())], lifespan=lifespan)


if __name__ == "__main__":
    mode, port = sys.argv[1], int(sys.argv[2])
    app = sse_app() if mode == "sse" else streamable_app(mode)
    uvicorn.run(app, host="127.0.0.1", port=port, timeout_graceful_shutdown=1)
