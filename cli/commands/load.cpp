#include "cli/commands/load.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include "cli/commands/load_results.hpp"
#include "cli/conversation.hpp"
#include "cli/options.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

/// What stands after `load`, and which options it takes besides the general ones.
struct Action {
  std::string_view word;
  mcp::Result<ExitCode> (*run)(const LoadOptions& options, Invocation& invocation);
  enum class Takes : std::uint8_t { everything, output, variables, nothing } takes;
};

constexpr std::array actions = {
    Action{"run", run_load, Action::Takes::everything},
    Action{"list", list_load_scenarios, Action::Takes::output},
    Action{"show", show_load_scenario, Action::Takes::nothing},
    Action{"check", check_load_scenario, Action::Takes::variables},
    Action{"report", report_load, Action::Takes::output},
    Action{"compare", compare_loads, Action::Takes::output},
    Action{"merge", merge_loads, Action::Takes::output},
};
constexpr auto action_names = "run, list, show, check, report, compare or merge";

mcp::Result<Action> take_action(Invocation& invocation) {
  const auto word =
      take_word(invocation, fmt::format("what to do ({})", std::string_view(action_names)));
  if (!word) return std::unexpected(word.error());
  const auto* const found = std::ranges::find(actions, *word, &Action::word);
  if (found != actions.end()) return *found;
  std::array<std::string, actions.size()> names;
  std::ranges::transform(actions, names.begin(),
                         [](const Action& each) { return std::string(each.word); });
  const auto near = mcp::nearest(*word, names);
  return mcp::fail(mcp::ErrorKind::usage,
                   fmt::format("load: {}: unknown action", mcp::printable(*word)),
                   near.empty() ? fmt::format("choose {}", std::string_view(action_names))
                                : fmt::format("did you mean 'mcpctl load {}'?", near));
}

bool takes(const Action& action, const CLI::Option& option) {
  if (action.takes == Action::Takes::everything || option.get_group() == "General") return true;
  if (option.check_lname("set")) return action.takes == Action::Takes::variables;
  return option.check_lname("output") && action.takes == Action::Takes::output;
}

/// merge writes a file of that name, compare has formats of its own, and only results have a page.
mcp::Result<void> check_output(const Action& action, const OutputOption& output) {
  const bool of_results = action.word == "run" || action.word == "report";
  if (action.word == "merge" || action.word == "compare") return {};
  if (of_results && (is_html(output) || is_prometheus(output))) return {};
  return check(output);
}

/// An option that the action would ignore is a mistake.
mcp::Result<void> check_options(const Action& action, const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    if (option->count() == 0 || takes(action, *option)) continue;
    return mcp::fail(
        mcp::ErrorKind::usage,
        fmt::format("{}: is not an option of 'load {}'", option->get_name(), action.word),
        "'mcpctl load --help' says what each option is for");
  }
  return {};
}

void add_load_options(CLI::App& app, LoadOptions& o) {
  const auto add = [&app](const char* name, std::string& value, const char* type,
                          const char* text) {
    return app.add_option(name, value, text)->type_name(type)->group("Load");
  };
  add("--agents", o.agents, "N", "How many agents, each with a session of its own");
  add("--rate", o.rate, "RATE", "Requests of all agents together: 100/s, 30/m");
  add("--burst", o.burst, "N/TIME", "Each agent sends N requests in that time, idles, and again");
  add("--idle", o.idle, "TIME", "Between bursts: 5m, '5m ± 20 %'; without it and a scenario none");
  add("--duration", o.duration, "TIME", "How long; without it and a scenario 1m");
  add("--call", o.call, "TOOL", "What is called; without it and a scenario the tools are listed");
  add("--args", o.arguments, "JSON",
      "Its arguments, with ${agent.id}, ${iteration}, …; without them made from its inputSchema");
  app.add_flag("--closed", o.closed,
               "Send the next request of an agent when the one before is answered, as fast as that "
               "goes: what a frozen server delays is not counted")
      ->group("Load");
  add_repeatable(app, "--set", o.set, "A variable of the scenario")
      ->type_name("NAME=VALUE")
      ->group("Load");
  add_repeatable(app, "--threshold", o.thresholds,
                 "One more sentence that must hold: 'p99(tools/call) < 250ms'")
      ->type_name("TEXT")
      ->group("Load");
}

