#pragma once

#include <algorithm>
#include <optional>
#include <variant>
#include <vector>

#include "scenarios/activity.hpp"
#include "scenarios/plan.hpp"

namespace scenarios {

/// Walks through the script of one agent by a clock of its own, which answers do not move: what
/// comes next and when it is due. What must be waited for sets the clock by `resume_at`.
class ScriptCursor {
 public:
  struct Fire {
    const Mix* mix = nullptr;
  };
  /// A burst or an idle time is over.
  struct Note {
    Activity activity = Activity::burst;
    mcp::TimePoint from;
  };
  struct Item {
    mcp::TimePoint due;
    std::variant<Connect, Disconnect, Fire, Note> what;
  };

  /// The plan must outlive the cursor. `arrival` is when this agent begins, `run_start` what the
  /// plan's times count from.
  ScriptCursor(const Plan& plan, AgentId agent, std::uint64_t generation, mcp::TimePoint run_start,
               mcp::TimePoint arrival);

  /// The next item; null when the script has ended.
  const Item* peek();
  void pop() { item_.reset(); }
  /// What was waited for has ended: the script goes on from there. A burst keeps its own times, and
  /// `pace` those of the phases.
  void resume_at(mcp::TimePoint now) { clock_ = std::max(clock_, now); }
  /// The burst or idle time that has begun and not ended.
  std::optional<Note> under_way() const;
  /// The next tick of the phases before `until`, whether the script has come to them or not.
  std::optional<mcp::TimePoint> next_tick(mcp::TimePoint until);

 private:
  struct Frame {
    const Script* steps = nullptr;
    std::size_t next = 0;
    std::optional<std::int64_t> rounds_left;  // none: for ever
  };
  struct OpenBurst {
    const Burst* burst = nullptr;
    BurstPacer pacer;
    mcp::TimePoint start;
  };

  const ScriptStep* next_step();
  void begin(const ScriptStep& step);
  void begin(const Connect& action) { item_ = Item{clock_, action}; }
  void begin(const Disconnect& action) { item_ = Item{clock_, action}; }
  void begin(const Send& action) { item_ = Item{clock_, Fire{mix_of(action.mix)}}; }
  void begin(const Burst& action);
  void begin(const Idle& action);
  void begin(const Think& action) { clock_ += action.time.draw(timing_); }
  void begin(const Pace& action);
  void begin(const Repeat& action);
  void go_on_with_burst();
  void go_on_with_phases();
  const Mix* mix_of(const Mix& mix) const {
    return mix.empty() ? &plan_.scenario().requests : &mix;
  }

  const Plan& plan_;
  mcp::TimePoint arrival_;
  mcp::TimePoint phases_start_;
  mcp::TimePoint clock_;
  Random timing_;
  Pacer ticks_;
  std::vector<Frame> frames_;
  std::optional<OpenBurst> burst_;
  bool in_phases_ = false;
  std::optional<Item> item_;
};

}  // namespace scenarios
