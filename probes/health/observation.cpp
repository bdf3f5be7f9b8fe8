#include "probes/health/observation.hpp"

#include <algorithm>
#include <utility>

namespace probes {

std::string_view to_string(PhaseName name) {
  switch (name) {
    case PhaseName::resolve:
      return "resolve";
    case PhaseName::connect:
      return "connect";
    case PhaseName::tls:
      return "tls";
    case PhaseName::spawn:
      return "spawn";
    case PhaseName::handshake:
      return "handshake";
    case PhaseName::tools:
      return "tools";
    case PhaseName::call:
      return "call";
    case PhaseName::close:
      return "close";
  }
  std::unreachable();
}

std::string_view to_string(PhaseStatus status) {
  switch (status) {
    case PhaseStatus::ok:
      return "ok";
    case PhaseStatus::failed:
      return "failed";
    case PhaseStatus::skipped:
      return "skipped";
  }
  std::unreachable();
}

std::string_view to_string(Residue residue) {
  switch (residue) {
    case Residue::none:
      return "none";
    case Residue::removed:
      return "removed";
    case Residue::left:
      return "left";
  }
  std::unreachable();
}

void HttpTotals::add(const mcp::HttpTimings& timings) {
  resolve += timings.resolve;
  connect += timings.connect;
  tls += timings.tls;
  processing += timings.first_byte;
  transfer += timings.transfer;
  ++exchanges;
  last_status = timings.status;
  if (timings.new_connection) ++connections;
}

const Phase* Observation::find(PhaseName name) const {
  const auto phase = std::ranges::find(phases, name, &Phase::name);
  return phase == phases.end() ? nullptr : &*phase;
}

}  // namespace probes
