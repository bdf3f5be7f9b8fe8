#include <doctest/doctest.h>

#include "cli/commands/probe_watch.hpp"
#include "cli/render/watch_line.hpp"

namespace {

using namespace std::chrono_literals;
using cli::Uptime;

const Uptime::Time noon = std::chrono::sys_days(2026y / 1 / 10) + 12h;

TEST_CASE("watch: runs begin on the beat, however long one takes") {
  const mcp::TimePoint start{};
  CHECK(cli::next_beat(start, 10s, start) == start + 10s);
  CHECK(cli::next_beat(start, 10s, start + 1ms) == start + 10s);
  CHECK(cli::next_beat(start, 10s, start + 9999ms) == start + 10s);
  CHECK(cli::next_beat(start, 10s, start + 20s) == start + 30s);
  CHECK(cli::next_beat(start, 10s, start + 25s) == start + 30s);
  CHECK(cli::next_beat(start, 10s, start + 24h + 1s) == start + 24h + 10s);
}

TEST_CASE("watch: uptime is the share of good runs, and since when it is as it is") {
  Uptime uptime;
  uptime.add(noon, true, 10ms);
  uptime.add(noon + 10s, true, 30ms);
  CHECK(uptime.share() == "100 %");
  CHECK(uptime.since() == noon);
  uptime.add(noon + 20s, false, 1s);
  CHECK_FALSE(uptime.is_up());
  CHECK(uptime.since() == noon + 20s);
  uptime.add(noon + 30s, false, 1s);
  CHECK(uptime.since() == noon + 20s);
  CHECK(uptime.share() == "50.0 %");
  CHECK(uptime.fastest() == 10ms);
  CHECK(uptime.slowest() == 30ms);
  CHECK(uptime.mean() == 20ms);
}

TEST_CASE("watch: one failure in a hundred thousand is not all, and one success is not nothing") {
  Uptime good;
  Uptime bad;
  for (int count = 0; count < 100'000; ++count) {
    good.add(noon, count != 0, 1ms);
    bad.add(noon, count == 0, 1ms);
  }
  CHECK(good.share() == "99.9 %");
  CHECK(bad.share() == "0.1 %");
}

TEST_CASE("watch: the newest latencies are drawn, a failed run as a cross") {
  Uptime uptime;
  for (int count = 0; count < 100; ++count) uptime.add(noon, true, 8ms);
  uptime.add(noon, false, 8ms);
  uptime.add(noon, true, 1ms);
  CHECK(uptime.drawing() == "██████████████████×▂");
  Uptime one;
  one.add(noon, true, 8ms);
  CHECK(one.drawing() == std::string(Uptime::drawn - 1, ' ') + "█");
}

TEST_CASE("watch: a line tells time, verdict, total, uptime and the long phases") {
  Uptime uptime;
  uptime.add(noon, true, 100ms);
  const cli::Document document{.verdict = "ok",
                               .phases = {{.name = "resolve", .time = 1ms},
                                          {.name = "handshake", .time = 60ms},
                                          {.name = "tools", .time = 39ms}},
                               .total = 100ms};
  CHECK(cli::watch_line(document, uptime, noon, cli::Colour::none) ==
        "2026-01-10T12:00:00Z  OK             100 ms                     █    100 % ok, "
        "up since 2026-01-10T12:00:00Z  handshake 60 ms, tools 39 ms\n");
}

TEST_CASE("watch: a line tells why a run failed, and phases that took no time are not named") {
  Uptime uptime;
  uptime.add(noon, false, 1ms);
  const cli::Document document{.verdict = "unreachable",
                               .level = cli::Level::critical,
                               .reason = "connection refused",
                               .phases = {{.name = "connect", .time = 400us}},
                               .total = 500us};
  CHECK(cli::watch_line(document, uptime, noon + 10s, cli::Colour::ansi) ==
        "2026-01-10T12:00:10Z  \x1b[1;31mUNREACHABLE \x1b[0m   0.5 ms                     ×    "
        "0.0 % ok, down since 2026-01-10T12:00:00Z  connection refused\n");
}

TEST_CASE("watch: the summary has what a person asks at the end") {
  Uptime uptime;
  CHECK(cli::watch_summary(uptime, 1s) == "no probe was finished");
  uptime.add(noon, true, 10ms);
  uptime.add(noon + 10s, false, 30ms);
  CHECK(cli::watch_summary(uptime, 12s) ==
        "1 of 2 probes ok (50.0 %) in 12 s, down since 2026-01-10T12:00:10Z; fastest 10 ms, mean "
        "10 ms, slowest 10 ms");
}

}  // namespace
