#include "probes/sidecar/sidecar.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <optional>

#include "mcp/base/url.hpp"
#include "tests/server/builtin_surface.hpp"
#include "tests/server/test_server.hpp"

// The sidecar over libcurl and sockets, beside the test server on a thread of its own.
namespace probes::sidecar {
namespace {

using namespace std::chrono_literals;
using mcp::testserver::TestServerOptions;
using mcp::testserver::TestServerThread;

struct NoCounter final : SessionCounter {
  SessionCount count(mcp::TimePoint) const override { return {}; }
};

/// A server that can be stopped and started again on its port.
struct Server {
  explicit Server(std::vector<std::string> faults = {}, std::uint16_t port = 0) {
    TestServerOptions options;
    options.http.port = port;
    options.core.surface = mcp::testserver::builtin_surface();
    for (const auto& fault : faults) options.faults.push_back(*mcp::testserver::parse_fault(fault));
    auto started = TestServerThread::start(std::move(options));
    REQUIRE_MESSAGE(started.has_value(), started.error().message);
    thread = std::move(*started);
  }
  std::uint16_t port() const { return mcp::parse_url(thread->url())->port; }
  const mcp::testserver::Metrics& metrics() const { return thread->metrics(); }

  std::unique_ptr<TestServerThread> thread;
};

struct Rig {
  Rig(const std::string& url, mcp::ProtocolChoice protocol, mcp::Duration interval = 5ms) {
    SidecarOptions options;
    options.endpoint.name = url;
    options.endpoint.url = *mcp::parse_url(url);
    options.client.protocol = protocol;
    options.interval = interval;
    options.timeout = 2s;
    http = *mcp::make_curl_http(*loop, options.endpoint.http);
    options.make_http = [this] { return mcp::make_curl_http(*loop, {}); };
    sidecar = std::make_unique<Sidecar>(
        mcp::TransportContext{.loop = *loop, .http = http.get(), .children = nullptr},
        std::move(options), counter);
    sidecar->start();
  }
  ~Rig() { stop(); }

  /// Turns the loop until that is so, at most for half a minute.
  bool until(const std::function<bool(const Status&)>& reached) {
    const auto latest = loop->now() + 30s;
    while (loop->now() < latest) {
      if (reached(sidecar->status())) return true;
      loop->turn(loop->now() + 10ms);
    }
    return false;
  }
  bool until_probes(std::uint64_t number) {
    return until([number](const Status& status) {
      std::uint64_t probes = 0;
      for (const auto& [which, count] : status.probes) probes += count;
      return probes >= number;
    });
  }
  bool until_state(State state) {
    return until([state](const Status& status) { return status.state == state; });
  }
  void stop() {
    bool done = false;
    sidecar->stop(loop->now() + 5s, [&done] { done = true; });
    while (!done) loop->turn(loop->now() + 1s);
  }

  NoCounter counter;
  std::unique_ptr<mcp::Loop> loop = mcp::make_loop();
  std::unique_ptr<mcp::Http> http;
  std::unique_ptr<Sidecar> sidecar;
};

TEST_CASE("sidecar: a thousand probes leave one session on the server, and a stop none") {
  const Server server;
  Rig rig(server.thread->url(), {.era = mcp::Era::legacy});
  REQUIRE(rig.until_probes(1000));
  const auto status = rig.sidecar->status();
  CHECK(status.state == State::ready);
  CHECK(status.probes.size() == 2);  // good ones of both kinds, and no other
  CHECK(status.canary.losses.empty());
  CHECK(server.metrics().sessions_active <= 2);  // one may just be ended
  CHECK(status.phases.at("connect").total() >= 100);
  rig.stop();
  CHECK(server.metrics().sessions_active == 0);
  CHECK(server.metrics().sessions_created == server.metrics().sessions_deleted);
}

TEST_CASE("sidecar: a modern server is left without a stream") {
  const Server server;
  Rig rig(server.thread->url(), {.era = mcp::Era::modern});
  REQUIRE(rig.until_probes(200));
  CHECK(server.metrics().streams_open == 1);
  CHECK(server.metrics().streams_opened == 1);
  CHECK(rig.sidecar->status().state == State::ready);
  rig.stop();
  CHECK(rig.sidecar->status().state == State::stopped);
  CHECK(rig.sidecar->status().canary.losses.empty());
}

TEST_CASE("sidecar: an HTTP+SSE server is probed over its own transport") {
  const Server server;
  Rig rig(server.thread->sse_url(), {});
  REQUIRE(rig.until_probes(100));
  CHECK(rig.sidecar->status().state == State::ready);
  CHECK(rig.sidecar->status().transport == mcp::TransportKind::http_sse);
}

TEST_CASE("sidecar: a server that ends and comes back on its port is found again") {
  for (const auto era : {mcp::Era::legacy, mcp::Era::modern}) {
    std::optional<Server> server(std::in_place);
    const auto port = server->port();
    Rig rig(server->thread->url(), {.era = era}, 20ms);
    REQUIRE(rig.until_state(State::ready));
    server.reset();
    REQUIRE(rig.until_state(State::degraded));
    CHECK(rig.sidecar->status().recent.back().sign == Sign::down);
    server.emplace(std::vector<std::string>{}, port);
    CHECK(rig.until_state(State::ready));
    CHECK(rig.until([](const Status& status) { return status.canary.held; }));
    rig.stop();
    CHECK(server->metrics().sessions_active == 0);
  }
}

TEST_CASE("sidecar: a session that the server forgets is opened again in the same probe") {
  const Server server({"lose-session@method=ping,nth=5"});
  Rig rig(server.thread->url(), {.era = mcp::Era::legacy});
  REQUIRE(rig.until([](const Status& status) { return !status.canary.losses.empty(); }));
  REQUIRE(rig.until_probes(100));
  const auto status = rig.sidecar->status();
  CHECK(status.canary.losses == std::map<std::string, std::uint64_t>{{"session-lost", 1}});
  CHECK(status.probes.at({ProbeKind::canary, Sign::bad}) == 1);
  CHECK(status.state == State::ready);
}

TEST_CASE("sidecar: tools that change are named") {
  const Server server({"tools-change:3"});
  Rig rig(server.thread->url(), {.era = mcp::Era::legacy});
  REQUIRE(rig.until([](const Status& status) { return status.surface.drifted(); }));
  const auto status = rig.sidecar->status();
  CHECK(status.surface.differing == std::vector<std::string>{"+added", "-headers"});
  CHECK(status.state == State::ready);
}

}  // namespace
}  // namespace probes::sidecar
