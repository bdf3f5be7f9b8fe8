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

/// What connections are used for.
struct Uses {
  bool streams = false;
  bool calls = false;
};

void add_uses(const scenarios::Mix& mix, Uses& uses) {
  for (const auto& request : mix) (is_listen(request) ? uses.streams : uses.calls) = true;
}

void add_uses(const scenarios::Script& script, Uses& uses) {
  for (const auto& step : script) {
    if (const auto* repeat = std::get_if<scenarios::Repeat>(&step.action)) {
      add_uses(repeat->steps, uses);
    } else if (const auto* send = std::get_if<scenarios::Send>(&step.action)) {
      uses.calls |= send->mix.empty();
      add_uses(send->mix, uses);
    } else if (std::holds_alternative<scenarios::Burst>(step.action) ||
               std::holds_alternative<scenarios::Pace>(step.action)) {
      uses.calls = true;
    }
  }
}

/// As many as the scenario allows, and one for a held stream. Who only holds streams has one: that
/// of the handshake.
std::size_t connections_needed(const LoadPlan& plan, std::size_t agents) {
  const auto& scenario = plan.scenario;
  Uses uses{.streams = plan.target.endpoint.transport == mcp::TransportChoice::http_sse};
  add_uses(scenario.script, uses);
  add_uses(scenario.requests, uses);
  const bool one_will_do = uses.streams && !uses.calls;
  const auto used = std::min(scenario.agents.connections, scenario.agents.in_flight);
  return agents * (one_will_do ? 1 : static_cast<std::size_t>(used) + (uses.streams ? 1 : 0));
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
