#include "cli/commands/demo_drift.hpp"

#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

#include "cli/commands/diff_document.hpp"
#include "cli/live_snapshot.hpp"
#include "cli/render/drift/format.hpp"
#include "cli/target.hpp"
#include "cli/version.hpp"
#include "tests/server/builtin_surface.hpp"
#include "tests/server/test_server.hpp"

namespace cli {
namespace {

using mcp::testserver::Surface;
using mcp::testserver::TestServerThread;

/// The tool `add` as somebody might change it without a thought: whole numbers only.
mcp::Result<Surface> changed_surface() {
  auto surface = nlohmann::json::parse(mcp::testserver::builtin_surface_text);
  for (auto& tool : surface["tools"]) {
    if (tool["name"] != "add") continue;
    for (auto& argument : tool["inputSchema"]["properties"]) argument["type"] = "integer";
  }
  return mcp::testserver::parse_surface(surface.dump());
}

mcp::Result<probes::drift::Snapshot> snapshot_of(Surface surface, std::string server_version,
                                                 Invocation& invocation) {
  mcp::testserver::TestServerOptions options;
  options.core.server_version = std::move(server_version);
  options.core.surface = std::move(surface);
  auto server = TestServerThread::start(std::move(options));
  if (!server) return std::unexpected(server.error());
  const auto url = mcp::parse_url((*server)->url());
  if (!url) return std::unexpected(url.error());
  Target target;
  target.endpoint.name = (*server)->url();
  target.endpoint.url = *url;
  target.client.session.client_version = version();
  target.timeout = std::chrono::seconds(5);
  std::vector<std::string> warnings;
  return take_snapshot(invocation, std::move(target), warnings);
}

}  // namespace

mcp::Result<ExitCode> show_drift(Invocation& invocation) {
  const auto older = snapshot_of(mcp::testserver::builtin_surface(), "1.0.0", invocation);
  if (!older) return std::unexpected(older.error());
  auto changed = changed_surface();
  if (!changed) return std::unexpected(changed.error());
  const auto newer = snapshot_of(std::move(*changed), "1.0.1", invocation);
  if (!newer) return std::unexpected(newer.error());

  auto& world = invocation.world;
  world.out << "\nA new version of it says that the tool add takes whole numbers. "
               "`mcpctl diff OLD NEW`:\n\n";
  DiffSettings settings;
  settings.gate.semver = true;
  const auto document = compare_sides({.label = "old", .file = {}, .snapshot = *older},
                                      {.label = "new", .file = {}, .snapshot = *newer}, settings);
  world.out << render_drift_text(document,
                                 {.colour = world.colour_on_out() ? Colour::ansi : Colour::none,
                                  .width = world.out_is_terminal ? world.width : 0});
  const bool as_meant = !document.verdict.passed && document.verdict.breaking > 0;
  world.out << (as_meant ? "\nA gate in CI would have failed here, with exit code 1.\n"
                         : "\nThat should have been a breaking change.\n");
  return as_meant ? ExitCode::ok : ExitCode::findings;
}

}  // namespace cli
