#pragma once

#include <memory>
#include <string>

#include "mcp/io/loop.hpp"
#include "tests/server/core.hpp"
#include "tests/server/fault_plan.hpp"
#include "tests/server/jobs.hpp"
#include "tests/server/metrics.hpp"
#include "tests/server/options.hpp"
#include "tests/server/session_table.hpp"
#include "tests/server/sse_stream.hpp"

namespace mcp::testserver {

/// What the transports of one test server share. Lives longer than all of them.
struct Service {
  Service(Loop& the_loop, TestServerOptions the_options)
      : loop(the_loop),
        options(std::move(the_options)),
        core(options.core),
        faults(options.faults, options.seed, the_loop.now()),
        streams(metrics) {}

  Loop& loop;
  TestServerOptions options;
  Core core;
  Metrics metrics;
  FaultPlan faults;
  OpenStreams streams;
  bool draining = false;

  /// Counts what strikes.
  Strikes strike(std::string_view method) {
    if (faults.empty()) return {};
    auto strikes = faults.strike(method, loop.now());
    for (const auto* fault : strikes.all()) metrics.injected(to_string(fault->kind));
    return strikes;
  }
};

}  // namespace mcp::testserver
