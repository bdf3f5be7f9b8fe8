#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "mcp/session/session.hpp"
#include "mcp/wire/codec.hpp"

namespace mcp {

using Texts = std::vector<std::string>;

/// A session in virtual time between a server that a test plays and an owner that writes down
/// what it is told.
class SessionFixture : public SessionSink, public SessionObserver {
 public:
  explicit SessionFixture(SessionConfig config = {})
      : session(named(std::move(config)), *this, *this) {}

  Session session;
  /// What went out and was not looked at yet.
  std::vector<Outgoing> outbox;
  Texts abandoned;
  /// "notification METHOD", "request METHOD: ANSWER", "warning TEXT".
  Texts told;
  std::vector<StrayAnswer> strays;
  /// "LABEL: JSON" or "LABEL: KIND: MESSAGE".
  Texts replies;

  static TimePoint at(std::chrono::milliseconds time) { return TimePoint() + time; }

  /// The server sends one JSON text.
  void receive(const nlohmann::json& message, std::chrono::milliseconds time = {}) {
    auto messages = decode(message.dump());
    if (!messages) throw std::runtime_error(messages.error().message);
    for (auto& each : *messages) session.receive(std::move(each), at(time));
  }
  void receive_result(std::int64_t id, nlohmann::json result) {
    receive({{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}});
  }
  void receive_error(std::int64_t id, int code, const std::string& message,
                     nlohmann::json data = nullptr) {
    nlohmann::json error = {{"code", code}, {"message", message}};
    if (!data.is_null()) error["data"] = std::move(data);
    receive({{"jsonrpc", "2.0"}, {"id", id}, {"error", std::move(error)}});
  }

  /// Takes the oldest message out of the outbox.
  Outgoing take() {
    if (outbox.empty()) throw std::runtime_error("nothing was sent");
    auto first = std::move(outbox.front());
    outbox.erase(outbox.begin());
    return first;
  }
  nlohmann::json sent() { return nlohmann::json::parse(encode(take().message)); }
  nlohmann::json sent_params() { return sent().value("params", nlohmann::json()); }

  OnReply reply_as(std::string label) {
    return [this, label = std::move(label)](const Result<Json>& reply) {
      replies.push_back(label + ": " + (reply ? (*reply)->dump() : text_of(reply.error())));
    };
  }
  std::move_only_function<void(Result<Peer>)> peer_as(std::string label) {
    return [this, label = std::move(label)](Result<Peer> peer) {
      replies.push_back(label + ": " +
                        (peer ? std::string(to_string(peer->revision)) : text_of(peer.error())));
      last_error = peer ? Error() : peer.error();
      if (peer) last_peer = std::move(*peer);
    };
  }
  RequestId call(std::string method, nlohmann::json params = nullptr, CallOptions options = {}) {
    auto reply = reply_as(method);
    return session.call(std::move(method), std::move(params), std::move(options), std::move(reply));
  }

  /// Done with the handshake, and everything that it wrote down forgotten.
  void become_legacy(Revision revision = latest_legacy) {
    const auto id = session.initialize(revision, TimePoint::max(), peer_as("initialize"));
    receive_result(std::get<std::int64_t>(id), {{"protocolVersion", to_string(revision)},
                                                {"capabilities", nlohmann::json::object()},
                                                {"serverInfo", {{"name", "s"}, {"version", "1"}}}});
    forget();
  }
  void become_modern() {
    const auto id = session.discover(latest_modern, TimePoint::max(), peer_as("discover"));
    receive_result(std::get<std::int64_t>(id), {{"supportedVersions", {"2026-07-28"}},
                                                {"capabilities", nlohmann::json::object()}});
    forget();
  }
  void forget() {
    outbox.clear();
    abandoned.clear();
    told.clear();
    replies.clear();
  }

  Peer last_peer;
  Error last_error;

  void send(Outgoing outgoing) override { outbox.push_back(std::move(outgoing)); }
  void abandon(const RequestId& id) override { abandoned.push_back(mcp::to_string(id)); }
  void on_notification(const Notification& notification) override {
    told.push_back("notification " + notification.method);
  }
  void on_server_request(const Request& request, const std::string& answered) override {
    told.push_back("request " + request.method + ": " + answered);
  }
  void on_stray_answer(StrayAnswer stray) override { strays.push_back(stray); }
  void on_warning(const std::string& warning) override { told.push_back("warning " + warning); }

  static std::string text_of(const Error& error) {
    return std::string(mcp::to_string(error.kind)) + ": " + error.message;
  }

 private:
  static SessionConfig named(SessionConfig config) {
    config.client_version = "1.2";
    return config;
  }
};

}  // namespace mcp
