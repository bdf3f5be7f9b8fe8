#include "probes/sidecar/canary.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

namespace probes::sidecar {
namespace {

/// Transports tell at the deadline in which phase a request was; this is how long they may take.
constexpr auto deadline_slack = std::chrono::milliseconds(25);
/// A session may come with an answer that is late; see Cleanup.
constexpr auto opening_patience = std::chrono::minutes(10);
constexpr std::int64_t method_not_found = -32601;

}  // namespace

Canary::Canary(Surroundings& surroundings, ChildWatch& child, Events events)
    : surroundings_(surroundings),
      loop_(surroundings.context.loop),
      child_(child),
      events_(std::move(events)) {}

void Canary::probe(ProbeKind kind, mcp::TimePoint deadline, OnProbed done) {
  kind_ = kind;
  begun_ = loop_.now();
  deadline_ = deadline;
  done_ = std::move(done);
  was_reopened_ = false;
  has_answered_now_ = false;
  ++probe_number_;
  timer_ = loop_.start_timer(deadline + deadline_slack, [this] { time_up(); });
  if (stage_ == Stage::none) return open();
  // A child that starts slowly goes on starting.
  if (stage_ == Stage::held) ask();
}

void Canary::open() {
  const bool stdio = surroundings_.is_stdio();
  if (stdio && pause_.until() && loop_.now() < *pause_.until()) return wait_for_restart();
  if (stdio && child_.pid()) ++restarts_;
  asked_ = "the handshake";
  pause_.started(loop_.now());
  has_answered_ = false;
  unanswered_ = 0;
  auto made = surroundings_.make_line(static_cast<LineOwner&>(*this));
  if (!made) {
    restart_timer_ =
        loop_.start_timer(loop_.now(), [this, error = std::move(made.error())] { fail(error); });
    return;
  }
  line_ = std::move(*made);
  stage_ = Stage::opening;
  auto until = deadline_;
  if (stdio) {
    until = mcp::TimePoint::max();
  } else if (surroundings_.may_leave_session()) {
    until = loop_.now() + opening_patience;
  }
  line_->open(until, [this](mcp::Result<mcp::Peer> peer) { opened(std::move(peer)); });
}

void Canary::wait_for_restart() {
  const auto until = *pause_.until();
  if (until < deadline_) {
    restart_timer_ = loop_.start_timer(until, [this] { open(); });
    return;
  }
  ProbeResult result{.sign = Sign::down,
                     .reason = fmt::format("{}; it is started again in {}", last_end_,
                                           mcp::format_duration(until - loop_.now())),
                     .failure = mcp::ErrorKind::connect};
  restart_timer_ = loop_.start_timer(
      loop_.now(), [this, result = std::move(result)]() mutable { finish(std::move(result)); });
}

void Canary::opened(mcp::Result<mcp::Peer> peer) {
  if (!peer) {
    seen_.failure = std::move(peer.error());
    return judge_later();
  }
  stage_ = Stage::held;
  status_.held = true;
  status_.since = loop_.now();
  surroundings_.learn(*peer, line_->transport());
  peer_ = trimmed(std::move(*peer));
  note_life();
  offers_no_stream_ = false;
  listen();
  if (!done_) return;
  if (kind_ == ProbeKind::handshake) return ask_for_tools();
  const char* method = peer_->era() == mcp::Era::modern ? "server/discover" : "initialize";
  finish({.sign = Sign::good, .reason = fmt::format("{} answered: the canary is open", method)});
}

void Canary::listen() {
  if (peer_->era() != mcp::Era::modern || is_listening_ || offers_no_stream_) return;
  is_listening_ = true;
  was_acknowledged_ = false;
  line_->hold("subscriptions/listen",
              nlohmann::json{{"notifications", {{"toolsListChanged", true}}}},
              [this](mcp::Result<mcp::Json> end) { listen_ended(std::move(end)); });
}

void Canary::ask() {
  listen();
  // Before the tools, so that a list that hangs is not taken for a server that does.
  const std::string method = peer_->era() == mcp::Era::modern ? "server/discover" : "ping";
  asked_ = method;
  line_->call(method, nlohmann::json::object(), deadline_,
              [this, method, number = probe_number_](mcp::Result<mcp::Json> reply) {
                if (number != probe_number_ || !done_) return;
                life_answered(method, std::move(reply));
              });
}

void Canary::life_answered(const std::string& method, mcp::Result<mcp::Json> reply) {
  if (reply && kind_ == ProbeKind::handshake) {
    note_life();
    return ask_for_tools();
  }
  if (reply) return finish({.sign = Sign::good, .reason = method + " answered"});
  if (reply.error().kind == mcp::ErrorKind::rpc && reply.error().rpc_code == method_not_found) {
    // It must know ping; that it says so is a sign of life all the same.
    return finish(
        {.sign = Sign::good, .reason = method + " answered: the server does not know the method"});
  }
  seen_.failure = std::move(reply.error());
  judge_later();
}

void Canary::ask_for_tools() {
  if (!declares_tools(*peer_)) {
    return finish({.sign = Sign::good,
                   .reason = "the server answers; it declares no tools",
                   .tools = ToolDigests()});
  }
  asked_ = "tools/list";
  tools_ = std::make_unique<ToolList>(*line_, surroundings_.options.client.max_pages);
  tools_->start(deadline_, [this, begun = loop_.now(),
                            number = probe_number_](mcp::Result<ToolDigests> tools) {
    if (number != probe_number_ || !done_) return;
    if (tools) {
      surroundings_.ledger.add_phase("tools", loop_.now() - begun);
      return finish(listed(std::move(tools), surroundings_.is_protected()));
    }
    seen_.failure = std::move(tools.error());
    judge_later();
  });
}

void Canary::time_up() {
  if (stage_ == Stage::opening) {
    surroundings_.ledger.add_operation(surroundings_.handshake_method(), "timeout",
                                       loop_.now() - begun_);
    if (!surroundings_.is_stdio()) drop_line(surroundings_.options.timeout);
  }
  fail({.kind = mcp::ErrorKind::timeout,
        .message = fmt::format("no answer to {} within {}", asked_,
                               mcp::format_duration(deadline_ - begun_))});
}

void Canary::release() {
  done_ = nullptr;
  timer_.reset();
  restart_timer_.reset();
  untold_.reset();
  if (line_) drop_line(surroundings_.options.timeout);
}

std::optional<mcp::TimePoint> Canary::wanted_at() const {
  if (!surroundings_.is_stdio() || stage_ != Stage::none) return std::nullopt;
  return pause_.until();
}

std::optional<int> Canary::child_pid() const {
  if (!surroundings_.is_stdio() || stage_ == Stage::none) return std::nullopt;
  return child_.pid();
}

void Canary::note_life() {
  status_.last_sign = loop_.now();
  has_answered_ = true;
  has_answered_now_ = true;
  unanswered_ = 0;
}

void Canary::finish(ProbeResult result) {
  timer_.reset();
  if (result.sign == Sign::good && is_held()) note_life();
  if (untold_) tell_loss(*std::exchange(untold_, std::nullopt), result);
  if (done_) std::exchange(done_, nullptr)(std::move(result));
}

}  // namespace probes::sidecar
