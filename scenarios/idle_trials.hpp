#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "mcp/io/loop.hpp"
#include "scenarios/agent_port.hpp"
#include "scenarios/idle_ladder.hpp"

namespace scenarios {

/// One wait: connects, lets one thing idle for a time, and looks whether it still lives. Ends by
/// itself, and leaves nothing behind.
class IdleWait final : private PortObserver {
 public:
  using MakePort = std::function<std::unique_ptr<AgentPort>(PortObserver&)>;
  /// None: nothing was learnt, and `problem` may say why.
  using OnTrial = std::move_only_function<void(std::optional<IdleTrial>)>;

  IdleWait(mcp::Loop& loop, Subject subject, mcp::Duration wait, const MakePort& make_port);
  ~IdleWait() override;
  IdleWait(const IdleWait&) = delete;
  IdleWait& operator=(const IdleWait&) = delete;

  void start(OnTrial done);
  /// Its outcome matters no more: it leaves as soon as it can, and ends without a trial.
  void give_up();
  /// The time is over: what still idles looks now, and its wait was as long as it has been.
  void hurry();
  bool is_over() const { return over_; }
  /// What failed, where nothing was learnt: it could not connect, or has no such stream.
  struct Problem {
    Operation asked_for = Operation::ping;
    Failure failure = Failure::refused;
    int http_status = 0;
  };
  const std::optional<Problem>& problem() const { return problem_; }

 private:
  void connected(const Outcome& outcome);
  void begin_to_idle();
  void fail(Operation asked_for, const Outcome& outcome);
  void look();
  void looked(const Outcome& outcome);
  void cut(CutBy by, int http_status, std::optional<mcp::Duration> seen_after);
  bool tries_again(const Outcome& outcome);
  IdleTrial trial() const;
  void end(std::optional<IdleTrial> trial);
  void ping(OnOutcome done);

  void on_connection(mcp::TimePoint at, bool again) override;
  void on_cut(const PortObserver::Cut& cut) override;
  void on_stray(mcp::TimePoint, Failure, std::optional<StepId>) override {}
  void on_server_request(mcp::TimePoint at) override;
  void on_keep_alive(mcp::TimePoint at) override;

  mcp::Loop& loop_;
  Subject subject_;
  mcp::Duration wait_;
  OnTrial done_;
  mcp::TimePoint idle_from_;
  bool over_ = false;
  bool given_up_ = false;
  bool idles_ = false;
  bool looks_ = false;
  bool reconnected_ = false;
  bool looks_again_ = false;
  std::optional<Problem> problem_;
  bool keep_alive_seen_ = false;
  std::size_t keep_alives_ = 0;
  mcp::TimePoint first_keep_alive_;
  mcp::TimePoint last_keep_alive_;
  std::optional<std::chrono::seconds> announced_;
  std::unique_ptr<mcp::Handle> timer_;
  std::unique_ptr<AgentPort> port_;
};

/// Runs the ladder of one subject over ports: the waits of a round side by side, round after round.
class IdleTrials {
 public:
  using OnTrial = std::function<void(Subject, const IdleTrial&)>;

  /// `on_trial`, where there is one, hears of each trial before the ladder does.
  IdleTrials(mcp::Loop& loop, Subject subject, const IdleSearch& search,
             IdleWait::MakePort make_port, OnTrial on_trial = {});
  ~IdleTrials();
  IdleTrials(const IdleTrials&) = delete;
  IdleTrials& operator=(const IdleTrials&) = delete;

  /// `done` is called once, from inside the loop.
  void start(mcp::Task done);
  /// Ends soon: waits that go on look at once, and no further ones begin.
  void stop();
  Subject subject() const { return subject_; }
  const IdleLadder& ladder() const { return ladder_; }
  /// Waits that taught nothing; too many of them in a round end the search.
  std::size_t failed() const { return failed_; }
  /// Of the last of them.
  const std::optional<IdleWait::Problem>& problem() const { return problem_; }

 private:
  void begin_round();
  void took(const IdleWait& wait, const std::optional<IdleTrial>& trial);

  mcp::Loop& loop_;
  Subject subject_;
  IdleLadder ladder_;
  IdleWait::MakePort make_port_;
  OnTrial on_trial_;
  mcp::Task done_;
  bool stopping_ = false;
  std::size_t failed_ = 0;
  std::optional<IdleWait::Problem> problem_;
  std::size_t open_ = 0;
  bool round_ends_ = false;
  std::vector<std::unique_ptr<IdleWait>> waits_;
  std::unique_ptr<mcp::Handle> next_;
};

}  // namespace scenarios
