#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <ostream>

#include "cli/conversation.hpp"
#include "cli/json_output.hpp"
#include "cli/output_format.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

using nlohmann::json;

struct PingOptions {
  TargetOptions target;
  OutputOption output;
  std::size_t count = 4;
  std::string interval = "1s";
};

/// Round trips so far; times are in milliseconds.
struct Trips {
  std::vector<double> times;
  std::size_t sent = 0;
  std::optional<mcp::Error> failure;  // the newest

  std::size_t lost() const { return sent - times.size(); }
};

struct Spread {
  double min = 0;
  double mean = 0;
  double max = 0;
  double deviation = 0;
};

Spread spread_of(const std::vector<double>& times) {
  if (times.empty()) return {};
  const auto [min, max] = std::ranges::minmax_element(times);
  const double count = static_cast<double>(times.size());
  const double mean = std::accumulate(times.begin(), times.end(), 0.0) / count;
  double squares = 0;
  for (const double time : times) squares += (time - mean) * (time - mean);
  return {*min, mean, *max, std::sqrt(squares / count)};
}

double milliseconds(mcp::Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

/// These end the run: the next ping would meet them again.
bool is_final(mcp::ErrorKind kind) {
  return kind != mcp::ErrorKind::timeout && kind != mcp::ErrorKind::http;
}

void ping_once(Conversation& talk, Trips& trips, bool tell) {
  std::ostream& out = talk.world().out;
  ++trips.sent;
  const auto start = mcp::Clock::now();
  const auto answer = talk.client.ping(talk.loop.now() + talk.target.timeout);
  const auto time = mcp::Clock::now() - start;
  if (answer) {
    trips.times.push_back(milliseconds(time));
    if (tell)
      out << fmt::format("{:>4}  {}", trips.sent, mcp::format_duration(time)) << '\n' << std::flush;
    return;
  }
  if (talk.interrupted) {
    --trips.sent;  // it was not given its time
    return;
  }
  trips.failure = answer.error();
  if (tell)
    out << fmt::format("{:>4}  {}", trips.sent, answer.error().message) << '\n' << std::flush;
}

json report_json(const Conversation& talk, const Trips& trips) {
  json report = {{"target", talk.target.endpoint.name},
                 {"sent", trips.sent},
                 {"answered", trips.times.size()},
                 {"times_ms", trips.times}};
  if (trips.times.empty()) return report;
  const Spread spread = spread_of(trips.times);
  report["rtt_ms"] = {{"min", spread.min},
                      {"mean", spread.mean},
                      {"max", spread.max},
                      {"stddev", spread.deviation}};
  return report;
}

void print_summary(World& world, const Trips& trips) {
  world.out << fmt::format("{} sent, {} answered, {} lost\n", trips.sent, trips.times.size(),
                           trips.lost());
  if (trips.times.empty()) return;
  const Spread spread = spread_of(trips.times);
  world.out << fmt::format(
      "round trip min {:.2f} ms, mean {:.2f} ms, max {:.2f} ms, stddev {:.2f} ms\n", spread.min,
      spread.mean, spread.max, spread.deviation);
}

mcp::Result<ExitCode> verdict(const Conversation& talk, const Trips& trips) {
  if (talk.interrupted) return ExitCode::interrupted;
  if (trips.failure && (trips.times.empty() || is_final(trips.failure->kind))) {
    return std::unexpected(*trips.failure);
  }
  return trips.lost() == 0 ? ExitCode::ok : ExitCode::findings;
}

mcp::Result<ExitCode> ping(const PingOptions& options, mcp::Duration interval, Conversation& talk) {
  World& world = talk.world();
  const bool tell = !options.output.is_json() && talk.invocation.verbosity != Verbosity::quiet;
  if (tell) {
    world.out << fmt::format("{} by {} over {}, {}", talk.target.endpoint.name,
                             talk.peer.era() == mcp::Era::modern ? "server/discover" : "ping",
                             mcp::to_string(talk.client.transport()),
                             mcp::to_string(talk.peer.revision))
              << '\n'
              << std::flush;
  }
  Trips trips;
  while (!talk.interrupted && (options.count == 0 || trips.sent < options.count)) {
    if (trips.sent != 0) wait(talk, interval);
    if (talk.interrupted) break;
    ping_once(talk, trips, tell);
    if (trips.failure && is_final(trips.failure->kind)) break;
  }
  if (options.output.is_json()) {
    print_json(world, report_json(talk, trips));
  } else {
    print_summary(world, trips);
  }
  return verdict(talk, trips);
}

mcp::Result<ExitCode> run_ping(const PingOptions& options, Invocation& invocation) {
  if (auto ok = check(options.output); !ok) return std::unexpected(ok.error());
  auto target = find_target(invocation, options.target);
  if (!target) return std::unexpected(target.error());
  if (auto ok = expect_no_more_words(invocation); !ok) return std::unexpected(ok.error());
  const auto interval = mcp::parse_duration(options.interval);
  if (!interval) {
    return mcp::fail(mcp::ErrorKind::usage, "--interval: " + interval.error().message,
                     interval.error().hint);
  }
  return converse(invocation, std::move(*target),
                  [&](Conversation& talk) { return ping(options, *interval, talk); });
}

Run add_ping(CLI::App& app) {
  auto options = std::make_shared<PingOptions>();  // shared: parser's references and the run
  app.add_option("-c,--count", options->count, "How many; 0: until Ctrl-C; without it 4")
      ->type_name("N");
  app.add_option("-i,--interval", options->interval, "Time between two; without it 1s")
      ->type_name("DURATION");
  add_output_option(app, options->output);
  add_target_options(app, options->target, "5s");
  return [options](Invocation& invocation) { return run_ping(*options, invocation); };
}

}  // namespace

extern const Command ping_command{
    .name = "ping",
    .group = CommandGroup::check,
    .summary = "Measure round trips within one session",
    .usage = "[OPTIONS] TARGET",
    .examples =
        "mcpctl ping https://example.com/mcp\n"
        "mcpctl ping --count 100 --interval 100ms -o json http://localhost:3000/mcp",
    .add = add_ping,
};

}  // namespace cli
