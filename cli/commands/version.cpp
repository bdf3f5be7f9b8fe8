#include "cli/version.hpp"

#include <CLI/CLI.hpp>
#include <ostream>

#include "cli/command.hpp"
#include "mcp/session/revision.hpp"

namespace cli {
namespace {

mcp::Result<ExitCode> run_version(Invocation& invocation) {
  std::ostream& out = invocation.world.out;
  out << "mcpctl " << version() << "\nMCP";
  for (const mcp::Revision revision : mcp::all_revisions) out << ' ' << mcp::to_string(revision);
  out << '\n';
  return ExitCode::ok;
}

Run add_version(CLI::App&) {
  return run_version;
}

}  // namespace

extern const Command version_command{
    .name = "version",
    .group = CommandGroup::other,
    .summary = "Print the version, and the protocol revisions that it speaks",
    .usage = "",
    .examples = "mcpctl version",
    .add = add_version,
};

std::string_view version() {
  return MCPCTL_VERSION;
}

}  // namespace cli
