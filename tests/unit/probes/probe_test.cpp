#include "probes/health/probe.hpp"

#include <doctest/doctest.h>

#include "tests/unit/probes/fake_access.hpp"

namespace {

using namespace std::chrono_literals;
using probes::Verdict;
using Calls = std::vector<std::string>;

Script refusing_script() {
  auto script = healthy_script({});
  script.connection.reset();
  script.open_time = 1ms;
  script.open = mcp::fail(mcp::ErrorKind::connect, "connection refused");
  return script;
}

}  // namespace

TEST_CASE("probe: a healthy server is asked once, whatever the retries") {
  FakeAccess access({healthy_script({"echo"})});
  const auto report = probe("http://x/mcp", access, {.retries = 3});
  CHECK(report.verdict == Verdict::ok);
  CHECK(report.attempts == 1);
  CHECK(access.calls == Calls{"open", "list", "close"});
}

TEST_CASE("probe: a failed attempt is repeated after a pause, and the total tells all of it") {
  FakeAccess access({refusing_script(), refusing_script(), healthy_script({"echo"})});
  const auto report = probe("http://x/mcp", access, {.retries = 2});
  CHECK(report.verdict == Verdict::ok);
  CHECK(report.attempts == 3);
  CHECK(access.calls == Calls{"open", "close", "wait 100 ms", "open", "close", "wait 200 ms",
                              "open", "list", "close"});
  CHECK(report.total == 1ms + 100ms + 1ms + 200ms + 15ms + 2ms);
}

TEST_CASE("probe: attempts share the time, so that one that hangs leaves some for the next") {
  auto hangs = healthy_script({"echo"});
  hangs.open_time = 1h;
  FakeAccess access({hangs, healthy_script({"echo"})});
  const auto report = probe("http://x/mcp", access, {.timeout = 2s, .retries = 1});
  CHECK(report.verdict == Verdict::ok);
  CHECK(report.attempts == 2);
  CHECK(report.total <= 2s);
}

TEST_CASE("probe: Retry-After that does not fit ends the attempts") {
  auto busy = healthy_script({});
  auto error = mcp::fail(mcp::ErrorKind::http, "HTTP 503").error();
  error.retry_after_seconds = 30;
  busy.open = std::unexpected(error);
  FakeAccess access({busy});
  const auto report = probe("http://x/mcp", access, {.timeout = 5s, .retries = 5});
  CHECK(report.attempts == 1);
  CHECK(report.reason == "handshake: HTTP 503");
}

TEST_CASE("probe: Retry-After that fits is waited for") {
  auto busy = healthy_script({});
  auto error = mcp::fail(mcp::ErrorKind::http, "HTTP 503").error();
  error.retry_after_seconds = 2;
  busy.open = std::unexpected(error);
  FakeAccess access({busy, healthy_script({"echo"})});
  const auto report = probe("http://x/mcp", access, {.timeout = 5s, .retries = 5});
  CHECK(report.verdict == Verdict::ok);
  CHECK(access.calls[2] == "wait 2000 ms");
}

TEST_CASE("probe: a refused credential is not tried again") {
  auto script = refusing_script();
  script.open = mcp::fail(mcp::ErrorKind::auth, "HTTP 403");
  FakeAccess access({script});
  CHECK(probe("http://x/mcp", access, {.retries = 5}).attempts == 1);
}

TEST_CASE("probe: an interrupt during the pause ends the attempts") {
  FakeAccess access({refusing_script()});
  access.interrupted = true;
  const auto report = probe("http://x/mcp", access, {.retries = 5});
  CHECK(report.attempts == 1);
  CHECK(report.verdict == Verdict::unreachable);
}
