#include <memory>
#include <ostream>
#include <utility>

#include "cli/command.hpp"
#include "cli/commands/probe_document.hpp"
#include "cli/commands/probe_fleet.hpp"
#include "cli/commands/probe_options.hpp"
#include "cli/commands/probe_watch.hpp"
#include "cli/remembered_era.hpp"
#include "cli/render/format.hpp"
#include "cli/target.hpp"
#include "cli/target_name.hpp"

namespace cli {
namespace {

/// Kubernetes and Docker keep no more of a probe's output.
constexpr std::size_t exec_output_limit = 4095;

bool is_exec(ExitStyle style) {
  return style == ExitStyle::k8s || style == ExitStyle::docker;
}

/// All words are targets; `-- COMMAND` is one, and then the only one.
mcp::Result<std::vector<ProbeJob>> jobs_of(const ProbeFlags& flags, Invocation& invocation) {
  auto target = flags.target;
  if (is_exec(invocation.exit_style) && flags.timeout->count() == 0) target.timeout = exec_timeout;
  if (!invocation.child.empty() && !invocation.words.empty())
    return mcp::fail(mcp::ErrorKind::usage, "a target and a command after -- were given",
                     "choose one of them");
  std::vector<ProbeJob> jobs;
  do {
    auto word = take_target(invocation);
    if (!word) return std::unexpected(word.error());
    auto resolved = resolve_target(target, *word, invocation);
    auto name = resolved ? resolved->endpoint.name : target_name(*word, invocation.child);
    jobs.push_back({.name = std::move(name), .target = std::move(resolved)});
  } while (!invocation.words.empty());
  return jobs;
}

ExitCode worst_of(const std::vector<ExitCode>& codes) {
  auto worst = ExitCode::ok;
  for (const auto code : codes) worst = worse_of(worst, code);
  return worst;
}

void remember_eras(const std::vector<ProbeJob>& jobs,
                   const std::vector<probes::ProbeReport>& reports) {
  for (std::size_t index = 0; index < jobs.size(); ++index) {
    const auto& seen = reports[index].seen;
    if (jobs[index].target && seen.peer)
      remember_era(*jobs[index].target, {seen.transport, seen.peer->era()});
  }
}

mcp::Result<Format> format_of(const ProbeFlags& flags, ExitStyle style) {
  if (!flags.output.empty()) return find_format(flags.output);
  return find_format(style == ExitStyle::nagios ? "nagios" : "text");
}

mcp::Result<ExitCode> run_watch(const ProbeFlags& flags, const probes::ProbeOptions& options,
                                std::vector<ProbeJob> jobs, Invocation& invocation) {
  const auto plan = watch_plan_of(flags);
  if (!plan) return std::unexpected(plan.error());
  if (jobs.size() > 1)
    return mcp::fail(mcp::ErrorKind::usage, "--watch: takes one target",
                     "'mcpctl exporter' watches many");
  return watch_target(std::move(jobs.front()), options, *plan, invocation);
}

mcp::Result<ExitCode> run_probe(const ProbeFlags& flags, Invocation& invocation) {
  const auto style = invocation.exit_style;
  const auto format = format_of(flags, style);
  if (!format) return std::unexpected(format.error());
  const auto options = probe_options_of(flags);
  if (!options) return std::unexpected(options.error());
  auto jobs = jobs_of(flags, invocation);
  if (!jobs) return std::unexpected(jobs.error());
  if (!flags.watch.empty() || !flags.count.empty())
    return run_watch(flags, *options, std::move(*jobs), invocation);
  // One target that cannot be probed is a mistake on the line; of several, it is a result.
  if (jobs->size() == 1 && !jobs->front().target && format->name == "text")
    return std::unexpected(jobs->front().target.error());

  const auto reports = probe_all(*jobs, *options);
  remember_eras(*jobs, reports);
  std::vector<Document> documents;
  std::vector<ExitCode> codes;
  for (const auto& report : reports) {
    documents.push_back(document_of(report, *options, style));
    codes.push_back(exit_code_of(report, *options, style));
  }
  const auto code = worst_of(codes);
  auto& world = invocation.world;
  auto text =
      format->render(documents, {.colour = world.colour_on_out() ? Colour::ansi : Colour::none,
                                 .exit_status = status(code, style)});
  const bool may_be_cut = format->name == "text" || format->name == "nagios";
  if (is_exec(style) && may_be_cut) text = fit(std::move(text), exec_output_limit);
  world.out << text;
  return code;
}

Run add_probe(CLI::App& app) {
  const auto flags = std::make_shared<ProbeFlags>();  // shared: CLI11 writes to it until Run reads
  add_probe_options(app, *flags);
  return [flags](Invocation& invocation) { return run_probe(*flags, invocation); };
}

}  // namespace

extern const Command probe_command;
const Command probe_command{
    .name = "probe",
    .group = CommandGroup::check,
    .summary = "Check a server's health, phase by phase",
    .usage = "[OPTIONS] TARGET... | -- COMMAND [ARGS]",
    .examples =
        "mcpctl probe https://example.com/mcp\n"
        "mcpctl probe https://example.com/mcp --require-tool search --max-latency 500ms\n"
        "mcpctl probe http://127.0.0.1:8080/mcp --exit-style k8s\n"
        "mcpctl probe https://example.com/mcp --watch 10s\n"
        "mcpctl probe @prod @staging --config mcp.json -o prometheus\n"
        "mcpctl probe --call add --args '{\"a\":2,\"b\":3}' --expect-text 5 -- ./server\n",
    .add = add_probe};

}  // namespace cli
