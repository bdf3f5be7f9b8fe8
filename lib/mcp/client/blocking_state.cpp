#include "mcp/client/blocking_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/client/pages.hpp"
#include "mcp/session/tool_headers.hpp"

namespace mcp {

namespace {

/// What carries a request tells at the deadline in which phase it was; this is how long it is
/// given to do so before the wait ends without it.
constexpr auto deadline_slack = std::chrono::milliseconds(25);
/// A server that holds back the head of its GET stream must not hold back the call.
constexpr auto stream_patience = std::chrono::seconds(1);

TimePoint later(TimePoint deadline, Duration by) {
  return deadline == TimePoint::max() ? deadline : deadline + by;
}

}  // namespace

BlockingClient::State::State(Loop& loop_in, Endpoint endpoint_in, ClientOptions options_in,
                             ClientEvents events_in)
    : loop(loop_in),
      endpoint(std::move(endpoint_in)),
      options(std::move(options_in)),
      events(std::move(events_in)) {}

BlockingClient::State::~State() = default;

Result<void> BlockingClient::State::turn_until(const std::function<bool()>& done,
                                               TimePoint deadline, std::string_view what) {
  const auto latest = later(deadline, deadline_slack);
  while (!done()) {
    if (interrupted) return fail(ErrorKind::interrupted, fmt::format("{}: interrupted", what));
    if (loop.now() >= latest) {
      return fail(ErrorKind::timeout, fmt::format("{}: no answer before the deadline", what));
    }
    loop.turn(latest);
  }
  return {};
}

Result<void> BlockingClient::State::make_engines() {
  if (!endpoint.url) {
    if (!children_) children_ = make_child_spawner(loop);
    return {};
  }
  if (http_) return {};
  auto options_for_http = endpoint.http;
  options_for_http.on_connected = events.on_connected;
  auto made = make_curl_http(loop, std::move(options_for_http));
  if (!made) return std::unexpected(made.error());
  http_ = std::move(*made);
  return {};
}

namespace {

/// Keeps the outcome of an exchange that only connects.
class ConnectOutcome final : public HttpObserver {
 public:
  void on_head(const HttpResponseHead&) override {}
  void on_data(std::string_view) override {}
  void on_finished(Result<HttpTimings> result) override { outcome = std::move(result); }
  std::optional<Result<HttpTimings>> outcome;
};

}  // namespace

Result<HttpTimings> BlockingClient::State::connect_only(TimePoint deadline) {
  if (auto made = make_engines(); !made) return std::unexpected(made.error());
  if (!endpoint.url) {
    return fail(ErrorKind::usage, "a command has nothing to connect to", "use --depth handshake");
  }
  ConnectOutcome observer;
  const auto exchange =
      http_->start_connect({.url = endpoint.url->to_string(), .deadline = deadline}, observer);
  auto waited =
      turn_until([&] { return observer.outcome.has_value(); }, deadline, endpoint.url->origin());
  if (!waited) return std::unexpected(waited.error());
  return std::move(*observer.outcome);
}

Result<Peer> BlockingClient::State::open(TimePoint deadline) {
  if (auto made = make_engines(); !made) return std::unexpected(made.error());
  connection = std::make_unique<Connection>(TransportContext{loop, http_.get(), children_.get()},
                                            endpoint, options, *this);
  // Shared with the callback: it may come after this call has given up.
  auto outcome = std::make_shared<std::optional<Result<Peer>>>();
  connection->open(deadline, [outcome](Result<Peer> opened) { *outcome = std::move(opened); });
  auto waited = turn_until([&] { return outcome->has_value(); }, deadline, "handshake");
  if (!waited) return std::unexpected(waited.error());
  if (**outcome) peer = ***outcome;
  return std::move(**outcome);
}

Result<Json> BlockingClient::State::call(std::string method, Json params, TimePoint deadline,
                                         std::function<void(const Notification&)> on_progress,
                                         HeaderList headers) {
  if (!connection) return fail(ErrorKind::usage, "the connection is not open");
  if (interrupted) return fail(ErrorKind::interrupted, method + ": interrupted");
  auto outcome = std::make_shared<std::optional<Result<Json>>>();
  CallOptions call_options{.deadline = deadline, .headers = std::move(headers)};
  if (on_progress) call_options.on_progress = std::move(on_progress);
  const auto id = connection->call(method, std::move(params), std::move(call_options),
                                   [outcome](Result<Json> reply) { *outcome = std::move(reply); });
  auto waited = turn_until([&] { return outcome->has_value(); }, deadline, method);
  if (!waited) {
    connection->cancel(id,
                       to_string(waited.error().kind) == "timeout" ? "timed out" : "interrupted");
    return std::unexpected(waited.error());
  }
  return std::move(**outcome);
}

Result<Listing> BlockingClient::State::list(ListKind kind, TimePoint deadline) {
  const auto method = list_method(kind);
  Pages pages(method, options.max_pages);
  while (!pages.complete()) {
    auto page = call(std::string(method.method), pages.next_params(), deadline, {}, {});
    if (!page) return std::unexpected(page.error());
    if (auto taken = pages.take(*page); !taken) return std::unexpected(taken.error());
  }
  auto listing = std::move(pages.listing());
  if (kind != ListKind::tools) return listing;
  // Other transports MAY ignore the annotations, and the legacy era does not know them.
  if (is_modern() && connection->transport() == TransportKind::streamable_http) {
    reject_invalid_tools(listing);
  }
  schemas_.emplace();
  for (const auto& tool : listing.items) {
    if (tool->is_object() && tool->contains("name") && (*tool)["name"].is_string()) {
      schemas_->insert_or_assign((*tool)["name"].get<std::string>(),
                                 tool->value("inputSchema", nlohmann::json()));
    }
  }
  rejected_.clear();
  for (const auto& tool : listing.rejected) rejected_[tool.name] = tool.reason;
  return listing;
}

Result<HeaderList> BlockingClient::State::headers_for_tool(const std::string& name,
                                                           const Json& arguments,
                                                           TimePoint deadline) {
  if (!is_modern() || connection->transport() != TransportKind::streamable_http)
    return HeaderList{};
  if (!schemas_) {
    // A server without a list can still be called: then nothing is mirrored.
    const auto listed = list(ListKind::tools, deadline);
    if (!listed && listed.error().kind != ErrorKind::rpc) return std::unexpected(listed.error());
    if (!schemas_) schemas_.emplace();
  }
  if (const auto rejected = rejected_.find(name); rejected != rejected_.end()) {
    return fail(ErrorKind::protocol, fmt::format("tool {}: its definition is invalid: {}",
                                                 printable(name), rejected->second));
  }
  const auto schema = schemas_->find(name);
  if (schema == schemas_->end()) return HeaderList{};
  return tool_headers(schema->second, arguments);
}

Result<Json> BlockingClient::State::call_tool(
    const std::string& name, Json arguments, TimePoint deadline,
    std::function<void(const Notification&)> on_progress) {
  if (!connection) return fail(ErrorKind::usage, "the connection is not open");
  if (auto opened = open_stream_for_server_requests(deadline); !opened) {
    return std::unexpected(opened.error());
  }
  const nlohmann::json params = {{"name", name}, {"arguments", *arguments}};
  for (bool retried = false;; retried = true) {
    auto headers = headers_for_tool(name, arguments, deadline);
    if (!headers) return std::unexpected(headers.error());
    auto reply = call("tools/call", params, deadline, on_progress, std::move(*headers));
    // 2026-07-28 streamable-http, "Client Behavior": on HeaderMismatch list again, then retry.
    if (reply || retried || !is_modern() || reply.error().rpc_code != -32020) return reply;
    schemas_.reset();
  }
}

Result<void> BlockingClient::State::open_stream_for_server_requests(TimePoint deadline) {
  const auto& capabilities = options.session.capabilities;
  const bool may_be_asked = capabilities.elicitation || capabilities.sampling || capabilities.roots;
  if (!may_be_asked || is_modern() || stream_asked_for_ ||
      connection->transport() != TransportKind::streamable_http) {
    return {};
  }
  // Some servers send their requests on the GET stream only, and drop them when there is none.
  stream_asked_for_ = true;
  connection->open_stream();
  const auto patience = std::min(deadline, loop.now() + stream_patience);
  auto waited = turn_until([&] { return stream_open_ || stream_end_; }, patience, "GET stream");
  if (!waited && waited.error().kind == ErrorKind::interrupted) return waited;
  return {};
}

Result<void> BlockingClient::State::close(TimePoint deadline) {
  if (!connection) return {};
  auto outcome = std::make_shared<std::optional<Result<void>>>();
  connection->close(deadline, [outcome](Result<void> closed) { *outcome = std::move(closed); });
  // An interrupt ends the work, not the cleaning up after it.
  const auto latest = later(deadline, deadline_slack);
  while (!*outcome && loop.now() < latest) loop.turn(latest);
  if (!*outcome) return fail(ErrorKind::timeout, "close: not finished before the deadline");
  return std::move(**outcome);
}

Result<void> BlockingClient::State::listen(const ListenFilter& filter, TimePoint deadline) {
  if (!connection || !peer) return fail(ErrorKind::usage, "the connection is not open");
  auto outcome = is_modern() ? listen_modern(filter, deadline) : listen_legacy(filter, deadline);
  const bool asked_to_end = !outcome && (outcome.error().kind == ErrorKind::interrupted ||
                                         outcome.error().kind == ErrorKind::timeout);
  if (asked_to_end && (interrupted || loop.now() >= deadline)) return {};
  return outcome;
}

Result<void> BlockingClient::State::listen_modern(const ListenFilter& filter, TimePoint deadline) {
  nlohmann::json wanted = nlohmann::json::object();
  if (filter.tools) wanted["toolsListChanged"] = true;
  if (filter.prompts) wanted["promptsListChanged"] = true;
  if (filter.resources) wanted["resourcesListChanged"] = true;
  if (!filter.resource_uris.empty()) wanted["resourceSubscriptions"] = filter.resource_uris;
  auto reply =
      call("subscriptions/listen", nlohmann::json{{"notifications", wanted}}, deadline, {}, {});
  if (!reply) return std::unexpected(reply.error());
  return {};  // "Graceful Closure": the server ended the subscription
}

Result<void> BlockingClient::State::listen_legacy(const ListenFilter& filter, TimePoint deadline) {
  if (connection->transport() == TransportKind::streamable_http && !stream_asked_for_) {
    stream_asked_for_ = true;
    connection->open_stream();
  }
  for (const auto& uri : filter.resource_uris) {
    auto subscribed = call("resources/subscribe", nlohmann::json{{"uri", uri}}, deadline, {}, {});
    if (!subscribed) return std::unexpected(subscribed.error());
  }
  if (auto waited = turn_until([&] { return stream_end_ || closed_; }, deadline, "listen");
      !waited) {
    return waited;
  }
  return std::unexpected(closed_ ? *closed_ : *stream_end_);
}

void BlockingClient::State::on_notification(const Notification& notification) {
  if (events.on_notification) events.on_notification(notification);
}

void BlockingClient::State::on_server_request(const Request& request, const std::string& answered) {
  if (events.on_server_request) events.on_server_request(request, answered);
}

void BlockingClient::State::on_warning(const std::string& warning) {
  if (events.on_warning) events.on_warning(warning);
}

void BlockingClient::State::on_timings(const HttpTimings& timings) {
  if (events.on_timings) events.on_timings(timings);
}

void BlockingClient::State::on_transport_open() {
  if (events.on_transport_open) events.on_transport_open();
}

void BlockingClient::State::on_stream_opened() {
  stream_open_ = true;
}

void BlockingClient::State::on_stream_ended(const Error& why) {
  stream_end_ = why;
}

void BlockingClient::State::on_closed(const Error& why) {
  closed_ = why;
}

}  // namespace mcp
