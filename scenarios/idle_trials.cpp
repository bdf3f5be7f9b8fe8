#include "scenarios/idle_trials.hpp"

#include <algorithm>
#include <utility>

namespace scenarios {
namespace {

constexpr std::chrono::seconds patience{10};

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

void IdleWait::connected(const Outcome& outcome) {
  if (outcome.failure) return end(std::nullopt);
  // A first request: what comes later must find the session and the connection in use.
  ping([this](const Outcome& first) {
    if (first.failure) return end(std::nullopt);
    if (subject_ != Subject::stream) return begin_to_idle();
    port_->send({.operation = Operation::listen, .deadline = loop_.now() + patience},
                [this](const Outcome& opened) {
                  if (opened.failure) return end(std::nullopt);
                  begin_to_idle();
                });
  });
}

void IdleWait::give_up() {
  given_up_ = true;
  if (idles_ && !looks_) end(std::nullopt);
}

void IdleWait::begin_to_idle() {
  if (given_up_) return end(std::nullopt);
  idle_from_ = loop_.now();
  idles_ = true;
  timer_ = loop_.start_timer(idle_from_ + wait_, [this] { look(); });
}

/// A stream that lives says nothing: it has survived. The others must answer.
void IdleWait::look() {
  if (subject_ == Subject::stream) {
    return end(IdleTrial{.waited = wait_, .keep_alive_seen = keep_alive_seen_});
  }
  looks_ = true;
  ping([this](const Outcome& outcome) { looked(outcome); });
}

void IdleWait::looked(const Outcome& outcome) {
  if (subject_ == Subject::connection && reconnected_) return cut(CutBy::fin, 0, std::nullopt);
  if (!outcome.failure) return end(IdleTrial{.waited = wait_, .keep_alive_seen = keep_alive_seen_});
  switch (*outcome.failure) {
    case Failure::session_lost:
      // The connection carried the answer: it lives, whatever became of the session.
      if (subject_ == Subject::connection) return end(IdleTrial{.waited = wait_});
      return cut(CutBy::not_found, outcome.http_status, std::nullopt);
    case Failure::reset:
      return cut(CutBy::rst, 0, std::nullopt);
    case Failure::timeout:
      return cut(CutBy::silence, 0, std::nullopt);
    case Failure::http_status:
      if (outcome.http_status >= 500) return cut(CutBy::server, outcome.http_status, std::nullopt);
      return end(std::nullopt);
    default:
      return end(std::nullopt);
  }
}

void IdleWait::cut(CutBy by, int http_status, std::optional<mcp::Duration> seen_after) {
  end(IdleTrial{.waited = wait_,
                .survived = false,
                .by = by,
                .http_status = http_status,
                .seen_after = seen_after,
                .keep_alive_seen = keep_alive_seen_});
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
  if (idles_ && cut_off.subject == subject_ && !looks_) {
    cut(cut_off.by, cut_off.http_status, cut_off.at - idle_from_);
  }
}

IdleTrials::IdleTrials(mcp::Loop& loop, Subject subject, const IdleSearch& search,
                       IdleWait::MakePort make_port)
    : loop_(loop), subject_(subject), ladder_(search), make_port_(std::move(make_port)) {}

IdleTrials::~IdleTrials() = default;

void IdleTrials::start(mcp::Task done) {
  done_ = std::move(done);
  begin_round();
}

void IdleTrials::begin_round() {
  waits_.clear();
  round_ends_ = false;
  const auto round = ladder_.next_round();
  open_ = round.size();
  if (round.empty()) return done_();
  for (const auto wait : round) {
    waits_.push_back(std::make_unique<IdleWait>(loop_, subject_, wait, make_port_));
    waits_.back()->start([this](const std::optional<IdleTrial>& trial) { took(trial); });
  }
}

void IdleTrials::took(const std::optional<IdleTrial>& trial) {
  --open_;
  if (trial) {
    ladder_.add(*trial);
  } else if (!round_ends_) {
    ++failed_;
  }
  if (!round_ends_ && ladder_.round_is_over()) {
    round_ends_ = true;
    for (const auto& wait : waits_) {
      if (!wait->is_over()) wait->give_up();
    }
  }
  if (open_ > 0) return;
  const bool hopeless = ladder_.result().trials == 0;
  // Not at once: the wait that has ended is the one that is calling.
  next_ = loop_.start_timer(loop_.now(), [this, hopeless] {
    if (!hopeless) return begin_round();
    waits_.clear();
    done_();
  });
}

}  // namespace scenarios
