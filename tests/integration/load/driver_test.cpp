#include "scenarios/driver.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "mcp/io/loop.hpp"
#include "scenarios/connection_port.hpp"
#include "scenarios/scenario_reader.hpp"
#include "scenarios/summary.hpp"
#include "tests/server/surface.hpp"
#include "tests/server/test_server.hpp"

namespace scenarios {
namespace {

using namespace std::chrono_literals;
using mcp::testserver::TestServerThread;

std::unique_ptr<TestServerThread> start_server() {
  mcp::testserver::TestServerOptions options;
  options.core.surface = mcp::testserver::builtin_surface();
  auto server = TestServerThread::start(std::move(options));
  REQUIRE_MESSAGE(server.has_value(), server.error().message);
  return std::move(*server);
}

DriverOptions options_for(const TestServerThread& server, std::string_view text) {
  auto scenario = read_scenario(text);
  REQUIRE_MESSAGE(scenario.has_value(), to_text("f", scenario.error()));
  mcp::Endpoint endpoint{.name = server.url()};
  endpoint.url = mcp::parse_url(server.url()).value();
  return {.scenario = std::move(*scenario),
          .threads = 3,
          .make_ports = [endpoint](mcp::Loop& loop) -> Agent::MakePort {
            auto shared = std::make_shared<ConnectionPortOptions>();
            shared->endpoint = endpoint;
            return [&loop, shared](AgentId agent, PortObserver& observer) {
              return std::make_unique<ConnectionPort>(loop, *shared, agent, observer);
            };
          },
          .start = mcp::make_loop()->now() + 100ms};
}

TEST_CASE("driver: threads share a run as shards do, and their recordings are the whole") {
  const auto server = start_server();
  Driver driver(
      options_for(*server, "agents: 7\nsettle: 200ms\nphases: [steady: {rate: 100/s, for: 1s}]\n"));
  const auto recording = driver.finish();
  CHECK(driver.is_over());
  CHECK(recording.threads == 3);
  const auto summary = summarize(recording);
  CHECK(summary.intended == 107);
  CHECK(summary.all.failed == 0);
  CHECK(summary.sessions_opened == 7);
  CHECK(summary.sessions_closed == 7);
  CHECK(driver.figures().requests == 107);
  CHECK(driver.figures().sessions == 0);
}

TEST_CASE("driver: once stopped, agents drain and leave") {
  const auto server = start_server();
  Driver driver(options_for(
      *server, "agents: 4\nduration: 10m\nscript: [connect, repeat: [ping, {think: 50ms}]]\n"));
  while (driver.figures().requests < 20) std::this_thread::yield();
  driver.stop();
  const auto summary = summarize(driver.finish());
  CHECK(summary.ran < 1min);
  CHECK(summary.sessions_opened == 4);
  CHECK(summary.sessions_closed == 4);
}

}  // namespace
}  // namespace scenarios
