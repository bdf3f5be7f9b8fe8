#include <algorithm>
#include <utility>

#include "tests/server/protocol.hpp"
#include "tests/server/streamable.hpp"
#include "tests/server/strikes.hpp"

// Streamable HTTP of the legacy era: sessions, batches, GET streams and their resumption, DELETE.

namespace mcp::testserver {

namespace {

constexpr int session_not_found = -32001;  // what the official SDKs send with the 404

}  // namespace

/// 2025-11-25 transports, "Session Management" and "Protocol Version Header".
StreamableEndpoint::Found StreamableEndpoint::find_session(const Inbound& inbound,
                                                           ResponderPtr& responder) {
  const auto refused = [&responder](int status, int error_code, std::string_view message) {
    refuse(std::move(responder), status, {}, error_code, message);
    return Found{.refused = true};
  };
  Found found;
  if (service_.options.sessions == SessionMode::stateful) {
    const auto id = inbound.field("Mcp-Session-Id");
    if (!id) return refused(400, code::refused, "Bad Request: the field Mcp-Session-Id is missing");
    found.session = sessions_.find(*id, service_.loop.now());
    if (found.session == nullptr) return refused(404, session_not_found, "Session not found");
  }
  const auto revision = legacy_revision(inbound, found.session);
  if (!revision) {
    return refused(400, code::refused,
                   "Bad Request: Unsupported protocol version: " +
                       std::string(inbound.field("MCP-Protocol-Version").value_or("")) +
                       " (supported versions: " + version_list(service_.core.revisions()) + ")");
  }
  found.revision = *revision;
  return found;
}

std::optional<Revision> StreamableEndpoint::legacy_revision(const Inbound& inbound,
                                                            const Session* session) const {
  const auto header = inbound.field("MCP-Protocol-Version");
  if (!header) return session != nullptr ? session->revision : Revision::v2025_03_26;
  const auto named = parse_revision(*header);
  if (!named || era_of(*named) != Era::legacy || !service_.core.supports(*named)) {
    return std::nullopt;
  }
  return session != nullptr ? session->revision : *named;
}

void StreamableEndpoint::legacy_post(const Inbound& inbound, ResponderPtr responder) {
  const auto& messages = inbound.messages;
  const bool opens = std::ranges::any_of(messages, [](const Incoming& incoming) {
    return incoming.kind == Incoming::Kind::request && incoming.method == "initialize";
  });
  if (opens && !inbound.batch) return initialize(inbound, std::move(responder));
  if (opens) {
    // 2025-03-26 lifecycle: "The initialize request MUST NOT be part of a JSON-RPC batch".
    return refuse(std::move(responder), 400, {}, code::invalid_request,
                  "Invalid Request: initialize must not be part of a batch");
  }
  const auto found = find_session(inbound, responder);
  if (found.refused) return;
  if (inbound.batch && found.revision != Revision::v2025_03_26) {
    return refuse(std::move(responder), 400, {}, code::invalid_request,
                  "Invalid Request: there are no batches in this revision");
  }
  for (const auto& incoming : messages) {
    if (incoming.kind != Incoming::Kind::request) take_note(incoming, found.session);
  }
  const auto request = std::ranges::find(messages, Incoming::Kind::request, &Incoming::kind);
  if (request == messages.end()) return responder->respond(202, {}, {});
  if (inbound.batch) {
    return serve_batch(inbound, found.session, found.revision, std::move(responder));
  }
  const Call call{.id = request->id,
                  .method = request->method,
                  .params = request->params,
                  .revision = found.revision,
                  .session = found.session};
  auto outcome = handle_with(service_.core, call, inbound.strikes, inbound.http.connection);
  answer({.inbound = inbound, .call = call, .peer = peer_of(found.session)}, std::move(outcome),
         std::move(responder));
}

void StreamableEndpoint::take_note(const Incoming& incoming, Session* session) {
  auto* peer = peer_of(session);
  if (peer == nullptr) return;
  if (incoming.kind == Incoming::Kind::answer) {
    peer->jobs.answer(incoming.id, incoming.message);
  } else if (incoming.method == "notifications/cancelled" &&
             peer->jobs.cancel(incoming.params["requestId"].raw())) {
    ++service_.metrics.cancellations;
  }
}

void StreamableEndpoint::initialize(const Inbound& inbound, ResponderPtr responder) {
  const auto& incoming = inbound.messages.front();
  auto& metrics = service_.metrics;
  Session* session = nullptr;
  if (service_.options.sessions == SessionMode::stateful) {
    session = sessions_.create(random_hex(16), service_.loop.now());
    if (session == nullptr) {
      ++metrics.sessions_refused;
      const HeaderList headers{{.name = "Content-Type", .value = "application/json"},
                               {.name = "Retry-After", .value = "1"}};
      return responder->respond(
          503, headers, error_text(incoming.id, code::refused, "there are too many sessions"));
    }
    session->peer = std::make_unique<StreamablePeer>(service_.loop, service_.options.retry);
  }
  const Call call{
      .id = incoming.id, .method = incoming.method, .params = incoming.params, .session = session};
  auto outcome = handle_with(service_.core, call, inbound.strikes, inbound.http.connection);
  if (session != nullptr && !session->initialized) {
    sessions_.remove(session->id);
    session = nullptr;
  }
  HeaderList headers;
  if (session != nullptr) {
    ++metrics.sessions_created;
    ++metrics.sessions_active;
    headers.push_back({.name = "Mcp-Session-Id", .value = session->id});
  }
  answer({.inbound = inbound, .call = call, .peer = peer_of(session), .headers = headers},
         std::move(outcome), std::move(responder));
}

void StreamableEndpoint::serve_batch(const Inbound& inbound, Session* session, Revision revision,
                                     ResponderPtr responder) {
  struct Part {
    Call call;
    Outcome outcome;
  };
  std::vector<Part> parts;
  for (const auto& incoming : inbound.messages) {
    if (incoming.kind != Incoming::Kind::request) continue;
    const Call call{.id = incoming.id,
                    .method = incoming.method,
                    .params = incoming.params,
                    .revision = revision,
                    .session = session};
    parts.push_back(
        {.call = call,
         .outcome = handle_with(service_.core, call, inbound.strikes, inbound.http.connection)});
  }
  const bool streams = std::ranges::any_of(
      parts, [&](const Part& part) { return wants_stream(inbound, part.outcome); });
  auto* peer = peer_of(session);
  const auto exchange = std::to_string(++last_exchange_);
  const auto batch = std::make_shared<BatchCollector>(
      parts.size(), make_channel({.inbound = inbound, .call = parts.front().call, .peer = peer},
                                 streams, exchange, std::move(responder)));
  auto& jobs = peer != nullptr ? peer->jobs : sessionless_;
  for (auto& part : parts) {
    const std::string key =
        peer != nullptr ? std::string(part.call.id) : exchange + ":" + std::string(part.call.id);
    jobs.start({.key = key, .raw_id = part.call.id}, std::move(part.outcome),
               std::make_unique<BatchChannel>(batch));
  }
}

void StreamableEndpoint::get(const Inbound& inbound, ResponderPtr responder) {
  if (!inbound.accepts("text/event-stream")) {
    return refuse(std::move(responder), 406, {}, code::refused,
                  "Not Acceptable: accept text/event-stream");
  }
  const auto found = find_session(inbound, responder);
  if (found.session == nullptr) return;  // refused: servers without sessions do not get here
  const auto last_event_id = inbound.field("Last-Event-ID");
  if (last_event_id) {
    return resume(inbound, *found.session, *last_event_id, std::move(responder));
  }
  auto stream = std::make_unique<SseStream>(
      service_.streams, std::move(responder),
      HeaderList{{.name = "Mcp-Session-Id", .value = found.session->id}});
  const auto priming =
      found.revision >= Revision::v2025_11_25 ? StreamLog::Priming::yes : StreamLog::Priming::no;
  peer_of(found.session)->streams.open(std::move(stream), StreamLog::Origin::get, priming);
}

void StreamableEndpoint::resume(const Inbound& /*inbound*/, Session& session,
                                std::string_view last_event_id, ResponderPtr responder) {
  auto& streams = peer_of(&session)->streams;
  if (!streams.knows(last_event_id)) {
    return refuse(std::move(responder), 400, {}, code::refused,
                  "Bad Request: this Last-Event-ID is unknown");
  }
  ++service_.metrics.streams_resumed;
  streams.resume(last_event_id, std::make_unique<SseStream>(
                                    service_.streams, std::move(responder),
                                    HeaderList{{.name = "Mcp-Session-Id", .value = session.id}}));
}

void StreamableEndpoint::remove(const Inbound& inbound, ResponderPtr responder) {
  const auto found = find_session(inbound, responder);
  if (found.session == nullptr) return;  // refused: servers without sessions do not get here
  sessions_.remove(std::string(found.session->id));
  ++service_.metrics.sessions_deleted;
  --service_.metrics.sessions_active;
  responder->respond(200, {}, {});
}

}  // namespace mcp::testserver