void add_driver_options(CLI::App& app, LoadOptions& o) {
  const auto add = [&app](const char* name, std::string& value, const char* type,
                          const char* text) {
    return app.add_option(name, value, text)->type_name(type)->group("Driver");
  };
  add("--threads", o.threads, "N", "Without it one a core, and never more than agents");
  add("--seed", o.seed, "N", "The same seed draws the same requests at the same times");
  add("--source", o.sources, "ADDR[,ADDR…]", "Own addresses to connect from, in turn");
  add("--shard", o.shard, "I/N", "The agents of the I-th of N machines (I+1/N: I counts from 0)");
  add("--start-at", o.start_at, "TIME", "2026-11-21T07:00:00Z, the same for all shards");
  app.add_flag("--cold", o.cold, "Ask nothing of the server before the run")->group("Driver");
  add("--results", o.results, "FILE", "Write everything that was measured, as JSON");
  add("--hlog", o.histogram_log, "FILE", "Write latencies by second for HdrHistogram's tools");
  add("--otlp", o.otlp, "URL", "Send metrics and traces to an OpenTelemetry collector");
  add("--trace-sample", o.trace_sample, "SHARE",
      "Requests with a traceparent of their own: 1%, or 10/s, which is the default with --otlp");
  add("--html", o.html, "FILE", "Write a report with charts, one file for any browser");
}

Run add_load(CLI::App& app) {
  auto options = std::make_shared<LoadOptions>();  // shared: by the parser's references and run
  app.add_option("-o,--output", options->output.name,
                 "text or json; run, report: html and prometheus too; compare: markdown and github "
                 "too; merge: the FILE to write")
      ->type_name("FORMAT");
  add_load_options(app, *options);
  add_driver_options(app, *options);
  add_target_options(app, options->target, "30s");
  app.get_option("--timeout")
      ->description("Time for each request; without it the scenario's, and without one 30s");
  return [options, &app](Invocation& invocation) -> mcp::Result<ExitCode> {
    const auto action = take_action(invocation);
    if (!action) return std::unexpected(action.error());
    if (auto ok = check_options(*action, app); !ok) return std::unexpected(ok.error());
    if (auto ok = check_output(*action, options->output); !ok) return std::unexpected(ok.error());
    options->has_timeout = app.count("--timeout") != 0;
    return action->run(*options, invocation);
  };
}

}  // namespace

extern const Command load_command{
    .name = "load",
    .group = CommandGroup::check,
    .summary = "Put agents on a server that burst, idle and come back, and measure it",
    .usage =
        "run [OPTIONS] [NAME|FILE] TARGET | -- COMMAND [ARGS]\n"
        "       mcpctl load list\n"
        "       mcpctl load show NAME\n"
        "       mcpctl load check [--set NAME=VALUE] FILE\n"
        "       mcpctl load report [-o html|prometheus] RESULTS\n"
        "       mcpctl load compare [-o FORMAT] BEFORE AFTER\n"
        "       mcpctl load merge RESULTS… [-o FILE]\n"
        "\n"
        "  A scenario is one of 'load list' or a YAML file; --rate, --burst or --closed need "
        "none.\n"
        "  idle-cut, capacity and rollout search: 'load show NAME' tells what for.\n"
        "  Latency counts from the time at which a request was due, whatever the server did.\n"
        "  Exit codes: 0 thresholds met, 1 one missed (compare: AFTER is worse), 2 usage,\n"
        "  3 to 6 not reached at all, 130 interrupted: it has drained and reported.",
    .examples =
        "mcpctl load run burst-idle https://example.com/mcp --call search --args '{\"q\":\"a\"}'\n"
        "mcpctl load run http://127.0.0.1:8080/mcp --agents 20 --burst 30/8s --idle 1m\n"
        "mcpctl load run steady @files --rate 100/s --duration 2m --results before.json\n"
        "mcpctl load run --rate 10/s --duration 10s -- python3 server.py\n"
        "mcpctl load report before.json -o html > before.html\n"
        "mcpctl load run idle-cut https://example.com/mcp --set longest=2m\n"
        "mcpctl load compare before.json after.json",
    .add = add_load,
};

}  // namespace cli
