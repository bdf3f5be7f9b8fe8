#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "cli/render/metric_family.hpp"
#include "cli/render/sidecar/sidecar.hpp"
#include "cli/version.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

using probes::sidecar::Durations;
using probes::sidecar::ProbeKind;
using probes::sidecar::Sign;
using probes::sidecar::State;
using probes::sidecar::Status;
using Kind = MetricFamily::Kind;

constexpr std::size_t longest_label = 100;

double seconds(auto duration) {
  return std::chrono::duration<double>(duration).count();
}

/// Of a server's words.
std::string label_text(const std::string& text) {
  return mcp::printable(text.substr(0, longest_label));
}

Distribution distribution_of(const Durations& durations) {
  return {.bounds = {Durations::bounds.begin(), Durations::bounds.end()},
          .counts = {durations.counts.begin(), durations.counts.end()},
          .sum = durations.sum};
}

class Exposition {
 public:
  explicit Exposition(const Status& status) : status_(status) {}

  void gauge(std::string_view name, std::string_view unit, std::string_view help, double value,
             std::vector<Label> labels = {}) {
    add({name, unit, help, Kind::gauge, {{std::move(labels), value}}});
  }
  void counter(std::string_view name, std::string_view help, std::uint64_t value) {
    add({name, "", help, Kind::counter, {{{}, value}}});
  }
  /// What has no points is left out: it is not known yet.
  void add(const MetricFamily& family) {
    if (!family.points.empty()) text_ += exposition(family);
  }

  void add_state();
  void add_probes();
  void add_operations();
  void add_canary();
  void add_sessions();
  void add_surface();
  void add_process(const SidecarProcess& process);

  std::string take() { return std::move(text_); }

 private:
  const Status& status_;
  std::string text_;
};

void Exposition::add_state() {
  MetricFamily states{
      "mcpctl.sidecar.state", "", "Where the server stands; one of these is 1", Kind::gauge, {}};
  for (const auto state :
       {State::starting, State::ready, State::degraded, State::draining, State::stopped}) {
    states.points.push_back(
        {{{"state", std::string(to_string(state))}}, status_.state == state ? 1.0 : 0.0});
  }
  add(states);
  gauge("mcpctl.sidecar.state.duration", "s", "How long the state has lasted",
        seconds(status_.now - status_.since));
  gauge("mcpctl.sidecar.ready", "", "Whether /readyz passes", status_.ready.ok ? 1 : 0);
  gauge("mcpctl.sidecar.live", "", "Whether /livez passes", status_.live.ok ? 1 : 0);
  gauge("mcpctl.sidecar.started", "", "Whether /startupz passes", status_.startup.ok ? 1 : 0);
  gauge("mcpctl.sidecar.failures.in.row", "", "Bad and down probes since the last good one",
        status_.failures_in_row);
}

void Exposition::add_probes() {
  MetricFamily probes{"mcpctl.sidecar.probes",
                      "{probe}",
                      "Probes that ended, by what they said",
                      Kind::counter,
                      {}};
  for (const auto kind : {ProbeKind::canary, ProbeKind::handshake}) {
    for (const auto sign : {Sign::good, Sign::bad, Sign::down, Sign::neutral}) {
      const auto found = status_.probes.find({kind, sign});
      probes.points.push_back(
          {{{"probe", std::string(to_string(kind))}, {"sign", std::string(to_string(sign))}},
           found == status_.probes.end() ? std::uint64_t{0} : found->second});
    }
  }
  add(probes);
  MetricFamily phases{"mcpctl.sidecar.probe.duration",
                      "s",
                      "Duration of full handshakes by phase",
                      Kind::histogram,
                      {}};
  for (const auto& [phase, durations] : status_.phases) {
    phases.points.push_back({{{"phase", label_text(phase)}}, distribution_of(durations)});
  }
  add(phases);
}

void Exposition::add_operations() {
  MetricFamily operations{"mcp.client.operation.duration",
                          "s",
                          "Duration of the sidecar's own requests until their answer",
                          Kind::histogram,
                          {}};
  for (const auto& [key, durations] : status_.operations) {
    std::vector<Label> labels{{"mcp.method.name", label_text(key.method)}};
    if (!key.error.empty()) labels.push_back({"error.type", label_text(key.error)});
    operations.points.push_back({std::move(labels), distribution_of(durations)});
  }
  add(operations);
}

void Exposition::add_canary() {
  const auto& canary = status_.canary;
  gauge("mcpctl.sidecar.canary.held", "", "Whether the canary is held", canary.held ? 1 : 0);
  if (canary.held && canary.since) {
    gauge("mcpctl.sidecar.canary.age", "s", "How long the canary has been held",
          seconds(status_.now - *canary.since));
  }
  MetricFamily losses{
      "mcpctl.sidecar.canary.losses", "{loss}", "Canaries that died, by cause", Kind::counter, {}};
  auto causes = canary.losses;
  for (const char* cause : {"session-lost", "stream-cut", "exit"}) causes.emplace(cause, 0);
  for (const auto& [cause, count] : causes) {
    losses.points.push_back({{{"cause", label_text(cause)}}, count});
  }
  add(losses);
}

void Exposition::add_sessions() {
  const auto& sessions = status_.sessions;
  if (!sessions.active) return;
  gauge("mcpctl.sidecar.active.sessions", "",
        "Sessions that are active; with the source \"sockets\" an upper bound",
        static_cast<double>(*sessions.active),
        {{"source", std::string(to_string(sessions.source))}});
}

void Exposition::add_surface() {
  const auto& surface = status_.surface;
  if (!surface.digest.empty()) {
    gauge("mcpctl.sidecar.tools", "", "Tools that the server lists",
          static_cast<double>(surface.tools));
    gauge("mcpctl.sidecar.surface.drifted", "",
          "Whether the tools differ from those of the first handshake", surface.drifted() ? 1 : 0);
  }
  counter("mcpctl.sidecar.surface.changes", "Times that the tools changed", surface.changes);
}

void Exposition::add_process(const SidecarProcess& process) {
  if (status_.child_pid || status_.child_restarts != 0) {
    counter("mcpctl.sidecar.child.restarts", "Times that the stdio server was started again",
            status_.child_restarts);
  }
  if (const auto& peer = status_.peer) {
    gauge("mcpctl.sidecar.server.info", "", "The server that answered, as labels", 1,
          {{"transport", std::string(to_string(status_.transport))},
           {"era", std::string(to_string(peer->era()))},
           {"revision", std::string(to_string(peer->revision))},
           {"server_name", label_text(peer->name)},
           {"server_version", label_text(peer->version)}});
  }
  gauge("mcpctl.build.info", "", "The version of mcpctl, as a label", 1,
        {{"version", std::string(version())}});
  gauge("process.start.time", "s", "When the sidecar started, in seconds since 1970",
        seconds(std::chrono::floor<std::chrono::milliseconds>(process.started).time_since_epoch()));
  gauge("process.resident.memory", "By", "Memory that the sidecar has in use",
        static_cast<double>(process.resident_bytes));
}

}  // namespace

std::string render_sidecar_metrics(const Status& status, const SidecarProcess& process) {
  Exposition exposition(status);
  exposition.add_state();
  exposition.add_probes();
  exposition.add_operations();
  exposition.add_canary();
  exposition.add_sessions();
  exposition.add_surface();
  exposition.add_process(process);
  return exposition.take();
}

}  // namespace cli
