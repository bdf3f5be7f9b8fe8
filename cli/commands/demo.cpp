#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "cli/commands/demo_drift.hpp"
#include "cli/commands/demo_load.hpp"
#include "cli/commands/probe_document.hpp"
#include "cli/commands/probe_fleet.hpp"
#include "cli/render/format.hpp"
#include "cli/version.hpp"
#include "tests/server/builtin_surface.hpp"
#include "tests/server/test_server.hpp"

namespace cli {
namespace {

using mcp::testserver::TestServerThread;

constexpr auto timeout = std::chrono::seconds(5);

probes::ProbeOptions demo_options() {
  probes::ProbeOptions options;
  options.depth = probes::Depth::call;
  options.timeout = timeout;
  options.call = probes::ToolCall{.tool = "add", .arguments = nlohmann::json{{"a", 2}, {"b", 3}}};
  options.today = std::chrono::system_clock::now();
  return options;
}

ProbeJob job(std::string name, mcp::Era era) {
  Target target;
  target.endpoint.name = name;
  target.client.protocol.era = era;
  target.client.session.client_version = version();
  target.timeout = timeout;
  return {.name = std::move(name), .target = std::move(target)};
}

mcp::Result<ProbeJob> http_job(const std::string& url, mcp::TransportChoice transport,
                               mcp::Era era) {
  const auto parsed = mcp::parse_url(url);
  if (!parsed) return std::unexpected(parsed.error());
  auto made = job(url, era);
  made.target->endpoint.url = *parsed;
  made.target->endpoint.transport = transport;
  return made;
}

mcp::Result<ProbeJob> stdio_job(mcp::Era era) {
  std::error_code failed;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (failed) return mcp::fail(mcp::ErrorKind::usage, "demo: /proc/self/exe: " + failed.message());
  auto made = job("-- mcpctl testserver --stdio", era);
  made.target->endpoint.child.argv = {program.string(), "testserver", "--stdio"};
  return made;
}

/// Both eras over all three transports; HTTP+SSE is there in the legacy era only.
mcp::Result<std::vector<ProbeJob>> demo_jobs(const TestServerThread& server) {
  using mcp::Era;
  using mcp::TransportChoice;
  std::vector<ProbeJob> jobs;
  for (auto&& made : {http_job(server.url(), TransportChoice::streamable_http, Era::modern),
                      http_job(server.url(), TransportChoice::streamable_http, Era::legacy),
                      http_job(server.sse_url(), TransportChoice::http_sse, Era::legacy),
                      stdio_job(Era::modern), stdio_job(Era::legacy)}) {
    if (!made) return std::unexpected(made.error());
    jobs.push_back(*made);
  }
  return jobs;
}

mcp::Result<ExitCode> run_demo(Invocation& invocation) {
  mcp::testserver::TestServerOptions server_options;
  server_options.core.server_version = version();
  server_options.core.surface = mcp::testserver::builtin_surface();
  auto server = TestServerThread::start(std::move(server_options));
  if (!server) return std::unexpected(server.error());
  const auto jobs = demo_jobs(**server);
  if (!jobs) return std::unexpected(jobs.error());

  auto& out = invocation.world.out;
  out << "A test server listens at " << (*server)->url()
      << "; it is probed in both eras and over all three transports.\n";
  const auto options = demo_options();
  const RenderStyle style{.colour = invocation.world.colour_on_out() ? Colour::ansi : Colour::none};
  auto code = ExitCode::ok;
  // One after the other: the figures are those of a probe that has the machine to itself.
  for (const auto& each : *jobs) {
    const auto report = probe_all({each}, options).front();
    const auto own_code = exit_code_of(report, options, ExitStyle::plain);
    if (code == ExitCode::ok) code = own_code;
    out << '\n'
        << render_text(std::array{document_of(report, options, ExitStyle::plain)}, style)
        << std::flush;
  }
  const auto& metrics = (*server)->metrics();
  out << fmt::format("\nThe server was asked for {} sessions and holds {} now.\n",
                     metrics.sessions_created.load(), metrics.sessions_active.load());
  if (code == ExitCode::ok && metrics.sessions_active.load() != 0) return ExitCode::findings;
  const auto load = show_load(invocation, **server);
  if (!load) return std::unexpected(load.error());
  if (code == ExitCode::ok) code = *load;
  const auto drift = show_drift(invocation);
  if (!drift) return std::unexpected(drift.error());
  return code == ExitCode::ok ? *drift : code;
}

Run add_demo(CLI::App&) {
  return run_demo;
}

}  // namespace

extern const Command demo_command;
const Command demo_command{
    .name = "demo",
    .group = CommandGroup::serve,
    .summary = "Start a test server, probe it in all ways, load it, and catch a change of it",
    .usage = "",
    .examples = "mcpctl demo\n",
    .add = add_demo};

}  // namespace cli
