#include "tests/unit/transport/http_rig.hpp"

#include <utility>

namespace mcp {

HttpRig::HttpRig(TransportKind kind_of_transport, std::string_view url) : kind(kind_of_transport) {
  endpoint.url = parse_url(url).value();
}

Transport& HttpRig::transport() {
  if (!transport_) {
    transport_ = make_transport(
        kind, endpoint, TransportContext{.loop = loop, .http = &http, .children = nullptr}, seen);
  }
  return *transport_;
}

FakeExchange& HttpRig::send(Outgoing outgoing) {
  transport().send(std::move(outgoing));
  return http.last();
}

FakeExchange& HttpRig::call(std::int64_t id, std::string method, TimePoint deadline) {
  return send(request(id, std::move(method), deadline));
}

FakeExchange& HttpRig::notify(std::string method) {
  return send(notification(std::move(method)));
}

void HttpRig::shake_hands(const std::string& session_id, Revision revision) {
  HeaderList fields = json_type;
  if (!session_id.empty()) fields.push_back({"Mcp-Session-Id", session_id});
  call(0, "initialize").answer(200, fields, result_text(0));
  transport().set_revision(revision);
  notify("notifications/initialized").answer(202, {}, "");
  loop.settle();
  seen.take();
}

void HttpRig::start_closing(TimePoint deadline) {
  transport().close(deadline, [this](Result<void> outcome) { closed = std::move(outcome); });
}

std::optional<Result<void>> HttpRig::close(TimePoint deadline) {
  start_closing(deadline);
  loop.settle();
  return closed;
}

Outgoing request(std::int64_t id, std::string method, TimePoint deadline) {
  return {.message = Request{.id = id, .method = std::move(method), .params = {}},
          .headers = {},
          .deadline = deadline};
}

Outgoing modern_request(std::int64_t id, std::string method) {
  auto outgoing = request(id, method);
  outgoing.headers = {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", method}};
  return outgoing;
}

Outgoing notification(std::string method) {
  return {.message = Notification{.method = std::move(method), .params = {}}, .headers = {}};
}

std::string result_text(std::int64_t id) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"result":{}})";
}

std::string result_line(std::int64_t id) {
  return "message " + result_text(id);
}

std::string event(std::string_view text, std::string_view id) {
  std::string bytes;
  if (!id.empty()) bytes += "id: " + std::string(id) + "\n";
  return bytes + "data: " + std::string(text) + "\n\n";
}

}  // namespace mcp
