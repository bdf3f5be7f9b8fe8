#pragma once

#include <functional>
#include <utility>

#include "probes/health/observation.hpp"
#include "probes/health/options.hpp"
#include "probes/health/server.hpp"

namespace probes {

/// One pass over the phases of one server, from connecting to leaving nothing behind. Stops at the
/// first failure; what was opened is closed all the same.
class Attempt {
 public:
  Attempt(ServerAccess& access, const ProbeOptions& options, mcp::TimePoint deadline);

  Observation run();

 private:
  void plan_phases();
  void connect_only();
  void shake_hands();
  void list_tools();
  void call_tool();
  void close();
  void note_connection(mcp::Duration spent, const mcp::Error* failure);

  Phase& phase(PhaseName name);
  void fail(PhaseName name, mcp::Duration time, const mcp::Error& error);
  bool goes_to(Depth depth) const { return options_.depth >= depth && !seen_.failure; }

  ServerAccess& access_;
  const ProbeOptions& options_;
  mcp::TimePoint start_;
  mcp::TimePoint deadline_;
  /// The end of the work; what is left until `deadline_` is for cleaning up.
  mcp::TimePoint work_deadline_;
  std::unique_ptr<ProbedServer> server_;
  Observation seen_;
};

}  // namespace probes
