#include "scenarios/worker.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "scenarios/connection_port.hpp"
#include "scenarios/scenario_reader.hpp"
#include "scenarios/summary.hpp"
#include "tests/server/fault.hpp"
#include "tests/server/surface.hpp"
#include "tests/server/test_server.hpp"

namespace scenarios {
namespace {

using namespace std::chrono_literals;
using mcp::testserver::TestServerOptions;
using mcp::testserver::TestServerThread;

/// A whole run over loopback, with the client library and the lean engine.
struct Run {
  Run(std::string_view text, TestServerOptions server_options = {}) {
    auto scenario = read_scenario(text);
    REQUIRE_MESSAGE(scenario.has_value(), to_text("f", scenario.error()));
    server_options.core.surface = mcp::testserver::builtin_surface();
    auto started = TestServerThread::start(std::move(server_options));
    REQUIRE_MESSAGE(started.has_value(), started.error().message);
    server = std::move(*started);
    options.client.protocol = scenario->target.protocol;
    options.endpoint.name = server->url();
    options.endpoint.transport = scenario->target.transport;
    const bool sse = options.endpoint.transport == mcp::TransportChoice::http_sse;
    options.endpoint.url = mcp::parse_url(sse ? server->sse_url() : server->url()).value();
    plan.emplace(std::move(*scenario), Shard{});
    loop = mcp::make_lean_loop();
    worker.emplace(WorkerOptions{
        .plan = *plan,
        .loop = *loop,
        .make_port = [this](AgentId agent, PortObserver& observer) -> std::unique_ptr<AgentPort> {
          return std::make_unique<ConnectionPort>(*loop, options, agent, observer);
        },
        .start = loop->now()});
    worker->run();
    summary = summarize(worker->recording());
  }
  std::uint64_t failed(Failure failure) const { return summary.all.failures.at(index_of(failure)); }

