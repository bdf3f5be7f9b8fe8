#include "tests/server/router.hpp"

#include <utility>

#include "tests/server/protocol.hpp"

namespace mcp::testserver {

namespace {

const HeaderList plain_text{{.name = "Content-Type", .value = "text/plain; charset=utf-8"}};
const HeaderList prometheus_text{
    {.name = "Content-Type", .value = "text/plain; version=0.0.4; charset=utf-8"}};

}  // namespace

Router::Router(Service& service)
    : service_(service),
      access_({.tokens = service.options.tokens,
               .authorization_server = service.options.authorization_server,
               .tls = !service.options.http.certificate_file.empty()}),
      streamable_(service),
      http_sse_(service),
      gate_(service, [this](const Inbound& inbound, ResponderPtr responder) {
        dispatch(inbound, std::move(responder));
      }) {}

void Router::on_refused(int status) {
  service_.metrics.answered("other", status);
}

bool Router::serve_plain(const HttpServerRequest& request, HttpResponder& responder) {
  if (request.path == "/healthz") {
    const bool well = !service_.draining;
    responder.respond(well ? 200 : 503, plain_text, well ? "ok\n" : "draining\n");
    return true;
  }
  if (request.path == "/metrics") {
    responder.respond(200, prometheus_text, service_.metrics.render(connections_()));
    return true;
  }
  if (request.path.starts_with(metadata_path)) {
    access_.describe(request, responder);
    return true;
  }
  return false;
}

void Router::on_request(const HttpServerRequest& request, ResponderPtr responder) {
  if (serve_plain(request, *responder)) return;
  const auto origin = request.find("Origin");
  if (origin && !is_allowed_origin(*origin, service_.options.allowed_origins)) {
    service_.metrics.answered(request.method, 403);
    return responder->respond(403, json_type,
                              error_text({}, code::refused, "Forbidden: Origin is not allowed"));
  }
  if (!access_.admits(request)) {
    service_.metrics.answered(request.method, 401);
    return access_.refuse(request, *responder);
  }
  gate_.admit(request, std::move(responder));
}

void Router::dispatch(const Inbound& inbound, ResponderPtr responder) {
  announce_tool_change(inbound.strikes);
  if (inbound.http.path == "/mcp") return streamable_.handle(inbound, std::move(responder));
  if (inbound.http.path == "/sse") return http_sse_.open(inbound, std::move(responder));
  if (inbound.http.path == "/messages") return http_sse_.post(inbound, std::move(responder));
  responder->respond(404, plain_text, "Not found: the endpoints are /mcp and /sse\n");
}

void Router::announce_tool_change(const Strikes& strikes) {
  if (tools_changed_ || strikes.find(Fault::Kind::tools_change) == nullptr) return;
  tools_changed_ = true;
  streamable_.announce(Jobs::Change::tools, {});
  http_sse_.announce(Jobs::Change::tools, {});
}

void Router::announce_all() {
  const auto announce = [this](Jobs::Change change, std::string_view uri) {
    streamable_.announce(change, uri);
    http_sse_.announce(change, uri);
  };
  announce(Jobs::Change::tools, {});
  announce(Jobs::Change::prompts, {});
  announce(Jobs::Change::resources, {});
  for (const auto& item : service_.core.surface().resources) {
    announce(Jobs::Change::resource, item.key);
  }
}

void Router::drain() {
  streamable_.drain();
  http_sse_.drain();
}

}  // namespace mcp::testserver
