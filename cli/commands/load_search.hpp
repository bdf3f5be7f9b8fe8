#pragma once

#include <functional>

#include "cli/command.hpp"
#include "cli/commands/load.hpp"
#include "cli/commands/load_plan.hpp"
#include "cli/commands/load_preflight.hpp"
#include "scenarios/agent.hpp"
#include "scenarios/search_report.hpp"

namespace cli {

inline bool is_search(const scenarios::Scenario& scenario) {
  return !std::holds_alternative<std::monostate>(scenario.search);
}

/// How many agents are there at a time.
std::int64_t agents_of_search(const scenarios::Scenario& scenario);

/// A usage error for options that a search would ignore, and for a target that it cannot search.
mcp::Result<void> check_search(const LoadOptions& options, const LoadPlan& plan);

/// What a search runs in; all of it outlives the search.
struct SearchSurroundings {
  Invocation& invocation;
  const LoadPlan& plan;
  const Preflight& known;
  mcp::Loop& loop;  // the one that hears of signals
  std::function<bool()> interrupted;
  std::function<scenarios::Agent::MakePort(mcp::Loop&)> make_ports;
  /// Runs a scenario to its end, or until it is interrupted.
  std::function<scenarios::Recording(scenarios::Scenario)> drive;
};

struct Searched {
  scenarios::Recording recording;
  scenarios::SearchReport report;
};

/// Ends when everything is found, after the scenario's duration or when interrupted; what is known
/// then is reported in any case.
Searched run_search(const SearchSurroundings& around);

}  // namespace cli
