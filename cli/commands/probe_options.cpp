#include "cli/commands/probe_options.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/options.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

using mcp::ErrorKind;
using probes::Depth;

std::unexpected<mcp::Error> usage(std::string message, std::string hint = {}) {
  return mcp::fail(ErrorKind::usage, std::move(message), std::move(hint));
}

mcp::Result<Depth> depth_of(const ProbeFlags& flags) {
  const bool calls = !flags.call.empty();
  if (flags.depth.empty()) return calls ? Depth::call : Depth::tools;
  const auto depth = probes::parse_depth(flags.depth);
  if (!depth)
    return usage("--depth: unknown depth " + mcp::quoted(flags.depth),
                 "choose tcp, tls, handshake, tools or call");
  if (calls && depth != Depth::call) return usage("--call needs --depth call", "leave --depth out");
  if (!calls && depth == Depth::call)
    return usage("--depth call: no tool given", "say which with --call TOOL");
  return *depth;
}

/// A check of something that the probe would not look at must not pass unnoticed.
mcp::Result<void> check_reach(const ProbeFlags& flags, Depth depth) {
  if (depth < Depth::tools && (!flags.min_tools.empty() || !flags.require_tools.empty()))
    return usage("--min-tools and --require-tool need --depth tools", "leave --depth out");
  if (depth < Depth::handshake && !flags.require_capabilities.empty())
    return usage("--require-capability needs --depth handshake at least", "leave --depth out");
  const bool expects = !flags.expectations.empty() || !flags.expect_text.empty();
  if (depth < Depth::call && (expects || !flags.arguments.empty()))
    return usage("--args, --expect and --expect-text need --call TOOL");
  return {};
}

mcp::Result<std::optional<std::size_t>> number_of(const char* option, const std::string& text) {
  if (text.empty()) return std::nullopt;
  std::size_t count = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc() || stop != end)
    return usage(fmt::format("{}: {} is not a number", option, mcp::quoted(text)));
  return count;
}

mcp::Result<nlohmann::json> arguments_of(const std::string& text) {
  if (text.empty()) return nlohmann::json::object();
  auto arguments = nlohmann::json::parse(text, nullptr, false);
  if (!arguments.is_object())
    return usage("--args: " + mcp::quoted(text) + " is not a JSON object",
                 R"(for example --args '{"message":"hello"}')");
  return arguments;
}

mcp::Result<std::optional<probes::ToolCall>> call_of(const ProbeFlags& flags) {
  if (flags.call.empty()) return std::nullopt;
  auto arguments = arguments_of(flags.arguments);
  if (!arguments) return std::unexpected(arguments.error());
  probes::ToolCall call{.tool = flags.call, .arguments = std::move(*arguments)};
  for (const auto& text : flags.expectations) {
    auto expectation = probes::Expectation::parse(text);
    if (!expectation) return std::unexpected(expectation.error());
    call.expectations.push_back(std::move(*expectation));
  }
  if (flags.expect_text.empty()) return call;
  auto pattern = probes::TextPattern::parse(flags.expect_text);
  if (!pattern) return std::unexpected(pattern.error());
  call.text = std::move(*pattern);
  return call;
}

mcp::Result<std::optional<std::chrono::days>> days_of(std::string_view option, int days) {
  if (days < 0) return usage(std::string(option) + ": days are not negative");
  if (days == 0) return std::nullopt;
  return std::chrono::days(days);
}

mcp::Result<void> read_thresholds(const ProbeFlags& flags, probes::ProbeOptions& options) {
  if (flags.retries < 0) return usage("--retries: the number is not negative");
  options.retries = flags.retries;
  auto min_tools = number_of("--min-tools", flags.min_tools);
  if (!min_tools) return std::unexpected(min_tools.error());
  options.min_tools = *min_tools;
  if (!flags.max_latency.empty()) {
    const auto latency = mcp::parse_duration(flags.max_latency);
    if (!latency) return std::unexpected(latency.error());
    options.max_latency = *latency;
  }
  const auto warn = days_of("--cert-warn", flags.cert_warn);
  if (!warn) return std::unexpected(warn.error());
  const auto crit = days_of("--cert-crit", flags.cert_crit);
  if (!crit) return std::unexpected(crit.error());
  options.cert_warn = *warn;
  options.cert_crit = *crit;
  return {};
}

