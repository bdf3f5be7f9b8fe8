#include "scenarios/capacity_step.hpp"

#include <doctest/doctest.h>

#include "scenarios/scenario_reader.hpp"
#include "scenarios/worker.hpp"
#include "tests/fakes/fake_loop.hpp"
#include "tests/unit/scenarios/simulated_server.hpp"

namespace scenarios {
namespace {

using namespace std::chrono_literals;

Scenario capacity() {
  return read_scenario(
             "agents: 5\nsearch: {capacity: {from: 10/s, to: 1000/s, step: 4s}}\n"
             "timeout: 1s\nthresholds: [p99 < 100ms, error_rate < 1%]\n")
      .value();
}

/// One step against a server that takes so long for each request.
CapacityStep held(mcp::Duration connect, mcp::Duration service, mcp::Duration late = 0s) {
  mcp::FakeLoop loop;
  SimulatedServer server(loop);
  server.connect = connect;
  server.service = service;
  const auto scenario = capacity();
  const Plan plan(scenario_at(scenario, {.count = 20}), {});
  Worker worker(
      {.plan = plan, .loop = loop, .make_port = server.port_maker(), .start = loop.now() - late});
  worker.run();
  return step_of(scenario, {.count = 20}, without_handshakes(worker.recording()));
}

TEST_CASE("capacity step: a rate that is answered in time is kept, whatever handshakes take") {
  const auto step = held(400ms, 5ms);
  CHECK(step.kept);
  CHECK_FALSE(step.saturated);
  CHECK(step.reason.empty());
  CHECK(step.p99 < 6ms);
  CHECK(step.answered_per_second > 15);
}

TEST_CASE("capacity step: a threshold that breaks is told with what was measured and wanted") {
  const auto step = held(2ms, 200ms);
  CHECK_FALSE(step.kept);
  CHECK_FALSE(step.saturated);
  CHECK(step.reason == "p99 is 200 ms, and p99 < 100ms was wanted");
}

TEST_CASE("capacity step: a driver that was late is not the server's fault") {
  const auto step = held(2ms, 5ms, 3s);
  CHECK(step.saturated);
  CHECK(step.reason.find("late") != std::string::npos);
}

}  // namespace
}  // namespace scenarios
