#include "probes/sidecar/status.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "probes/sidecar/child_watch.hpp"
#include "probes/sidecar/ledger.hpp"
#include "probes/sidecar/schedule.hpp"
#include "probes/sidecar/surface.hpp"

namespace probes::sidecar {
namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;
using nlohmann::json;

TEST_CASE("durations: a bucket holds what is at most its bound, the last one all above") {
  Durations durations;
  for (const mcp::Duration time : {mcp::Duration(1ms), mcp::Duration(1ms + 1ns),
                                   mcp::Duration(2500us), mcp::Duration(30s), mcp::Duration(31s)}) {
    durations.add(time);
  }
  CHECK(durations.counts[0] == 1);
  CHECK(durations.counts[1] == 2);
  CHECK(durations.counts[13] == 1);
  CHECK(durations.counts[14] == 1);
  CHECK(durations.total() == 5);
  CHECK(durations.sum == doctest::Approx(61.004500001));
}

TEST_CASE("ledger: the newest twenty outcomes are kept, and all are counted") {
  Ledger ledger;
  for (int i = 0; i < 1000; ++i) {
    ledger.add({.kind = i % 10 == 0 ? ProbeKind::handshake : ProbeKind::canary,
                .sign = Sign::good,
                .reason = std::to_string(i)});
  }
  Status status;
  ledger.fill(status);
  REQUIRE(status.recent.size() == 20);
  CHECK(status.recent.front().reason == "980");
  CHECK(status.recent.back().reason == "999");
  CHECK(status.probes ==
        std::map<std::pair<ProbeKind, Sign>, std::uint64_t>{
            {{ProbeKind::canary, Sign::good}, 900}, {{ProbeKind::handshake, Sign::good}, 100}});
}

TEST_CASE("ledger: a connection that is used again has cost nothing") {
  Ledger ledger;
  ledger.add_connection({.connect = 1ms, .new_connection = false});
  ledger.add_connection({.connect = 1ms, .new_connection = true});
  ledger.add_connection({.connect = 1ms, .tls = 2ms, .new_connection = true});
  Status status;
  ledger.fill(status);
  CHECK(status.phases.at("connect").total() == 2);
  CHECK(status.phases.at("tls").total() == 1);
}

TEST_CASE("schedule: probes keep the interval, spread to either side by the jitter") {
  Schedule schedule(10s, 0.1, 7);
  mcp::TimePoint begun;
  mcp::Duration shortest = 1h;
  mcp::Duration longest{};
  for (int i = 0; i < 1000; ++i) {
    const auto wait = schedule.next(begun, begun + 5ms) - begun;
    shortest = std::min(shortest, wait);
    longest = std::max(longest, wait);
  }
  CHECK(shortest >= 9s);
  CHECK(shortest < 9010ms);
  CHECK(longest <= 11s);
  CHECK(longest > 10990ms);
}

TEST_CASE("schedule: the same seed gives the same times, another one others") {
  Schedule one(10s, 0.1, 7);
  Schedule same(10s, 0.1, 7);
  Schedule other(10s, 0.1, 8);
  const mcp::TimePoint begun;
  const auto first = one.next(begun, begun);
  CHECK(first == same.next(begun, begun));
  CHECK(first != other.next(begun, begun));
}

TEST_CASE("schedule: a server that starts is asked each second, and never without rest") {
  Schedule slow(10s, 0, 1);
  Schedule fast(200ms, 0, 1);
  const mcp::TimePoint begun(1h);
  CHECK(slow.next_while_starting(begun, begun) == begun + 1s);
  CHECK(fast.next_while_starting(begun, begun) == begun + 200ms);
  CHECK(slow.next_while_starting(begun, begun + 5s) == begun + 5100ms);
  CHECK(fast.next(begun, begun + 5s) == begun + 5020ms);
}

TEST_CASE("restart pause: it doubles up to thirty seconds, and begins anew after a steady minute") {
  RestartPause pause;
  mcp::TimePoint now(1h);
  CHECK_FALSE(pause.until());
  for (const auto expected : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) {
    pause.started(now);
    pause.ended(now);
    CHECK(*pause.until() - now == expected);
    now += 40s;
  }
  pause.started(now);
  pause.ended(now + 1min);
  CHECK(*pause.until() - now == 61s);
}

json tool(const std::string& name, const std::string& text = "does it") {
  return {{"name", name}, {"description", text}, {"inputSchema", {{"type", "object"}}}};
}

ToolDigests digests(const std::vector<json>& tools) {
  ToolDigests made;
  for (const auto& each : tools) made.add(each);
  return made;
}

TEST_CASE("surface: the order of tools does not matter, whatever else does") {
  const auto first = digests({tool("a"), tool("b")}).digest();
  CHECK(first == digests({tool("b"), tool("a")}).digest());
  CHECK(first.starts_with("sha256:"));
  CHECK(first != digests({tool("a")}).digest());
  CHECK(first != digests({tool("a"), tool("b", "does more")}).digest());
  CHECK(first != digests({tool("a"), tool("b"), tool("b")}).digest());
}

TEST_CASE("surface: what was added, removed and changed since the first list is named") {
  Surface surface;
  surface.observe(digests({tool("a"), tool("b"), tool("c")}), mcp::TimePoint(1h));
  CHECK_FALSE(surface.status().drifted());
  CHECK(surface.status().changes == 0);
  surface.observe(digests({tool("a"), tool("c", "else"), tool("d")}), mcp::TimePoint(2h));
  CHECK(surface.status().drifted());
  CHECK(surface.status().differing == Names{"~c", "+d", "-b"});
  CHECK(surface.difference() == "~c, +d, -b");
  CHECK(surface.status().changed_at == mcp::TimePoint(2h));
  surface.observe(digests({tool("c"), tool("b"), tool("a")}), mcp::TimePoint(3h));
  CHECK_FALSE(surface.status().drifted());
  CHECK(surface.status().differing.empty());
  CHECK(surface.status().changes == 2);
}

TEST_CASE("surface: names that a server sent are printable, and few are kept") {
  std::vector<json> many = {tool("\x1b[31mred")};
  for (int i = 0; i < 100; ++i) many.push_back(tool("tool" + std::to_string(i)));
  const auto named = digests(many).differences({});
  CHECK(named.front() == "+\\x1b[31mred");
  CHECK(named.size() == 21);
  CHECK(named.back() == "…");
}

TEST_CASE("surface: tools that are none are digested all the same") {
  const auto odd = digests({json("text"), json::object(), json{{"name", 5}}});
  CHECK(odd.count() == 3);
  CHECK(odd.differences({}) == Names{"+(no name)", "+(no object)"});
}

}  // namespace
}  // namespace probes::sidecar
