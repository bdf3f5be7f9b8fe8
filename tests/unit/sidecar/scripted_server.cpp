#include "tests/unit/sidecar/scripted_server.hpp"

#include <algorithm>

namespace probes::sidecar {
namespace {

using nlohmann::json;

const mcp::HeaderList json_type = {{"Content-Type", "application/json"}};
const mcp::HeaderList stream_type = {{"Content-Type", "text/event-stream"}};

std::string event(const json& message) {
  return "data: " + message.dump() + "\n\n";
}

json error_text(const json& message, int code) {
  return {{"jsonrpc", "2.0"},
          {"id", message["id"]},
          {"error", {{"code", code}, {"message", "no such thing here"}}}};
}

bool is_over(const mcp::FakeExchange& exchange) {
  return exchange.cancelled() || exchange.finished();
}

mcp::Error error(mcp::ErrorKind kind, const std::string& message) {
  return {.kind = kind, .message = message};
}

}  // namespace

json tool(const std::string& name, const std::string& text) {
  return {{"name", name}, {"description", text}, {"inputSchema", {{"type", "object"}}}};
}

ScriptedServer::ScriptedServer(mcp::FakeLoop& loop, Era era_in)
    : http(loop), era(era_in), loop_(loop) {
  http.on_start = [this](mcp::FakeExchange& exchange) { take(exchange); };
}

void ScriptedServer::take(mcp::FakeExchange& raw) {
  const auto found = std::ranges::find_if(
      http.exchanges, [&raw](const Exchange& each) { return each.get() == &raw; });
  const auto exchange = *found;
  forget_finished();
  if (killed_) return raw.fail(error(mcp::ErrorKind::connect, "connection refused"));
  watch_deadline(exchange);
  waiting_.push_back(exchange);
  const auto open = std::ranges::count_if(waiting_, [](auto& each) { return !is_over(*each); });
  most_at_once = std::max(most_at_once, static_cast<std::size_t>(open));
  if (!frozen_) process(exchange);
}

void ScriptedServer::forget_finished() {
  std::erase_if(http.exchanges, [](auto& each) { return is_over(*each); });
  std::erase_if(deadlines_, [](auto& each) { return is_over(*each.first); });
}

void ScriptedServer::watch_deadline(const Exchange& exchange) {
  const auto deadline = exchange->request().deadline;
  if (deadline == mcp::TimePoint::max()) return;
  deadlines_.emplace_back(exchange, loop_.start_timer(deadline, [exchange] {
    exchange->fail(error(mcp::ErrorKind::timeout, "timed out waiting for the first byte"));
  }));
}

void ScriptedServer::thaw() {
  frozen_ = false;
  for (const auto& exchange : std::exchange(waiting_, {})) process(exchange);
}

void ScriptedServer::kill() {
  killed_ = true;
  frozen_ = false;
  sessions.clear();
  for (const auto& exchange : std::exchange(waiting_, {})) {
    exchange->fail(error(mcp::ErrorKind::http, "closed the connection without an answer"));
  }
  cut_streams();
}

void ScriptedServer::cut_streams() {
  listen_ids_.clear();
  for (const auto& stream : std::exchange(streams_, {})) {
    stream->fail(error(mcp::ErrorKind::http, "closed the connection in the middle of the body"));
  }
}

void ScriptedServer::end_streams_in_order() {
  const auto ids = std::exchange(listen_ids_, {});
  const auto streams = std::exchange(streams_, {});
  for (std::size_t i = 0; i < streams.size(); ++i) {
    streams[i]->data(event({{"jsonrpc", "2.0"}, {"id", ids[i]}, {"result", json::object()}}));
    streams[i]->finish();
  }
}

void ScriptedServer::notify(const std::string& method) {
  for (const auto& stream : streams_) stream->data(event({{"jsonrpc", "2.0"}, {"method", method}}));
}

std::size_t ScriptedServer::streams() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(streams_, [](auto& each) { return !is_over(*each); }));
}