  std::unique_ptr<TestServerThread> server;
  std::optional<Plan> plan;
  std::unique_ptr<mcp::Loop> loop;
  ConnectionPortOptions options;
  std::optional<Worker> worker;
  Summary summary;
};

constexpr const char* burst = R"(
agents: 5
duration: 5s
requests: [{call: echo, arguments: {text: "hello ${agent.id} ${iteration}"}, expect: {text_contains: "hello"}}]
script: [connect, {burst: 10/200ms}, {idle: 100ms}, {burst: 10/200ms}, disconnect]
)";

TEST_CASE("load: agents call a tool over each transport and era, and leave nothing behind") {
  for (const auto* how : {"protocol: legacy\ntransport: streamable-http\n", "protocol: modern\n",
                          "transport: http-sse\nprotocol: 2024-11-05\n", "protocol: auto\n"}) {
    CAPTURE(how);
    const Run run(std::string(burst) + how);
    CHECK(run.summary.all.failed == 0);
    CHECK(run.summary.all.requests == 105);
    CHECK(run.summary.sessions_opened == 5);
    CHECK(run.summary.sessions_closed == 5);
    CHECK(run.summary.connections_made >= 5);
    CHECK(run.summary.sessions_lost == 0);
    CHECK(run.worker->is_over());
  }
}

TEST_CASE("load: sessions that the server forgets are counted, replaced, and asked again") {
  TestServerOptions options;
  options.session_ttl = 300ms;
  const Run run(
      "agents: 3\nduration: 20s\nprotocol: legacy\n"
      "script: [connect, ping, {idle: 1s}, ping, {think: 100ms}, ping, disconnect]\n",
      std::move(options));
  CHECK(run.summary.sessions_lost == 3);
  CHECK(run.summary.sessions_reinitialised == 3);
  CHECK(run.failed(Failure::session_lost) == 3);
  CHECK(run.summary.all.failed == 3);
  CHECK(run.worker->recording().statuses.at(404) == 3);
}

TEST_CASE("load: tool errors and unmet expectations are told apart") {
  const Run run(
      "agents: 1\nduration: 20s\nscript:\n  - connect\n  - {call: echo, arguments: {text: a}, "
      "expect: {text_contains: b}}\n"
      "  - {call: echo, arguments: {text: a}, expect: {is_error: true}}\n  - {call: "
      "no-such-tool}\n  - disconnect\n");
  CAPTURE(run.summary.all.requests);
  CAPTURE(run.summary.sessions_opened);
  CAPTURE(run.failed(Failure::timeout));
  CAPTURE(run.failed(Failure::refused));
  CHECK(run.failed(Failure::expectation) == 2);
  CHECK(run.failed(Failure::tool_error) + run.failed(Failure::rpc_error) == 1);
}

TEST_CASE("load: streams are held open in both eras") {
  for (const auto* protocol : {"legacy", "modern"}) {
    CAPTURE(protocol);
    const Run run("agents: 3\nduration: 1s\nscript: [connect, listen, {idle: 1h}]\nprotocol: " +
                  std::string(protocol) + "\n");
    CHECK(run.summary.all.failed == 0);
    CHECK(run.summary.all.requests == 6);
    CHECK(run.summary.streams_cut == 0);
    CHECK(run.summary.sessions_closed == 3);
  }
}

/// Three calls, of which the fault hits the second one.
Run with_fault(const std::string& fault, mcp::testserver::AnswerMode answers, const char* how) {
  TestServerOptions options;
  options.answers = answers;
  options.faults = {mcp::testserver::parse_fault(fault).value()};
  // A stalled request waits for its deadline, and one whose stream was cut for a resumption.
  const bool times_out = fault.starts_with("stall") || fault.starts_with("truncate");
  const std::string pace = times_out ? "500ms" : "20ms";
  return Run("agents: 1\nduration: 20s\ntimeout: " + std::string(times_out ? "400ms" : "5s") +
                 "\nscript:\n  - connect\n  - repeat: {times: 3, steps: [{call: echo, arguments: "
                 "{text: a}}, {think: " +
                 pace + "}]}\n" + std::string(how),
             std::move(options));
}

TEST_CASE("load: each way in which a server fails is counted in its own class") {
  using mcp::testserver::AnswerMode;
  struct Case {
    const char* fault;
    AnswerMode answers;
    Failure failure;
  };
  for (const auto& [fault, answers, failure] :
       {Case{"reset@method=tools/call,nth=2", AnswerMode::json, Failure::reset},
        Case{"close@method=tools/call,nth=2", AnswerMode::json, Failure::reset},
        Case{"stall@method=tools/call,nth=2", AnswerMode::json, Failure::timeout},
        Case{"status:503@method=tools/call,nth=2", AnswerMode::json, Failure::http_status},
        Case{"html@method=tools/call,nth=2", AnswerMode::json, Failure::protocol},
        Case{"rpc-error@method=tools/call,nth=2", AnswerMode::json, Failure::rpc_error},
        Case{"truncate@method=tools/call,nth=2", AnswerMode::sse, Failure::stream_cut}}) {
    for (const char* how : {"protocol: legacy\n", "protocol: modern\n"}) {
      CAPTURE(std::string(fault));
      CAPTURE(std::string(how));
      const auto run = with_fault(fault, answers, how);
      CHECK(run.failed(failure) == 1);
      CHECK(run.summary.all.failed == 1);
      CHECK(run.summary.all.requests == 4);
      CHECK(run.summary.sessions_closed == 1);
    }
  }
}

TEST_CASE("load: a prepared call that fails is counted as any other, with answers as events too") {
  using mcp::testserver::AnswerMode;
  struct Case {
    const char* fault;
    Failure failure;
  };
  for (const auto& [fault, failure] :
       {Case{"reset@method=tools/call,nth=3", Failure::reset},
        Case{"close@method=tools/call,nth=3", Failure::reset},
        Case{"stall@method=tools/call,nth=3", Failure::timeout},
        Case{"status:404@method=tools/call,nth=3", Failure::session_lost},
        Case{"status:503@method=tools/call,nth=3", Failure::http_status},
        Case{"html@method=tools/call,nth=3", Failure::protocol},
        Case{"rpc-error@method=tools/call,nth=3", Failure::rpc_error}}) {
    for (const auto answers : {AnswerMode::json, AnswerMode::sse}) {
      for (const char* how : {"protocol: legacy\n", "protocol: modern\n"}) {
        // Where there are no sessions, 404 is a status as any other.
        const bool is_modern = std::string(how) == "protocol: modern\n";
        const auto wanted =
            is_modern && failure == Failure::session_lost ? Failure::http_status : failure;
        CAPTURE(std::string(fault));
        CAPTURE(std::string(how));
        CAPTURE(answers == AnswerMode::sse);
        const auto run = with_fault(fault, answers, how);
        CHECK(run.failed(wanted) == 1);
        CHECK(run.summary.all.failed == 1);
        CHECK(run.summary.all.requests == 4);
      }
    }
  }
}

TEST_CASE(
    "load: a connection that is cut while idle is seen, and the one in its place is counted") {
  TestServerOptions options;
  options.faults = {mcp::testserver::parse_fault("cut-idle:200ms").value()};
  const Run run(
      "agents: 4\nduration: 20s\nprotocol: legacy\nrequests: [ping]\n"
      "script: [connect, {repeat: {times: 3, steps: [request, {idle: 600ms}]}}, disconnect]\n",
      std::move(options));
  CHECK(run.summary.all.failed == 0);
  CHECK(run.summary.sessions_lost == 0);
  CHECK(run.summary.connections_made == 8);  // the first ones, and those that take leave
  CHECK(run.summary.reconnects == 8);
  CHECK(run.summary.connections_cut == 12);
  const auto incidents = run.worker->recording().incidents.first();
  REQUIRE(incidents.size() == 12);
  for (const auto& incident : incidents) {
    CHECK(incident.by == CutBy::fin);
    CHECK(incident.idle >= 190ms);
    CHECK(incident.idle < 600ms);
  }
}

TEST_CASE("load: an agent has no more connections than the scenario allows, and calls wait") {
  TestServerOptions options;
  options.faults = {mcp::testserver::parse_fault("delay:100ms@method=tools/call").value()};
  for (const auto* connections : {"1", "3"}) {
    TestServerOptions slow = options;
    const Run run("agents: {count: 2, connections: " + std::string(connections) +
                      "}\nduration: 20s\nprotocol: legacy\n"
                      "requests: [{call: echo, arguments: {text: a}}]\n"
                      "script: [connect, {burst: 6/60ms}, disconnect]\n",
                  std::move(slow));
    CAPTURE(std::string(connections));
    CHECK(run.summary.all.failed == 0);
    CHECK(run.summary.all.requests == 14);
    CHECK(run.summary.connections_made == 2U * static_cast<unsigned>(connections[0] - '0'));
    CHECK(run.summary.reconnects == 0);
  }
}

TEST_CASE("load: an agent that only holds a stream has one connection") {
  for (const auto* protocol : {"legacy", "modern"}) {
    CAPTURE(std::string(protocol));
    const Run run("agents: 3\nduration: 1s\nscript: [connect, listen, {idle: 1h}]\nprotocol: " +
                  std::string(protocol) + "\n");
    CHECK(run.summary.all.failed == 0);
    // Giving up the stream ends its connection; the legacy session is then ended on another one.
    CHECK(run.summary.connections_made == (std::string(protocol) == "legacy" ? 6 : 3));
  }
}

TEST_CASE("load: duplicates and answers to nothing are counted beside the requests") {
  using mcp::testserver::AnswerMode;
  const auto twice = with_fault("duplicate@method=tools/call,nth=2", AnswerMode::sse, "");
  CHECK(twice.failed(Failure::duplicate) == 1);
  CHECK(twice.summary.all.failed == 0);
  const auto other = with_fault("wrong-id@method=tools/call,nth=2", AnswerMode::json, "");
  CHECK(other.failed(Failure::wrong_id) == 1);
  CHECK(other.summary.all.failed == 1);
}

TEST_CASE("load: a server that is not there is refused, and the run ends in time") {
  Run run("agents: 1\nduration: 1s\nscript: [connect]\n");
  run.server.reset();
  Plan plan(*read_scenario("agents: 2\nsettle: 0\nphases: [steady: {rate: 20/s, for: 1s}]\n"), {});
  Worker worker(
      {.plan = plan,
       .loop = *run.loop,
       .make_port = [&](AgentId agent, PortObserver& observer) -> std::unique_ptr<AgentPort> {
         return std::make_unique<ConnectionPort>(*run.loop, run.options, agent, observer);
       },
       .start = run.loop->now()});
  worker.run();
  const auto summary = summarize(worker.recording());
  CHECK(summary.all.failures.at(index_of(Failure::refused)) >= 2);
  CHECK(summary.all.not_started == 20);
  CHECK(summary.sessions_opened == 0);
}

}  // namespace
}  // namespace scenarios
