#include "scenarios/script_check.hpp"

#include <algorithm>

namespace scenarios {
namespace {

class ScriptCheck {
 public:
  ScriptCheck(const Scenario& scenario, Complaints& complaints)
      : scenario_(scenario), complaints_(complaints) {}

  void walk(const Script& script) {
    for (const auto& step : script) {
      std::visit([&](const auto& action) { visit(step, action); }, step.action);
    }
  }
  bool paced() const { return paced_; }
  bool endless() const { return endless_; }

 private:
  void visit(const ScriptStep& /*step*/, const Connect& /*action*/) { connected_ = true; }
  void visit(const ScriptStep& step, const Disconnect& /*action*/) {
    need_connection(step);
    connected_ = false;
  }
  void visit(const ScriptStep& step, const Send& /*action*/) { need_connection(step); }
  void visit(const ScriptStep& step, const Burst& /*action*/) { need_connection(step); }
  void visit(const ScriptStep& /*step*/, const Idle& /*action*/) {}
  void visit(const ScriptStep& /*step*/, const Think& /*action*/) {}
  void visit(const ScriptStep& step, const Pace& /*action*/) {
    need_connection(step);
    paced_ = true;
    if (!scenario_.has_rates() && !std::holds_alternative<CapacitySearch>(scenario_.search)) {
      complaints_.add(step.place, "pace needs phases with rates");
    }
  }
  void visit(const ScriptStep& step, const Repeat& repeat) {
    if (!takes_time(repeat.steps)) {
      complaints_.add(step.place, "a repetition that takes no time would never let go",
                      scenario_.loop == LoopKind::open
                          ? "put think, idle or a burst with a duration into it"
                          : "put a request, think or idle into it");
    }
    endless_ = endless_ || !repeat.times;
    walk(repeat.steps);
  }

  void need_connection(const ScriptStep& step) {
    if (!connected_)
      complaints_.add(step.place, "there is no connection at this step", "begin with connect");
  }
  bool takes_time(const Script& script) const {
    return std::ranges::any_of(script, [&](const ScriptStep& step) {
      return std::visit([&](const auto& action) { return lasts(action); }, step.action);
    });
  }
  // What waits for an answer takes time of its own.
  bool closed() const { return scenario_.loop == LoopKind::closed; }
  static bool lasts(const Connect& /*action*/) { return false; }
  static bool lasts(const Disconnect& /*action*/) { return false; }
  bool lasts(const Send& /*action*/) const { return closed(); }
  bool lasts(const Burst& action) const { return closed() || action.over > mcp::Duration::zero(); }
  static bool lasts(const Idle& action) { return action.time.mean > mcp::Duration::zero(); }
  static bool lasts(const Think& action) { return action.time.mean > mcp::Duration::zero(); }
  static bool lasts(const Pace& /*action*/) { return false; }
  bool lasts(const Repeat& action) const { return takes_time(action.steps); }

  const Scenario& scenario_;
  Complaints& complaints_;
  bool connected_ = false;
  bool paced_ = false;
  bool endless_ = false;
};

}  // namespace

void check_script(const Scenario& scenario, Place place, Complaints& complaints) {
  ScriptCheck check(scenario, complaints);
  check.walk(scenario.script);
  const bool bounded = scenario.duration > mcp::Duration::zero() ||
                       !std::holds_alternative<std::monostate>(scenario.search);
  if (!bounded && (check.endless() || scenario.agents.churn)) {
    complaints.add(place, "nothing says when the run ends", "add duration, or times to repeat");
  }
  if (scenario.has_rates() && !check.paced()) {
    complaints.add(place, "phases with rates need the step pace", "or leave script out");
  }
}

}  // namespace scenarios