void ScriptedServer::process(const Exchange& exchange) {
  std::erase(waiting_, exchange);
  const auto& request = exchange->request();
  if (request.method == "DELETE") return remove(exchange);
  const auto message = json::parse(request.body);
  const auto method = message["method"].get<std::string>();
  ++asked[method];
  const auto* session = exchange->sent_header("Mcp-Session-Id");
  if (silent.contains(method) || (session && stuck_sessions.contains(*session))) {
    waiting_.push_back(exchange);
    return;
  }
  if (!message.contains("id")) return exchange->answer(202, {}, "");
  order.push_back(method);
  const auto status = statuses.find(method);
  if (status != statuses.end()) return exchange->answer(status->second, {}, "");
  const bool is_unknown = session && !sessions.contains(*session);
  if (is_unknown) return exchange->answer(404, json_type, R"({"error":"Session not found"})");
  if (const auto code = errors.find(method); code != errors.end()) {
    return exchange->answer(200, json_type, error_text(message, code->second).dump());
  }
  answer(exchange, method, message);
}

void ScriptedServer::answer(const Exchange& exchange, const std::string& method,
                            const json& message) {
  const bool modern_method = method == "server/discover" || method == "subscriptions/listen";
  const bool legacy_method = method == "initialize" || method == "ping";
  if (era == Era::legacy ? modern_method : legacy_method) {
    return exchange->answer(400, json_type, error_text(message, -32601).dump());
  }
  if (method == "initialize") return initialize(exchange, message);
  if (method == "subscriptions/listen") return listen(exchange, message);
  const json reply = {
      {"jsonrpc", "2.0"}, {"id", message["id"]}, {"result", result_of(method, message)}};
  exchange->answer(200, json_type, reply.dump());
}

json ScriptedServer::result_of(const std::string& method, const json& message) const {
  if (method == "tools/list") return page(message.value("params", json::object()));
  if (method != "server/discover") return json::object();
  return {{"resultType", "complete"},
          {"supportedVersions", {"2026-07-28"}},
          {"capabilities", capabilities}};
}

json ScriptedServer::page(const json& params) const {
  const auto first = static_cast<std::size_t>(std::stoi(params.value("cursor", "0")));
  const auto end = std::min(first + page_size, tools.size());
  json result = {{"resultType", "complete"}, {"tools", json::array()}};
  for (auto i = first; i < end; ++i) result["tools"].push_back(tools[i]);
  if (end < tools.size()) result["nextCursor"] = std::to_string(end);
  return result;
}

void ScriptedServer::initialize(const Exchange& exchange, const json& message) {
  const auto id = "s-" + std::to_string(++created);
  sessions.insert(id);
  const json reply = {{"jsonrpc", "2.0"},
                      {"id", message["id"]},
                      {"result",
                       {{"protocolVersion", "2025-11-25"},
                        {"capabilities", capabilities},
                        {"serverInfo", {{"name", "scripted"}, {"version", "1"}}}}}};
  auto headers = json_type;
  headers.push_back({"Mcp-Session-Id", id});
  exchange->answer(200, headers, reply.dump());
}

void ScriptedServer::remove(const Exchange& exchange) {
  ++asked["DELETE"];
  if (silent.contains("DELETE")) {
    waiting_.push_back(exchange);
    return;
  }
  const auto status = statuses.find("DELETE");
  if (status != statuses.end()) return exchange->answer(status->second, {}, "");
  const auto gone = sessions.erase(*exchange->sent_header("Mcp-Session-Id"));
  deleted += static_cast<int>(gone);
  exchange->answer(gone > 0 ? 200 : 404, {}, "");
}

void ScriptedServer::listen(const Exchange& exchange, const json& message) {
  streams_.push_back(exchange);
  listen_ids_.push_back(message["id"]);
  exchange->head(200, stream_type);
  exchange->data(event({{"jsonrpc", "2.0"},
                        {"method", "notifications/subscriptions/acknowledged"},
                        {"params", {{"notifications", {{"toolsListChanged", true}}}}}}));
}

}  // namespace probes::sidecar