void add_checks(CLI::App& app, ProbeFlags& flags) {
  app.add_option("--depth", flags.depth,
                 "How far to go: tcp, tls, handshake, tools (without it), call")
      ->type_name("DEPTH");
  app.add_option("--min-tools", flags.min_tools,
                 "Fail below N tools; 0 allows a server that declares tools to have none")
      ->type_name("N");
  add_repeatable(app, "--require-tool", flags.require_tools, "Fail unless this tool is listed")
      ->type_name("NAME");
  add_repeatable(app, "--require-capability", flags.require_capabilities,
                 "Fail unless it is declared: prompts, resources.subscribe")
      ->type_name("NAME");
  app.add_option("--max-latency", flags.max_latency, "Fail when an attempt takes longer")
      ->type_name("DURATION");
  app.add_option("--cert-warn", flags.cert_warn,
                 "Warn when a certificate expires within N days (without it 14; 0: never)")
      ->type_name("N");
  app.add_option("--cert-crit", flags.cert_crit, "Fail when one expires within N days")
      ->type_name("N");
  app.add_flag("--allow-protected", flags.allow_protected,
               "Pass when the server asks for a token and none was given");
}

void add_call(CLI::App& app, ProbeFlags& flags) {
  app.add_option("--call", flags.call, "Call this tool and look at its result")->type_name("TOOL");
  app.add_option("--args", flags.arguments, "Its arguments, a JSON object")->type_name("JSON");
  add_repeatable(app, "--expect", flags.expectations,
                 "Fail unless the result has VALUE there: /structuredContent/sum=5")
      ->type_name("POINTER=VALUE");
  app.add_option("--expect-text", flags.expect_text,
                 "Fail unless the result's text matches (POSIX extended)")
      ->type_name("REGEX");
}

}  // namespace

void add_probe_options(CLI::App& app, ProbeFlags& flags) {
  add_checks(app, flags);
  add_call(app, flags);
  app.add_option("--retries", flags.retries, "Try again up to N times; all attempts share the time")
      ->type_name("N");
  app.add_option("--watch", flags.watch, "Probe each DURATION, a line a run, until Ctrl-C")
      ->type_name("DURATION");
  app.add_option("--count", flags.count, "With --watch: end after N runs, with the worst verdict")
      ->type_name("N");
  app.add_option("-o,--output", flags.output, "text, json, junit, prometheus, nagios or github")
      ->type_name("FORMAT");
  add_target_options(app, flags.target, default_timeout);
  flags.timeout = app.get_option("--timeout");
}

mcp::Result<probes::ProbeOptions> probe_options_of(const ProbeFlags& flags) {
  const auto depth = depth_of(flags);
  if (!depth) return std::unexpected(depth.error());
  if (auto reach = check_reach(flags, *depth); !reach) return std::unexpected(reach.error());
  probes::ProbeOptions options{.depth = *depth,
                               .require_tools = flags.require_tools,
                               .require_capabilities = flags.require_capabilities};
  if (auto read = read_thresholds(flags, options); !read) return std::unexpected(read.error());
  auto call = call_of(flags);
  if (!call) return std::unexpected(call.error());
  options.call = std::move(*call);
  if (flags.allow_protected) options.protected_server = probes::ProtectedServer::passes;
  options.today = std::chrono::system_clock::now();
  return options;
}

mcp::Result<ProbeWatchPlan> watch_plan_of(const ProbeFlags& flags) {
  if (flags.watch.empty()) return usage("--count: needs --watch DURATION");
  const auto interval = mcp::parse_duration(flags.watch);
  if (!interval) return usage("--watch: " + interval.error().message, interval.error().hint);
  if (*interval < std::chrono::milliseconds(10)) return usage("--watch: must be 10ms at least");
  const auto count = number_of("--count", flags.count);
  if (!count) return std::unexpected(count.error());
  if (*count && **count == 0) return usage("--count: must be 1 at least");
  ProbeWatchPlan plan{.interval = *interval, .count = *count};
  if (flags.output == "json") {
    plan.output = WatchOutput::json;
  } else if (!flags.output.empty() && flags.output != "text") {
    return usage("--watch: writes text or json", "leave --output " + flags.output + " out");
  }
  return plan;
}

}  // namespace cli
