#pragma once

#include <functional>
#include <list>
#include <memory>
#include <optional>

#include "mcp/io/loop.hpp"
#include "scenarios/agent_port.hpp"
#include "scenarios/live_figures.hpp"
#include "scenarios/plan.hpp"
#include "scenarios/recorder.hpp"
#include "scenarios/request_maker.hpp"
#include "scenarios/rollout_tracker.hpp"
#include "scenarios/script_cursor.hpp"
#include "scenarios/slots.hpp"
#include "scenarios/tracer.hpp"
#include "scenarios/turnstile.hpp"

namespace scenarios {

/// What an agent lives in; all of it outlives the agent.
struct AgentSurroundings {
  const Plan& plan;
  mcp::Loop& loop;
  Recorder& recorder;
  /// What the plan's times count from.
  mcp::TimePoint run_start;
  const SampledArguments* samples = nullptr;
  /// Told of every session and sign of life; null where nobody asks for single sessions.
  RolloutTracker* rollout = nullptr;
  /// Of the thread; null where nobody looks.
  UnderWay* under_way = nullptr;
  /// Null where nothing is traced.
  Tracer* tracer = nullptr;
  /// Sessions end through it; null: all that want to at once.
  Turnstile* goodbyes = nullptr;
  /// Called once, when the agent has left for good; the agent may be destroyed afterwards, not in
  /// it.
  std::function<void(AgentId)> on_finished;
};

/// One agent: goes through its script over its port, and notes every request exactly once. In an
/// open loop a late answer delays nothing: requests overlap up to the bound of the scenario, and
/// what waits for room or for a session counts from its intended start. A lost session is noted and
/// replaced. It knows no socket; its clock and its timers are the loop's.
class Agent final : private PortObserver {
 public:
  using MakePort = std::function<std::unique_ptr<AgentPort>(AgentId, PortObserver&)>;

  Agent(const AgentSurroundings& surroundings, AgentPlan plan, const MakePort& make_port);
  ~Agent() override;
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  /// Once: the agent then comes at its time and leaves by itself.
  void start();
  /// Starts nothing new, waits for what is open within the scenario's drain time, and leaves.
  void stop();
  bool finished() const { return state_ == State::finished; }

 private:
  enum class State : std::uint8_t { absent, running, leaving, stopping, finished };
  enum class Link : std::uint8_t { down, connecting, up, closing };
  /// What the script waits for; nothing of it goes on meanwhile.
  enum class Wait : std::uint8_t { nothing, connected, answered, drained };

  struct Waiting {
    RequestMaker::Made made;
    mcp::TimePoint intended;
    mcp::TimePoint queued;
    mcp::TimePoint expires;
  };
  struct Open {
    const Request* request = nullptr;
    mcp::TimePoint intended;
    mcp::TimePoint started;
    mcp::Duration held{};
    mcp::Duration idle_before{};
    std::uint64_t session = 0;
    TraceIds trace;
  };

  // agent.cpp: the script
  void arrive();
  void go_on();
  bool perform(const ScriptCursor::Item& item);
  bool perform(mcp::TimePoint due, const Connect& action);
  bool perform(mcp::TimePoint due, const Disconnect& action);
  bool perform(mcp::TimePoint due, const ScriptCursor::Fire& fire);
  bool perform(mcp::TimePoint due, const ScriptCursor::Note& note);
  void resume(Wait reason);
  void come_to_limit();
  void note_under_way();

  // agent_requests.cpp: what is asked for and answered
  void ask_for(const Mix& mix, mcp::TimePoint intended);
  void pump();
  bool has_room_for(const Request& request) const;
  void send(Waiting waiting);
  void answered(Slots<Open>::Ticket ticket, const Outcome& outcome);
  void arm_expiry();
  void note_expired(const Waiting& waiting);
  void note_asked();
  void note_trace(const Open& open, const Outcome& outcome, std::optional<Failure> failure);
  bool is_drained() const { return open_.empty() && waiting_.empty(); }

  // agent_session.cpp: the session and its stream
  void connect(mcp::TimePoint intended);
  void connected(const Outcome& outcome);
  void connect_failed();
  void connect_after(mcp::Duration pause);
  void lose_session(const PortObserver::Cut& cut);
  void note_cut(const PortObserver::Cut& cut);
  void stream_answered(const Request& request, const Outcome& outcome);
  void reopen_stream(mcp::TimePoint when);

  // agent_end.cpp: leaving
  void wind_down();
  void disconnect_when_drained();
  void disconnect();
  void say_goodbye(mcp::TimePoint deadline);
  void disconnected();
  void give_up();
  void give_up_waiting();
  void note_missed_ticks();
  void gone();

  void on_connection(mcp::TimePoint at, bool again) override;
  void on_cut(const PortObserver::Cut& cut) override;
  void on_stray(mcp::TimePoint at, Failure kind, std::optional<StepId> step) override;
  void on_server_request(mcp::TimePoint at) override;

  mcp::Duration in_run(mcp::TimePoint time) const { return time - around_.run_start; }
  const Scenario& scenario() const { return around_.plan.scenario(); }
  mcp::TimePoint now() const { return around_.loop.now(); }
  bool is_closed_loop() const { return scenario().loop == LoopKind::closed; }

  AgentSurroundings around_;
  AgentPlan plan_;
  mcp::TimePoint ends_;
  RequestMaker maker_;
  State state_ = State::absent;
  std::uint64_t generation_ = 0;
  mcp::TimePoint leaves_ = mcp::TimePoint::max();  // by churn
  std::optional<ScriptCursor> cursor_;
  Wait wait_ = Wait::nothing;

  Link link_ = Link::down;
  std::uint64_t session_ = 0;  // counts the sessions
  mcp::TimePoint session_opened_;
  std::uint64_t session_answers_ = 0;
  std::optional<mcp::TimePoint> lost_at_;
  mcp::TimePoint connect_intended_;
  mcp::TimePoint connect_started_;
  std::uint64_t attempts_ = 0;
  int failed_connects_ = 0;
  int fruitless_sessions_ = 0;  // in a row, lost before their first answer
  mcp::TimePoint last_traffic_;
  const Request* stream_ = nullptr;  // the request that opened it

  std::list<Waiting> waiting_;  // mostly empty: no room is kept
  Slots<Open> open_;
  std::size_t opening_ = 0;  // those of `open_` that open a stream
  std::uint32_t sequence_ = 0;

  std::unique_ptr<mcp::Handle> script_timer_;
  std::unique_ptr<mcp::Handle> end_timer_;
  std::unique_ptr<mcp::Handle> connect_timer_;
  std::unique_ptr<mcp::Handle> expiry_timer_;
  std::unique_ptr<mcp::Handle> stream_timer_;
  std::unique_ptr<mcp::Handle> drain_timer_;
  mcp::TimePoint expiry_armed_for_;
  // Last: its end may not find anything above gone.
  std::unique_ptr<AgentPort> port_;
};

}  // namespace scenarios
