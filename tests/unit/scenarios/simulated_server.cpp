#include "tests/unit/scenarios/simulated_server.hpp"

#include <algorithm>

namespace scenarios {

class SimulatedServer::Port final : public AgentPort {
 public:
  Port(SimulatedServer& server, AgentId agent, PortObserver& observer)
      : server_(server), agent_(agent), observer_(observer) {
    server_.ports_.insert(this);
  }
  ~Port() override { server_.ports_.erase(this); }

  void connect(mcp::TimePoint deadline, OnOutcome done) override {
    const bool refuses = server_.refuses;
    reply(server_.connect, deadline, std::move(done), [this, refuses](Outcome& outcome) {
      if (refuses) outcome.failure = Failure::refused;
      if (outcome.failure) return;
      ++server_.opened;
      observer_.on_connection(outcome.ended, connections_++ > 0);
      epoch_ = server_.epoch_;
      last_use_ = outcome.ended;
    });
  }
  void send(Ask ask, OnOutcome done) override {
    server_.seen.push_back({.agent = agent_,
                            .at = server_.loop_.now() - server_.start_,
                            .id = ask.id,
                            .operation = ask.operation,
                            .text = ask.target + ask.arguments.text()});
    const auto idle = server_.loop_.now() - last_use_;
    const bool lost = epoch_ != server_.epoch_ || idle >= server_.session_ttl;
    if (idle >= server_.connection_ttl) observer_.on_connection(server_.loop_.now(), true);
    last_use_ = server_.loop_.now();
    server_.most_open = std::max(server_.most_open, ++open_);
    const auto takes = server_.service_of ? server_.service_of(ask) : server_.service;
    reply(takes, ask.deadline, std::move(done), [this, lost, ask](Outcome& outcome) {
      --open_;
      if (outcome.failure) return;
      outcome.failure = server_.fails_with;
      if (lost) outcome = {outcome.started, outcome.ended, Failure::session_lost, 404};
      if (!outcome.failure) outcome.result = &server_.result;
      if (ask.operation == Operation::listen && !server_.has_streams) {
        outcome.failure = Failure::http_status;
        outcome.http_status = 405;
      }
      if (!outcome.failure && ask.operation == Operation::listen) open_stream();
    });
  }
  void disconnect(mcp::TimePoint deadline, OnOutcome done) override {
    stream_timer_.reset();
    comment_timer_.reset();
    reply(server_.goodbye, deadline, std::move(done), [this](Outcome&) { ++server_.closed; });
  }

  void open_stream() {
    streams_ = true;
    comment_later();
    if (server_.stream_ttl == mcp::Duration::max()) return;
    stream_timer_ = server_.loop_.start_timer(server_.loop_.now() + server_.stream_ttl,
                                              [this] { cut_stream(); });
  }
  void comment_later() {
    if (server_.keep_alive_every == mcp::Duration::zero()) return;
    comment_timer_ =
        server_.loop_.start_timer(server_.loop_.now() + server_.keep_alive_every, [this] {
          observer_.on_keep_alive(server_.loop_.now());
          comment_later();
        });
  }
  void cut_stream() {
    if (!streams_) return;
    streams_ = false;
    observer_.on_cut({.at = server_.loop_.now(), .subject = Subject::stream, .by = CutBy::rst});
  }

 private:
  void reply(mcp::Duration takes, mcp::TimePoint deadline, OnOutcome done,
             std::move_only_function<void(Outcome&)> change) {
    const auto started = server_.loop_.now();
    const auto answered = server_.answer_time(takes);
    Outcome outcome{.started = started, .ended = std::min(answered, deadline)};
    if (answered > deadline) outcome.failure = Failure::timeout;
    const auto number = next_++;
    timers_[number] = server_.loop_.start_timer(
        outcome.ended,
        [this, number, outcome, change = std::move(change), done = std::move(done)]() mutable {
          // The timer and what it holds must outlive the callback.
          const auto timer = std::move(timers_[number]);
          timers_.erase(number);
          change(outcome);
          done(outcome);
        });
  }

  SimulatedServer& server_;
  AgentId agent_;
  PortObserver& observer_;
  std::uint64_t epoch_ = 0;
  mcp::TimePoint last_use_;
  std::unique_ptr<mcp::Handle> stream_timer_;
  std::unique_ptr<mcp::Handle> comment_timer_;
  int connections_ = 0;
  bool streams_ = false;
  std::size_t open_ = 0;
  std::uint64_t next_ = 0;
  std::map<std::uint64_t, std::unique_ptr<mcp::Handle>> timers_;
};

mcp::TimePoint SimulatedServer::answer_time(mcp::Duration takes) const {
  const auto now = loop_.now();
  const auto begins = now >= frozen_from_ && now < frozen_to_ ? frozen_to_ : now;
  const auto ends = begins + takes;
  const bool caught = begins < frozen_from_ && ends >= frozen_from_;
  return caught ? ends + (frozen_to_ - frozen_from_) : ends;
}

void SimulatedServer::cut_streams() {
  for (auto* port : std::set<Port*>(ports_)) port->cut_stream();
}

Agent::MakePort SimulatedServer::port_maker() {
  return [this](AgentId agent, PortObserver& observer) {
    return std::make_unique<Port>(*this, agent, observer);
  };
}

}  // namespace scenarios
