// Preloaded (node --import) into servers that we did not write.
// It moves their listening socket to 127.0.0.1:$MCPCTL_TEST_PORT, because several
// examples have port 3000 written into them, and answers GET /__residue with what
// the server still holds for its clients as seen on the wire: responses that are
// open, sessions that were handed out and not ended by a successful DELETE, and
// how many of both there were; and how many bytes its objects take (node --expose-gc
// makes that those which are in use). GET /__forget ends all sessions
// and streams, as if the server had lost them.
import http from "node:http";
import net from "node:net";

const port = Number(process.env.MCPCTL_TEST_PORT);
const sessions = new Map();  // id → the path that it was opened at
const open = new Set();
let opened = 0;
let deletes = 0;

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...args) {
  const callback = args.find((arg) => typeof arg === "function");
  return listen.call(this, { host: "127.0.0.1", port }, ...(callback ? [callback] : []));
};

function watch(request, response) {
  open.add(response);
  response.on("close", () => open.delete(response));
  const known = request.headers["mcp-session-id"];
  const write_head = response.writeHead;
  response.writeHead = function (...args) {
    const result = write_head.apply(this, args);
    const id = this.getHeader("mcp-session-id") ?? header_argument(args);
    if (!known && id && this.statusCode < 300) {
      opened += 1;
      sessions.set(String(id), request.url);
    }
    if (request.method === "DELETE" && known) {
      deletes += 1;
      if (this.statusCode < 300) sessions.delete(known);
    }
    return result;
  };
}

// writeHead may carry headers that never enter the response object.
function header_argument(args) {
  const headers = args.find((arg) => arg && typeof arg === "object");
  if (!headers) return undefined;
  const pairs = Array.isArray(headers)
    ? headers.flat().reduce((all, value, i, list) => (i % 2 ? all : [...all, [value, list[i + 1]]]), [])
    : Object.entries(headers);
  return pairs.find(([name]) => String(name).toLowerCase() === "mcp-session-id")?.[1];
}

function forget() {
  const ended = [...sessions].map(([id, path]) => new Promise((resolve, reject) => {
    http.request({ host: "127.0.0.1", port, path, method: "DELETE", headers: { "mcp-session-id": id } },
      (answer) => answer.resume().on("end", resolve)).on("error", reject).end();
  }));
  return Promise.all(ended).then(() => open.forEach((response) => response.destroy()));
}

const emit = http.Server.prototype.emit;
http.Server.prototype.emit = function (event, request, response) {
  if (event !== "request") return emit.apply(this, arguments);
  if (request.url === "/__residue") {
    response.setHeader("content-type", "application/json");
    globalThis.gc?.();
    const heap = process.memoryUsage().heapUsed;
    response.end(JSON.stringify({ sessions: sessions.size, streams: open.size, opened, deletes, heap }));
    return true;
  }
  if (request.url === "/__forget") {
    forget().then(() => response.end("ok"));
    return true;
  }
  watch(request, response);
  return emit.apply(this, arguments);
};
