#include "probes/sidecar/sidecar_core.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "mcp/base/text.hpp"

namespace probes::sidecar {
namespace {

constexpr std::size_t longest_message = 4UL * 1024 * 1024;
constexpr std::size_t most_pages = 200;
/// Probes that a held session did not answer, after which a new one shows whether the server or
/// only that session is stuck; and again after ten more.
constexpr int suspicious_silence = 3;
constexpr int between_suspicions = 10;

/// The sidecar lives for months beside a server, in little memory.
SidecarOptions with_bounds(SidecarOptions options) {
  auto& limits = options.endpoint.limits;
  limits.message.bytes = std::min(limits.message.bytes, longest_message);
  limits.sse.event_bytes = std::min(limits.sse.event_bytes, longest_message);
  limits.sse.line_bytes = std::min(limits.sse.line_bytes, longest_message);
  limits.body_bytes = std::min(limits.body_bytes, longest_message);
  // A held stream lives on comments alone, for as long as it may.
  limits.keepalives_in_row = std::numeric_limits<std::size_t>::max();
  options.client.max_pages = std::min(options.client.max_pages, most_pages);
  return options;
}

mcp::TransportContext with_children(mcp::TransportContext context, ChildWatch& watch) {
  if (context.children != nullptr) context.children = &watch;
  return context;
}

}  // namespace

Sidecar::Core::Core(mcp::TransportContext context, SidecarOptions options, SessionCounter& sessions)
    : options_(with_bounds(std::move(options))),
      loop_(context.loop),
      sessions_(sessions),
      child_(context.children),
      cleanup_(with_children(context, child_), options_.endpoint),
      surroundings_{.context = with_children(context, child_),
                    .options = options_,
                    .ledger = ledger_,
                    .cleanup = cleanup_,
                    .memory = options_.client.memory},
      readiness_(options_.thresholds, options_.while_draining, context.loop.now()),
      canary_(surroundings_, child_,
              {.on_loss = [this] { bring_forward(); },
               .on_tools_changed = [this] { tools_may_have_changed_ = true; }}),
      drain_(loop_, sessions,
             surroundings_.is_stdio() ? OtherSessions::impossible : OtherSessions::possible,
             options_.drain_least),
      schedule_(options_.interval, options_.jitter, options_.seed),
      started_(context.loop.now()) {}

void Sidecar::Core::start() {
  arm(loop_.now());
}

void Sidecar::Core::arm(mcp::TimePoint when) {
  next_at_ = when;
  timer_ = loop_.start_timer(when, [this] { begin_probe(); });
}

bool Sidecar::Core::is_suspicious() const {
  return kind_ == ProbeKind::canary &&
         canary_.unanswered() % between_suspicions == suspicious_silence;
}

ProbeKind Sidecar::Core::next_kind() const {
  if (canary_is_doubted_ && canary_.is_held()) return ProbeKind::canary;
  // The canary would be one of the sessions that are waited for.
  const bool drains = drain_.has_begun() && !surroundings_.is_stdio();
  // A server that was gone may be another one now: its tools are looked at first.
  const bool was_gone = !canary_.is_held() && last_sign_ == Sign::down;
  const bool due = !handshake_succeeded_ || tools_may_have_changed_ || was_gone ||
                   since_handshake_ + 1 >= options_.handshake_every;
  return due || is_suspicious() || drains ? ProbeKind::handshake : ProbeKind::canary;
}

void Sidecar::Core::begin_probe() {
  timer_.reset();
  is_probing_ = true;
  probe_began_ = loop_.now();
  const auto kind = next_kind();
  if (kind == ProbeKind::canary || surroundings_.is_stdio()) {
    return ask_canary(kind, [this](ProbeResult result) { ended(std::move(result)); });
  }
  // A server that hangs is asked on the held session first: an `initialize` that it does not answer
  // may leave a session behind.
  if (last_sign_ != Sign::down || !canary_.is_held() || is_suspicious())
    return begin_handshake(HeldSession::not_asked);
  ask_canary(ProbeKind::canary, [this](ProbeResult result) {
    if (result.sign == Sign::good) return begin_handshake(HeldSession::answers);
    ended(std::move(result));
  });
}

void Sidecar::Core::ask_canary(ProbeKind kind, OnProbed done) {
  kind_ = kind;
  canary_.probe(kind, loop_.now() + options_.timeout, std::move(done));
}

void Sidecar::Core::begin_handshake(HeldSession held) {
  kind_ = ProbeKind::handshake;
  handshake_ = std::make_unique<Handshake>(surroundings_);
  handshake_->start(loop_.now() + options_.timeout, [this, held](ProbeResult result) {
    if (held == HeldSession::answers && result.sign == Sign::down) {
      result.sign = Sign::bad;
      result.reason += ", while the held session is answered";
    }
    after_handshake(result);
    ended(std::move(result));
  });
}

void Sidecar::Core::after_handshake(const ProbeResult& result) {
  if (handshake_->peer()) peer_ = handshake_->peer();
  canary_is_doubted_ = result.sign == Sign::good && canary_.unanswered() >= suspicious_silence;
}

void Sidecar::Core::judge_doubt(ProbeResult& result) {
  if (!canary_is_doubted_ || kind_ != ProbeKind::canary) return;
  canary_is_doubted_ = false;
  if (result.failure != mcp::ErrorKind::timeout || !canary_.is_held()) return;
  result.sign = Sign::bad;
  result.reason = "the held session does not answer, while new ones do; it is given up";
  canary_.replace("timeout", result.reason);
}

void Sidecar::Core::ended(ProbeResult result) {
  const auto now = loop_.now();
  is_probing_ = false;
  if (kind_ == ProbeKind::handshake) {
    handshake_succeeded_ = result.sign == Sign::good || result.sign == Sign::neutral;
    since_handshake_ = 0;
    if (result.sign == Sign::good) tools_may_have_changed_ = false;
  } else {
    ++since_handshake_;
  }
  if (surroundings_.is_stdio() && canary_.peer()) peer_ = canary_.peer();
  judge_surface(result);
  judge_doubt(result);
  if (result.sign == Sign::good) cleanup_.server_answers();
  readiness_.observe(result.sign, result.reason, now);
  was_ready_ = was_ready_ || readiness_.state() == State::ready;
  last_sign_ = result.sign;
  ledger_.add({.kind = kind_,
               .sign = result.sign,
               .ended = now,
               .took = now - probe_began_,
               .reason = std::move(result.reason),
               .hint = std::move(result.hint),
               .failure = result.failure});
  // It would be one of the sessions that a drain waits for.
  if (drain_.has_begun() && !surroundings_.is_stdio()) canary_.release();
  schedule_next();
}

void Sidecar::Core::judge_surface(ProbeResult& result) {
  if (result.tools && result.sign == Sign::good) surface_.observe(*result.tools, loop_.now());
  if (result.sign != Sign::good || !surface_.status().drifted()) return;
  const auto difference =
      "the tools are not those of the first handshake: " + surface_.difference();
  if (!options_.require_stable_surface) {
    if (result.tools) result.reason += "; " + difference;
    return;
  }
  result.sign = Sign::bad;
  result.reason = difference;
  result.failure = mcp::ErrorKind::drift;
}

void Sidecar::Core::schedule_next() {
  if (is_stopped_) return;
  const auto now = loop_.now();
  auto when = was_ready_ ? schedule_.next(probe_began_, now)
                         : schedule_.next_while_starting(probe_began_, now);
  if (const auto wanted = canary_.wanted_at()) when = std::clamp(*wanted, now, std::max(now, when));
  const bool opens_canary = kind_ == ProbeKind::handshake && !surroundings_.is_stdio() &&
                            !canary_.is_held() && !drain_.has_begun() && last_sign_ == Sign::good &&
                            handshake_ && handshake_->peer();
  arm(opens_canary || canary_is_doubted_ ? now : when);
}

void Sidecar::Core::bring_forward() {
  if (is_probing_ || is_stopped_) return;
  // Once: a server that cuts again and again is looked at as often as any other.
  if (last_sign_ != Sign::good) return;
  const auto earliest =
      probe_began_ + std::min<mcp::Duration>(options_.interval, std::chrono::seconds(1));
  const auto when = std::max(loop_.now(), earliest);
  if (when < next_at_) arm(when);
}

Status Sidecar::Core::status() const {
  const auto now = loop_.now();
  Status status;
  status.now = now;
  status.target = mcp::printable(options_.endpoint.name);
  status.transport = surroundings_.memory       ? surroundings_.memory->transport
                     : surroundings_.is_stdio() ? mcp::TransportKind::stdio
                                                : mcp::TransportKind::streamable_http;
  status.peer = peer_;
  status.started = started_;
  status.state = readiness_.state();
  status.since = readiness_.since();
  status.reason = readiness_.reason();
  status.ready = readiness_.ready(now);
  status.live = readiness_.live(now);
  status.startup = readiness_.started(now);
  status.failures_in_row = readiness_.failures_in_row();
  status.last_sign = readiness_.last_sign();
  ledger_.fill(status);
  status.canary = canary_.status();
  status.surface = surface_.status();
  status.sessions = sessions_.count(now);
  status.child_pid = canary_.child_pid();
  status.child_restarts = canary_.child_restarts();
  status.drain_until = drain_.until();
  return status;
}

bool Sidecar::Core::has_nobody_to_wait_for() const {
  const auto now = loop_.now();
  return !readiness_.started(now).ok || !readiness_.live(now).ok;
}

void Sidecar::Core::drain(mcp::TimePoint until, std::move_only_function<void(DrainResult)> done) {
  if (!drain_.has_begun() && has_nobody_to_wait_for()) {
    const auto count = sessions_.count(loop_.now());
    const auto cut = count.active.value_or(0);
    return done({.drained = cut == 0, .last = count, .cut = cut});
  }
  readiness_.drain(loop_.now());
  if (!drain_.has_begun() && !surroundings_.is_stdio() && !is_probing_) canary_.release();
  drain_.wait(until, std::move(done));
}

void Sidecar::Core::stop(mcp::TimePoint deadline, std::move_only_function<void()> done) {
  is_stopped_ = true;
  timer_.reset();
  if (handshake_) handshake_->abandon();
  canary_.release();
  readiness_.stop(loop_.now());
  drain_.stop();
  cleanup_.stop(deadline, std::move(done));
}

}  // namespace probes::sidecar
