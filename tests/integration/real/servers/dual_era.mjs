// A server on the v2 SDK (@modelcontextprotocol/server) that speaks both eras.
//   dual_era.mjs stdio          one connection, the opening message picks the era
//   dual_era.mjs stateless      HTTP; legacy requests served without a session
//   dual_era.mjs sessions       HTTP; legacy requests served with sessions
//   dual_era.mjs modern         HTTP; legacy requests refused
// HTTP listens on 127.0.0.1:$MCPCTL_TEST_PORT, path /mcp, and answers
// GET /__residue with what it still holds; GET /__forget ends all of that, as if it were lost, and
// GET /__tools adds a tool to those that are listed, or takes it away again.
import { createRequire } from "node:module";
import http from "node:http";
import { randomUUID } from "node:crypto";

const require = createRequire(`${process.env.MCPCTL_TEST_MODULES}/package.json`);
const { McpServer, createMcpHandler, isLegacyRequest } = require("@modelcontextprotocol/server");
const { serveStdio } = require("@modelcontextprotocol/server/stdio");
const { NodeStreamableHTTPServerTransport, toNodeHandler, toWebRequest } = require("@modelcontextprotocol/node");
const { z } = require("zod");

const text = (value) => ({ content: [{ type: "text", text: String(value) }] });

function make_server() {
  const server = new McpServer({ name: "dual-era", version: "1.0.0" });
  server.registerTool("echo", { description: "Says it again", inputSchema: z.object({ message: z.string() }) }, ({ message }) => text(message));
  server.registerTool("add", { description: "Adds", inputSchema: z.object({ a: z.number(), b: z.number() }) }, ({ a, b }) => text(a + b));
  if (has_more) server.registerTool("subtract", { inputSchema: z.object({ a: z.number(), b: z.number() }) }, ({ a, b }) => text(a - b));
  return server;
}

let has_more = false;
const sessions = new Map();
let opened = 0;

async function legacy_with_sessions(request, response, body) {
  const id = request.headers["mcp-session-id"];
  if (id && !sessions.has(id)) {
    response.writeHead(404, { "content-type": "application/json" });
    response.end(JSON.stringify({ jsonrpc: "2.0", id: null, error: { code: -32001, message: "Session not found" } }));
    return;
  }
  let transport = sessions.get(id);
  if (!transport) {
    transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (fresh) => { opened += 1; sessions.set(fresh, transport); },
    });
    transport.onclose = () => sessions.delete(transport.sessionId);
    await make_server().connect(transport);
  }
  await transport.handleRequest(request, response, body);
}

async function read_json(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try { return JSON.parse(Buffer.concat(chunks).toString("utf8")); } catch { return undefined; }
}

function serve_http(mode) {
  const handler = createMcpHandler(make_server, { legacy: mode === "stateless" ? "stateless" : "reject" });
  const node_handler = toNodeHandler(handler);
  const exchanges = new Set();
  const server = http.createServer(async (request, response) => {
    if (request.url === "/__residue") {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ sessions: sessions.size, streams: exchanges.size + handler.bus.listenerCount, opened }));
      return;
    }
    if (request.url === "/__forget") {
      for (const transport of sessions.values()) await transport.close();
      for (const exchange of exchanges) exchange.destroy();
      response.end("ok");
      return;
    }
    if (request.url === "/__tools") {
      has_more = !has_more;
      response.end(String(has_more));
      return;
    }
    exchanges.add(response);
    response.on("close", () => exchanges.delete(response));
    const body = request.method === "POST" ? await read_json(request) : undefined;
    if (mode === "sessions" && (await isLegacyRequest(await toWebRequest(request, body), body))) {
      await legacy_with_sessions(request, response, body);
    } else {
      await node_handler(request, response, body);
    }
  });
  server.listen(Number(process.env.MCPCTL_TEST_PORT), "127.0.0.1");
}

const mode = process.argv[2];
if (mode === "stdio") serveStdio(make_server);
else serve_http(mode);
