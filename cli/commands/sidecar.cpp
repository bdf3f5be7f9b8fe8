#include <CLI/CLI.hpp>
#include <memory>
#include <utility>

#include "cli/command.hpp"
#include "cli/commands/sidecar_options.hpp"
#include "cli/commands/sidecar_run.hpp"

namespace cli {
namespace {

Run add_sidecar(CLI::App& app) {
  const auto flags =
      std::make_shared<SidecarFlags>();  // shared: CLI11 writes to it until Run reads
  add_sidecar_options(app, *flags);
  return [flags](Invocation& invocation) -> mcp::Result<ExitCode> {
    auto plan = sidecar_plan_of(*flags, invocation);
    if (!plan) return std::unexpected(plan.error());
    return run_sidecar(std::move(*plan), invocation);
  };
}

}  // namespace

extern const Command sidecar_command;
const Command sidecar_command{
    .name = "sidecar",
    .group = CommandGroup::serve,
    .summary = "Answer an orchestrator's probes for a server beside it",
    .usage = "[OPTIONS] TARGET | -- COMMAND [ARGS]",
    .examples =
        "mcpctl sidecar http://127.0.0.1:8080/mcp\n"
        "mcpctl sidecar http://127.0.0.1:8080/mcp --interval 5s --failure-threshold 2\n"
        "MCPCTL_TARGET=http://127.0.0.1:8080/mcp mcpctl sidecar --settings sidecar.yaml\n"
        "mcpctl sidecar --listen 127.0.0.1:9808 -- ./server --stdio\n",
    .add = add_sidecar,
    .settings = SettingsFrom::everywhere_with_target};

}  // namespace cli
