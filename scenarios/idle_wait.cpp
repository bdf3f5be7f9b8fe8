#include <utility>

#include "scenarios/idle_trials.hpp"

namespace scenarios {
namespace {

constexpr std::chrono::seconds patience{10};

/// Whoever answers is there, even if it does not know what it was asked for.
bool is_answer(const Outcome& outcome) {
  return !outcome.failure || *outcome.failure == Failure::rpc_error;
}

}  // namespace

IdleWait::IdleWait(mcp::Loop& loop, Subject subject, mcp::Duration wait, const MakePort& make_port)
    : loop_(loop), subject_(subject), wait_(wait), port_(make_port(*this)) {}

IdleWait::~IdleWait() = default;

void IdleWait::start(OnTrial done) {
  done_ = std::move(done);
  port_->connect(loop_.now() + patience, [this](const Outcome& outcome) { connected(outcome); });
}

void IdleWait::ping(OnOutcome done) {
  port_->send({.operation = Operation::ping, .deadline = loop_.now() + patience}, std::move(done));
}

void IdleWait::fail(Operation asked_for, const Outcome& outcome) {
  problem_ = Problem{asked_for, *outcome.failure, outcome.http_status};
  end(std::nullopt);
}

void IdleWait::connected(const Outcome& outcome) {
  if (outcome.failure) return fail(Operation::ping, outcome);
  // A first request: what comes later must find the session and the connection in use.
  ping([this](const Outcome& first) {
    if (!is_answer(first)) return fail(Operation::ping, first);
    if (subject_ != Subject::stream) return begin_to_idle();
    port_->send({.operation = Operation::listen, .deadline = loop_.now() + patience},
                [this](const Outcome& opened) {
                  if (opened.failure) return fail(Operation::listen, opened);
                  begin_to_idle();
                });
  });
}

void IdleWait::give_up() {
  given_up_ = true;
  if (idles_ && !looks_) end(std::nullopt);
}

void IdleWait::hurry() {
  given_up_ = true;
  if (!idles_ || looks_) return;
  wait_ = loop_.now() - idle_from_;
  look();
}

void IdleWait::begin_to_idle() {
  if (given_up_) return end(std::nullopt);
  idle_from_ = loop_.now();
  idles_ = true;
  timer_ = loop_.start_timer(idle_from_ + wait_, [this] { look(); });
}

/// A stream that lives says nothing: it has survived. The others must answer.
void IdleWait::look() {
  timer_.reset();
  if (subject_ == Subject::stream) return end(trial());
  looks_ = true;
  ping([this](const Outcome& outcome) { looked(outcome); });
}

/// A session lives longer than its connection: only a second request can tell.
bool IdleWait::tries_again(const Outcome& outcome) {
  const bool of_connection = outcome.failure == Failure::reset ||
                             outcome.failure == Failure::refused ||
                             outcome.failure == Failure::timeout;
  if (subject_ != Subject::session || !of_connection) return false;
  return !std::exchange(looks_again_, true);
}

void IdleWait::looked(const Outcome& outcome) {
  if (subject_ == Subject::connection && reconnected_) return cut(CutBy::fin, 0, std::nullopt);
  if (is_answer(outcome)) return end(trial());
  if (tries_again(outcome)) return ping([this](const Outcome& second) { looked(second); });
  switch (*outcome.failure) {
    case Failure::session_lost:
      // The connection carried the answer: it lives, whatever became of the session.
      if (subject_ == Subject::connection) return end(trial());
      return cut(CutBy::not_found, outcome.http_status, std::nullopt);
    case Failure::reset:
      return cut(CutBy::rst, 0, std::nullopt);
    case Failure::timeout:
      return cut(CutBy::silence, 0, std::nullopt);
    case Failure::http_status:
      if (outcome.http_status >= 500) return cut(CutBy::server, outcome.http_status, std::nullopt);
      return fail(Operation::ping, outcome);
    default:
      return fail(Operation::ping, outcome);
  }
}

IdleTrial IdleWait::trial() const {
  IdleTrial trial{.waited = wait_, .keep_alive_seen = keep_alive_seen_, .announced = announced_};
  if (keep_alives_ > 1) {
    const auto between = static_cast<std::int64_t>(keep_alives_ - 1);
    trial.keep_alive_every = (last_keep_alive_ - first_keep_alive_) / between;
  }
  return trial;
}

void IdleWait::cut(CutBy by, int http_status, std::optional<mcp::Duration> seen_after) {
  auto result = trial();
  result.survived = false;
  result.by = by;
  result.http_status = http_status;
  result.seen_after = seen_after;
  end(result);
}

void IdleWait::end(std::optional<IdleTrial> trial) {
  timer_.reset();
  idles_ = false;
  port_->disconnect(loop_.now() + patience, [this, trial](const Outcome&) {
    over_ = true;
    auto done = std::move(done_);
    done(trial);
  });
}

void IdleWait::on_connection(mcp::TimePoint /*at*/, bool again) {
  reconnected_ = reconnected_ || (again && looks_);
}

void IdleWait::on_cut(const PortObserver::Cut& cut_off) {
  keep_alive_seen_ = keep_alive_seen_ || cut_off.keep_alive_seen;
  if (cut_off.announced) announced_ = cut_off.announced;
  // With a session that has one stream for everything (HTTP+SSE) the stream is gone too.
  const bool concerns = cut_off.subject == subject_ ||
                        (subject_ == Subject::stream && cut_off.subject == Subject::session);
  if (idles_ && concerns && !looks_) {
    cut(cut_off.by, cut_off.http_status, cut_off.at - idle_from_);
  }
}

void IdleWait::on_server_request(mcp::TimePoint at) {
  on_keep_alive(at);
}

void IdleWait::on_keep_alive(mcp::TimePoint at) {
  if (!idles_) return;
  keep_alive_seen_ = true;
  if (keep_alives_++ == 0) first_keep_alive_ = at;
  last_keep_alive_ = at;
}

}  // namespace scenarios
