#include "cli/commands/load_room.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <variant>

#include "cli/open_files.hpp"
#include "mcp/io/lean_http.hpp"
#include "scenarios/connection_port.hpp"

namespace cli {
namespace {

bool is_listen(const scenarios::Request& request) {
  return request.operation == scenarios::Operation::listen;
}

bool holds_streams(const scenarios::Script& script) {
  return std::ranges::any_of(script, [](const scenarios::ScriptStep& step) {
    const auto* repeat = std::get_if<scenarios::Repeat>(&step.action);
    if (repeat != nullptr) return holds_streams(repeat->steps);
    const auto* send = std::get_if<scenarios::Send>(&step.action);
    return send != nullptr && std::ranges::any_of(send->mix, is_listen);
  });
}

/// Besides its session and its stream.
bool asks_something(const scenarios::Script& script) {
  return std::ranges::any_of(script, [](const scenarios::ScriptStep& step) {
    if (const auto* repeat = std::get_if<scenarios::Repeat>(&step.action)) {
      return asks_something(repeat->steps);
    }
    if (const auto* send = std::get_if<scenarios::Send>(&step.action)) {
      return send->mix.empty() || !std::ranges::all_of(send->mix, is_listen);
    }
    return std::holds_alternative<scenarios::Burst>(step.action) ||
           std::holds_alternative<scenarios::Pace>(step.action);
  });
}

/// As many as the scenario allows, and one for a held stream. Who only holds a stream has it on the
/// connection on which the session was opened, and gives that up before the session is ended.
std::size_t connections_needed(const LoadPlan& plan, std::size_t agents) {
  const auto& scenario = plan.scenario;
  const bool is_sse = plan.target.endpoint.transport == mcp::TransportChoice::http_sse;
  if (!is_sse && !asks_something(scenario.script)) return agents;
  const bool stream =
      holds_streams(scenario.script) || std::ranges::any_of(scenario.requests, is_listen) || is_sse;
  const auto used = std::min(scenario.agents.connections, scenario.agents.in_flight);
  return agents * (static_cast<std::size_t>(used) + (stream ? 1 : 0));
}

std::size_t files_needed(const LoadPlan& plan, std::size_t agents) {
  constexpr std::size_t of_child = 6;  // three pipes, and their other ends while it starts
  constexpr std::size_t of_thread = 64;
  constexpr std::size_t of_program = 32;
  const auto fixed = plan.threads * of_thread + of_program;
  if (!plan.target.endpoint.url) return agents * of_child + fixed;
  const auto connections = connections_needed(plan, agents);
  if (!scenarios::suits_lean_engine(plan.target.endpoint)) return fixed + connections + 3 * agents;
  // libcurl has two more for each group of connections that it keeps TLS for.
  return fixed + connections + (plan.target.endpoint.url->is_https() ? connections / 16 : 0);
}

/// Those that the kernel gives to who does not ask for one.
std::size_t ports_of_address() {
  constexpr std::size_t by_default = 60999 - 32768 + 1;
  std::ifstream file("/proc/sys/net/ipv4/ip_local_port_range");
  std::size_t first = 0;
  std::size_t last = 0;
  return file >> first >> last && last >= first ? last - first + 1 : by_default;
}

mcp::Result<void> check_sources(const LoadPlan& plan) {
  if (plan.scenario.sources.empty()) return {};
  if (!scenarios::suits_lean_engine(plan.target.endpoint)) {
    return mcp::fail(mcp::ErrorKind::usage, "--source: is for HTTP/1.1 without proxy and redirects",
                     "with HTTP/2, one address has room for many agents");
  }
  const auto loop = mcp::make_loop();
  const auto engine =
      mcp::make_lean_http(*loop, plan.target.endpoint.http, {.sources = plan.scenario.sources});
  if (!engine) return std::unexpected(engine.error());
  return {};
}

mcp::Result<void> check_ports(const LoadPlan& plan, std::size_t agents) {
  const auto& endpoint = plan.target.endpoint;
  if (!scenarios::suits_lean_engine(endpoint) || !endpoint.http.unix_socket.empty()) return {};
  const auto needed = connections_needed(plan, agents);
  const auto room = ports_of_address() * std::max<std::size_t>(1, plan.scenario.sources.size());
  if (needed <= room) return {};
  return mcp::fail(
      mcp::ErrorKind::usage,
      fmt::format("this load needs {} connections, and {} source address{} for {}", needed,
                  std::max<std::size_t>(1, plan.scenario.sources.size()),
                  plan.scenario.sources.size() > 1 ? "es have ports" : " has ports", room),
      "give more of them by --source ADDR,ADDR, or use several machines with --shard");
}

}  // namespace

mcp::Result<void> make_room(const LoadPlan& plan, std::size_t agents) {
  if (auto ok = check_sources(plan); !ok) return ok;
  if (auto ok = check_ports(plan, agents); !ok) return ok;
  return raise_open_files(files_needed(plan, agents));
}

}  // namespace cli
