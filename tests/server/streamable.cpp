#include "tests/server/streamable.hpp"

#include <algorithm>
#include <utility>

#include "tests/server/protocol.hpp"
#include "tests/server/strikes.hpp"

namespace mcp::testserver {

StreamableEndpoint::StreamableEndpoint(Service& service)
    : service_(service),
      sessions_(service.options.session_ttl, service.options.max_sessions),
      sessionless_(service.loop) {}

StreamablePeer* StreamableEndpoint::peer_of(Session* session) {
  return session == nullptr ? nullptr : static_cast<StreamablePeer*>(session->peer.get());
}

void StreamableEndpoint::refuse(ResponderPtr responder, int status, std::string_view raw_id,
                                int error_code, std::string_view message,
                                std::string_view raw_data) {
  responder->respond(status, json_type, error_text(raw_id, error_code, message, raw_data));
}

void StreamableEndpoint::handle(const Inbound& inbound, ResponderPtr responder) {
  if (inbound.strikes.find(Fault::Kind::lose_session) != nullptr) lose(inbound);
  const auto method = inbound.http.method;
  if (method == "POST") return post(inbound, std::move(responder));
  // 2026-07-28 streamable-http, "Earlier Streamable HTTP Revisions": 405 for GET and DELETE. A
  // legacy server without sessions has neither a stream to offer nor anything to delete.
  const bool sessions =
      service_.core.supports(Era::legacy) && service_.options.sessions == SessionMode::stateful;
  if (sessions && method == "GET") return get(inbound, std::move(responder));
  if (sessions && method == "DELETE") return remove(inbound, std::move(responder));
  const HeaderList headers{{.name = "Content-Type", .value = "application/json"},
                           {.name = "Allow", .value = sessions ? "GET, POST, DELETE" : "POST"}};
  responder->respond(405, headers, error_text({}, code::refused, "Method not allowed"));
}

void StreamableEndpoint::lose(const Inbound& inbound) {
  const auto id = inbound.field("Mcp-Session-Id");
  if (!id || !sessions_.remove(*id)) return;
  ++service_.metrics.sessions_lost;
  --service_.metrics.sessions_active;
}

void StreamableEndpoint::post(const Inbound& inbound, ResponderPtr responder) {
  if (!inbound.accepts("application/json") || !inbound.accepts("text/event-stream")) {
    return refuse(std::move(responder), 406, {}, code::refused,
                  "Not Acceptable: accept both application/json and text/event-stream");
  }
  if (!inbound.has_content_type("application/json")) {
    return refuse(std::move(responder), 415, {}, code::refused,
                  "Unsupported Media Type: send application/json");
  }
  if (!inbound.body) {
    return refuse(std::move(responder), 400, {}, code::parse_error, "Parse error: not JSON");
  }
  if (inbound.messages.empty()) {
    return refuse(std::move(responder), 400, {}, code::invalid_request, "the batch is empty");
  }
  for (const auto& incoming : inbound.messages) {
    if (incoming.kind == Incoming::Kind::invalid) {
      return refuse(std::move(responder), 400, incoming.id, code::invalid_request,
                    "Invalid Request: " + std::string(incoming.problem));
    }
  }
  if (is_modern(inbound)) return modern_post(inbound, std::move(responder));
  legacy_post(inbound, std::move(responder));
}

/// versioning.mdx: a request with modern `_meta` is served by the modern rules. The header alone
/// counts too, so that a request without `_meta` is told what it lacks.
bool StreamableEndpoint::is_modern(const Inbound& inbound) const {
  if (!service_.core.supports(Era::modern)) return false;
  if (!service_.core.supports(Era::legacy)) return true;
  if (inbound.batch) return false;
  if (inbound.messages.front().params["_meta"][meta::version].exists()) return true;
  const auto header = inbound.field("MCP-Protocol-Version");
  if (!header) return false;
  const auto revision = parse_revision(*header);
  return !revision ? !inbound.field("Mcp-Session-Id").has_value()
                   : era_of(*revision) == Era::modern;
}

void StreamableEndpoint::modern_post(const Inbound& inbound, ResponderPtr responder) {
  const auto& incoming = inbound.messages.front();
  // "Sending Messages": a single request or notification, no responses.
  if (inbound.batch || incoming.kind == Incoming::Kind::answer) {
    return refuse(std::move(responder), 400, {}, code::invalid_request,
                  "Invalid Request: send one request or notification");
  }
  if (incoming.kind == Incoming::Kind::notification) return responder->respond(202, {}, {});
  if (const auto refusal = check_fields(service_.core, inbound, incoming)) {
    return refuse(std::move(responder), refusal->status, incoming.id, refusal->code,
                  refusal->message, refusal->raw_data);
  }
  const auto level = incoming.params["_meta"][meta::log_level];
  const Call call{.id = incoming.id,
                  .method = incoming.method,
                  .params = incoming.params,
                  .revision = *parse_revision(incoming.params["_meta"][meta::version].string()),
                  .log_rank = level.exists() ? log_level_rank(level.string()) : -1};
  auto outcome = handle_with(service_.core, call, inbound.strikes, inbound.http.connection);
  answer({.inbound = inbound, .call = call}, std::move(outcome), std::move(responder));
}

bool StreamableEndpoint::wants_stream(const Inbound& inbound, const Outcome& outcome) const {
  if (outcome.subscription) return true;
  if (inbound.strikes.find(Fault::Kind::duplicate) != nullptr) return true;
  switch (service_.options.answers) {
    case AnswerMode::json:
      return false;
    case AnswerMode::sse:
      // An error with its own status (400, 404) has to be the status of the answer.
      return outcome.status == 200;
    case AnswerMode::automatic:
      return !outcome.immediate();
  }
  return false;
}

void StreamableEndpoint::answer(const Answer& how, Outcome outcome, ResponderPtr responder) {
  const bool streams = wants_stream(how.inbound, outcome);
  if (!streams && outcome.immediate() && how.headers.empty()) {
    return responder->respond(outcome.status, json_type, outcome.response);
  }
  const std::string key =
      how.peer != nullptr ? std::string(how.call.id) : std::to_string(++last_exchange_);
  auto& jobs = how.peer != nullptr ? how.peer->jobs : sessionless_;
  auto channel =
      channel_with(make_channel(how, streams, key, std::move(responder)), how.inbound.strikes);
  jobs.start({.key = key, .raw_id = how.call.id}, std::move(outcome), std::move(channel));
}

std::unique_ptr<Channel> StreamableEndpoint::make_channel(const Answer& how, bool streams,
                                                          std::string_view key,
                                                          ResponderPtr responder) {
  // "Cancellation": closing the connection cancels a modern request. A legacy one goes on, as its
  // client may resume the stream.
  const auto cancel = [this, key = std::string(key)] {
    if (sessionless_.cancel(key)) ++service_.metrics.cancellations;
  };
  if (!streams) {
    auto headers = json_type;
    headers.insert(headers.end(), how.headers.begin(), how.headers.end());
    if (how.peer == nullptr) responder->on_closed(cancel);
    const bool late = how.inbound.strikes.find(Fault::Kind::late) != nullptr;
    return std::make_unique<JsonChannel>(
        std::move(responder), std::move(headers), how.peer,
        late ? JsonChannel::Head::at_once : JsonChannel::Head::with_response);
  }
  auto stream = std::make_unique<SseStream>(service_.streams, std::move(responder), how.headers);
  if (how.peer == nullptr) {
    stream->on_closed(cancel);
    return std::make_unique<SseChannel>(std::move(stream));
  }
  // Priming came with 2025-11-25; clients of older revisions stumble over the empty data.
  const auto priming =
      how.call.revision >= Revision::v2025_11_25 ? StreamLog::Priming::yes : StreamLog::Priming::no;
  const auto number = how.peer->streams.open(std::move(stream), StreamLog::Origin::post, priming);
  return std::make_unique<LoggedChannel>(*how.peer, number,
                                         service_.options.ask_on == AskOn::get_stream);
}

void StreamableEndpoint::expire(TimePoint now) {
  const auto count = sessions_.expire(now);
  service_.metrics.sessions_expired += count;
  service_.metrics.sessions_active -= count;
}

void StreamableEndpoint::announce(Jobs::Change change, std::string_view uri) {
  sessionless_.announce(change, uri);
  sessions_.for_each([&](Session& session) {
    if (change == Jobs::Change::resource && !session.subscriptions.contains(uri)) return;
    auto& streams = peer_of(&session)->streams;
    if (const auto stream = streams.newest_get()) {
      streams.send(*stream, change_text(change, uri, {}));
    }
  });
}

void StreamableEndpoint::drain() {
  sessionless_.end_subscriptions();
  sessions_.for_each([](Session& session) { peer_of(&session)->streams.finish_gets(); });
}

}  // namespace mcp::testserver
