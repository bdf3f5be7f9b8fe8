#include "probes/sidecar/session_gate.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace probes::sidecar {
namespace {

constexpr std::string_view refusal_text =
    "this server is shutting down and takes no new sessions; try again to reach another one";

bool opens_session(const RelayedCall& call) {
  switch (call.kind) {
    case CallKind::initialize:
    case CallKind::listen:
      return true;
    case CallKind::stream:
      return call.session.empty();
    default:
      return false;
  }
}

bool is_success(int status) {
  return status >= 200 && status < 300;
}

}  // namespace

SessionGate::SessionGate(const mcp::Loop& loop, SessionGateOptions options)
    : loop_(loop), options_(options), sessions_(options.idle, options.max_sessions) {}

bool SessionGate::needs_body(const mcp::RelayedRequest& head) {
  if (is_told_by_body(head)) return true;
  // The refusal names the request's id.
  return refuses_ && opens_session(classify(head, {}));
}

mcp::RelayVerdict SessionGate::admit(const mcp::RelayedRequest& request) {
  const bool has_session = find_header(request.headers, "mcp-session-id").has_value();
  const auto body = has_session || request.body.empty() ? PeekedBody{} : peek(request.body);
  const auto call = classify(request, body);
  if (refuses_ && opens_session(call)) return refuse(call.kind, body);
  pass(request.id, call);
  return {};
}

mcp::RelayVerdict SessionGate::refuse(CallKind kind, const PeekedBody& body) const {
  mcp::RelayVerdict verdict{.pass = false, .status = 503};
  verdict.body = refusal_body(body, refusal_text);
  const bool is_json = !verdict.body.empty() && kind != CallKind::stream;
  if (!is_json) verdict.body = std::string(refusal_text) + "\n";
  // A client that kept its connection would come back to this very replica: a Kubernetes service
  // balances connections.
  verdict.headers = {
      {.name = "Content-Type", .value = is_json ? "application/json" : "text/plain; charset=utf-8"},
      {.name = "Retry-After", .value = std::to_string(options_.retry_after.count())},
      {.name = "Connection", .value = "close"}};
  return verdict;
}

void SessionGate::pass(std::uint64_t id, const RelayedCall& call) {
  if (call.kind == CallKind::other && call.session.empty()) return;
  Open open{.kind = call.kind, .session = std::string(call.session)};
  if (!open.session.empty()) {
    sessions_.open(open.session, loop_.now());
  } else if (call.kind == CallKind::request && !call.names_stream) {
    open.counts = true;
    ++loose_;
  }
  open_.emplace(id, std::move(open));
}

void SessionGate::on_answer(std::uint64_t id, int status,
                            const std::vector<mcp::HeaderView>& headers) {
  constexpr int switching = 101;
  const auto found = open_.find(id);
  if (found == open_.end()) {
    if (status != switching) return;
    open_.emplace(id, Open{.counts = true});
    ++loose_;
    return;
  }
  auto& open = found->second;
  if (!open.session.empty()) return answered_in_session(open, status);
  const bool is_stream = is_success(status) && is_event_stream(headers);
  const bool may_stream = open.kind == CallKind::stream || open.kind == CallKind::listen;
  if (!open.counts && ((may_stream && is_stream) || status == switching)) {
    open.counts = true;
    ++loose_;
  }
  if (open.kind != CallKind::initialize || !is_success(status)) return;
  if (const auto session = find_header(headers, "mcp-session-id")) {
    sessions_.add(*session, loop_.now());
  }
}

void SessionGate::answered_in_session(const Open& open, int status) {
  constexpr int accepted = 202;
  constexpr int not_found = 404;
  if (status == not_found || (open.kind == CallKind::end && is_success(status))) {
    sessions_.remove(open.session);
  } else if (is_success(status)) {
    // A server takes notifications and responses with 202, and answers requests otherwise.
    const bool is_asked = open.kind == CallKind::request || open.kind == CallKind::listen;
    sessions_.confirm(open.session, is_asked && status != accepted);
  }
}

void SessionGate::on_end(std::uint64_t id) {
  const auto node = open_.extract(id);
  if (node.empty()) return;
  const auto& open = node.mapped();
  if (open.counts) --loose_;
  if (!open.session.empty()) sessions_.close(open.session, loop_.now());
}

SessionCount SessionGate::count(mcp::TimePoint now) const {
  auto active = sessions_.active(now, refuses_ ? options_.settling : mcp::Duration{}) + loose_;
  if (refuses_) active += beginning();
  return {.source = CountSource::proxy, .active = active, .taken = now};
}

/// Sessions that the server was asked for before new ones were refused, and has not given yet.
std::size_t SessionGate::beginning() const {
  return static_cast<std::size_t>(std::ranges::count_if(open_, [](const auto& entry) {
    const auto& [kind, counts, session] = entry.second;
    const bool begins =
        kind == CallKind::initialize || kind == CallKind::listen || kind == CallKind::stream;
    return begins && !counts && session.empty();
  }));
}

std::size_t SessionGate::cut_all() {
  const auto active = *count(loop_.now()).active;
  std::vector<std::uint64_t> ids;
  for (const auto& [id, open] : open_) {
    if (open.counts || !open.session.empty()) ids.push_back(id);
  }
  for (const auto id : ids) {
    if (relay_) relay_->cut(id);
  }
  sessions_.clear();
  return active;
}

}  // namespace probes::sidecar
