#include "tests/server/metrics.hpp"

#include <algorithm>

namespace mcp::testserver {

std::string_view method_label(std::string_view method) {
  static constexpr std::array<std::string_view, 25> known{"tools/call",
                                                          "tools/list",
                                                          "initialize",
                                                          "notifications/initialized",
                                                          "server/discover",
                                                          "GET",
                                                          "DELETE",
                                                          "POST",
                                                          "ping",
                                                          "prompts/list",
                                                          "prompts/get",
                                                          "resources/list",
                                                          "resources/read",
                                                          "resources/templates/list",
                                                          "resources/subscribe",
                                                          "resources/unsubscribe",
                                                          "completion/complete",
                                                          "logging/setLevel",
                                                          "subscriptions/listen",
                                                          "notifications/cancelled",
                                                          "notifications/roots/list_changed",
                                                          "notifications/progress",
                                                          "batch",
                                                          "answer",
                                                          "HEAD"};
  const auto* found = std::ranges::find(known, method);
  return found == known.end() ? "other" : *found;
}

void Metrics::answered(std::string_view method, int status) {
  requests.fetch_add(1, std::memory_order_relaxed);
  ++answers_[{method_label(method), status}];
}

void Metrics::injected(std::string_view fault) {
  faults.fetch_add(1, std::memory_order_relaxed);
  ++injected_[std::string(fault)];
}

namespace {

void family(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  out += "# HELP mcp_testserver_" + std::string(name) + " " + std::string(help) + "\n";
  out += "# TYPE mcp_testserver_" + std::string(name) + " " + std::string(type) + "\n";
}

void sample(std::string& out, std::string_view name, std::string_view labels, std::uint64_t value) {
  out += "mcp_testserver_" + std::string(name);
  if (!labels.empty()) out += "{" + std::string(labels) + "}";
  out += " " + std::to_string(value) + "\n";
}

std::string label(std::string_view name, std::string_view value) {
  return std::string(name) + "=\"" + std::string(value) + "\"";
}

}  // namespace

std::string Metrics::render(std::size_t connections) const {
  std::string out;
  family(out, "sessions", "gauge", "Legacy sessions that exist.");
  sample(out, "sessions", "", sessions_active);
  family(out, "sessions_total", "counter", "Legacy sessions by what became of them.");
  sample(out, "sessions_total", label("event", "created"), sessions_created);
  sample(out, "sessions_total", label("event", "deleted"), sessions_deleted);
  sample(out, "sessions_total", label("event", "expired"), sessions_expired);
  sample(out, "sessions_total", label("event", "lost"), sessions_lost);
  sample(out, "sessions_total", label("event", "refused"), sessions_refused);
  family(out, "streams", "gauge", "Event streams that are open.");
  sample(out, "streams", "", streams_open);
  family(out, "streams_total", "counter", "Event streams that were opened or resumed.");
  sample(out, "streams_total", label("event", "opened"), streams_opened);
  sample(out, "streams_total", label("event", "resumed"), streams_resumed);
  family(out, "connections", "gauge", "TCP connections that are open.");
  sample(out, "connections", "", connections);
  family(out, "cancellations_total", "counter", "Requests that the client cancelled.");
  sample(out, "cancellations_total", "", cancellations);
  family(out, "requests_total", "counter", "Requests by method and HTTP status.");
  for (const auto& [key, value] : answers_) {
    sample(out, "requests_total",
           label("method", key.first) + "," + label("status", std::to_string(key.second)), value);
  }
  family(out, "faults_total", "counter", "Faults that were injected.");
  for (const auto& [name, value] : injected_) {
    sample(out, "faults_total", label("fault", name), value);
  }
  return out;
}

}  // namespace mcp::testserver
