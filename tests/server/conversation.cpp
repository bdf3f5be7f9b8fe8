#include "tests/server/conversation.hpp"

#include <algorithm>
#include <utility>

#include "tests/server/http_channels.hpp"
#include "tests/server/modern_rules.hpp"
#include "tests/server/protocol.hpp"
#include "tests/server/strikes.hpp"

namespace mcp::testserver {

namespace {

/// All messages of a conversation share one way out.
class SendChannel : public Channel {
 public:
  explicit SendChannel(Conversation::Send send) : send_(std::move(send)) {}
  void notify(std::string_view message) override { send_(message); }
  bool ask(std::string_view request) override {
    send_(request);
    return true;
  }
  void respond(std::string_view message, int /*status*/) override { send_(message); }
  void abandon() override {}

 private:
  Conversation::Send send_;
};

}  // namespace

std::string label_of(const JsonView& body) {
  const auto messages = sort_messages(body);
  if (messages.empty()) return "other";
  const auto& first = messages.front();
  return first.kind == Incoming::Kind::answer ? "answer" : first.method;
}

Conversation::Conversation(Service& service, Session& session, Eras eras, std::uint64_t number,
                           Send send)
    : service_(service),
      session_(session),
      eras_(eras),
      number_(number),
      send_(std::move(send)),
      jobs_(service.loop) {}

void Conversation::receive(const JsonView& body, const Strikes& strikes) {
  const auto messages = sort_messages(body);
  const bool batch = body.is_array();
  if (messages.empty() || (batch && session_.revision != Revision::v2025_03_26)) {
    return send_(error_text({}, code::invalid_request,
                            "Invalid Request: there are no batches in this revision"));
  }
  const auto requests = std::ranges::count(messages, Incoming::Kind::request, &Incoming::kind);
  std::shared_ptr<BatchCollector> collector;
  if (batch && requests > 0) {
    collector = std::make_shared<BatchCollector>(static_cast<std::size_t>(requests),
                                                 std::make_unique<SendChannel>(send_));
  }
  for (const auto& incoming : messages) {
    switch (incoming.kind) {
      case Incoming::Kind::request:
        if (collector != nullptr) {
          serve(incoming, strikes, std::make_unique<BatchChannel>(collector));
        } else {
          serve(incoming, strikes, std::make_unique<SendChannel>(send_));
        }
        break;
      case Incoming::Kind::invalid:
        send_(error_text(incoming.id, code::invalid_request,
                         "Invalid Request: " + std::string(incoming.problem)));
        break;
      default:
        take_note(incoming);
    }
  }
}

/// versioning.mdx, "Backward Compatibility with Initialization-Based Versions".
bool Conversation::is_modern(const Incoming& incoming) const {
  if (eras_ == Eras::legacy_only || !service_.core.supports(Era::modern)) return false;
  if (!service_.core.supports(Era::legacy)) return true;
  return incoming.params["_meta"][meta::version].exists();
}

void Conversation::serve(const Incoming& request, const Strikes& strikes,
                         std::unique_ptr<Channel> channel) {
  if (decorator_) channel = decorator_(std::move(channel), strikes);
  Call call{.id = request.id,
            .method = request.method,
            .params = request.params,
            .revision = session_.revision,
            .session = &session_};
  if (is_modern(request)) {
    if (const auto refusal = check_meta(service_.core, request)) {
      return channel->respond(
          error_text(request.id, refusal->code, refusal->message, refusal->raw_data),
          refusal->status);
    }
    const auto level = request.params["_meta"][meta::log_level];
    call.revision = *parse_revision(request.params["_meta"][meta::version].string());
    call.session = nullptr;
    call.log_rank = level.exists() ? log_level_rank(level.string()) : -1;
  } else if (!session_.initialized && request.method != "initialize" && request.method != "ping") {
    // 2025-11-25 lifecycle, "Initialization": nothing but pings before it.
    return channel->respond(
        error_text(request.id, code::invalid_request, "the session is not initialized"), 400);
  }
  auto outcome = handle_with(service_.core, call, strikes, number_);
  service_.metrics.answered(request.method, outcome.status);
  jobs_.start({.key = request.id, .raw_id = request.id}, std::move(outcome),
              channel_with(std::move(channel), strikes));
}

void Conversation::take_note(const Incoming& incoming) {
  if (incoming.kind == Incoming::Kind::answer) {
    jobs_.answer(incoming.id, incoming.message);
  } else if (incoming.method == "notifications/cancelled" &&
             jobs_.cancel(incoming.params["requestId"].raw())) {
    ++service_.metrics.cancellations;
  }
}

void Conversation::announce(Jobs::Change change, std::string_view uri) {
  jobs_.announce(change, uri);
  if (!session_.initialized) return;
  if (change == Jobs::Change::resource && !session_.subscriptions.contains(uri)) return;
  send_(change_text(change, uri, {}));
}

void Conversation::drain() {
  for (const auto& id : jobs_.end_subscriptions()) {
    // 2026-07-28 cancellation: a server MUST send it for each subscription that it tears down.
    send_(notification_text("notifications/cancelled",
                            R"({"requestId":)" + id + R"(,"reason":"the server shuts down"})"));
  }
}

}  // namespace mcp::testserver
