#include "tests/server/http_sse.hpp"

#include <utility>
#include <vector>

#include "tests/server/protocol.hpp"

namespace mcp::testserver {

namespace {

const HeaderList text_type{{.name = "Content-Type", .value = "text/plain"}};

std::string_view query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto part = query.substr(0, query.find('&'));
    if (part.starts_with(name) && part.substr(name.size()).starts_with('=')) {
      return part.substr(name.size() + 1);
    }
    query.remove_prefix(std::min(query.size(), part.size() + 1));
  }
  return {};
}

}  // namespace

struct HttpSseEndpoint::Peer : SessionPeer {
  SseStream stream;
  Conversation conversation;  // after the stream, which it writes to

  Peer(Service& service, Session& session, std::uint64_t connection, ResponderPtr responder)
      : stream(service.streams, std::move(responder)),
        conversation(service, session, Conversation::Eras::legacy_only, connection,
                     [this](std::string_view message) { stream.event(message); }) {}
  bool busy() const override { return true; }
};

HttpSseEndpoint::HttpSseEndpoint(Service& service)
    : service_(service), sessions_(Duration::zero(), service.options.max_sessions) {}

HttpSseEndpoint::Peer& HttpSseEndpoint::peer_of(Session& session) {
  return static_cast<Peer&>(*session.peer);
}

void HttpSseEndpoint::open(const Inbound& inbound, ResponderPtr responder) {
  if (inbound.http.method != "GET" || !service_.core.supports(Era::legacy)) {
    return responder->respond(405, {{.name = "Allow", .value = "GET"}}, {});
  }
  auto* session = sessions_.create(random_hex(16), service_.loop.now());
  if (session == nullptr) {
    ++service_.metrics.sessions_refused;
    return responder->respond(503, {{.name = "Retry-After", .value = "1"}}, {});
  }
  ++service_.metrics.sessions_created;
  ++service_.metrics.sessions_active;
  auto peer =
      std::make_unique<Peer>(service_, *session, inbound.http.connection, std::move(responder));
  auto& stream = peer->stream;
  session->peer = std::move(peer);
  stream.on_closed([this, id = session->id] { close(id); });
  // 2024-11-05 transports, "HTTP with SSE": the first event says where messages go.
  stream.event("/messages?sessionId=" + session->id, {}, "endpoint");
}

void HttpSseEndpoint::close(const std::string& id) {
  if (!sessions_.remove(std::string(id))) return;
  ++service_.metrics.sessions_deleted;
  --service_.metrics.sessions_active;
}

void HttpSseEndpoint::post(const Inbound& inbound, ResponderPtr responder) {
  if (inbound.http.method != "POST") {
    return responder->respond(405, {{.name = "Allow", .value = "POST"}}, {});
  }
  const auto id = query_value(inbound.http.query, "sessionId");
  if (id.empty()) return responder->respond(400, text_type, "sessionId is missing\n");
  auto* session = sessions_.find(id, service_.loop.now());
  if (session == nullptr) return responder->respond(404, text_type, "Session not found\n");
  if (!inbound.has_content_type("application/json")) {
    return responder->respond(415, text_type, "send application/json\n");
  }
  if (!inbound.body) return responder->respond(400, text_type, "the body is not JSON\n");
  if (inbound.strikes.find(Fault::Kind::lose_session) != nullptr) {
    ++service_.metrics.sessions_lost;
    close(session->id);
    return responder->respond(404, text_type, "Session not found\n");
  }
  responder->respond(202, text_type, "Accepted");
  peer_of(*session).conversation.receive(*inbound.body, inbound.strikes);
}

void HttpSseEndpoint::announce(Jobs::Change change, std::string_view uri) {
  sessions_.for_each(
      [&](Session& session) { peer_of(session).conversation.announce(change, uri); });
}

void HttpSseEndpoint::drain() {
  sessions_.for_each([](Session& session) { peer_of(session).stream.finish(); });
}

}  // namespace mcp::testserver
