#include "probes/sidecar/ledger.hpp"

namespace probes::sidecar {
namespace {

constexpr std::size_t most_recent = 20;

}  // namespace

void Ledger::add(ProbeOutcome outcome) {
  ++probes_[{outcome.kind, outcome.sign}];
  if (recent_.size() == most_recent) recent_.erase(recent_.begin());
  recent_.push_back(std::move(outcome));
}

void Ledger::add_operation(std::string method, std::string error, mcp::Duration took) {
  operations_[{.method = std::move(method), .error = std::move(error)}].add(took);
}

void Ledger::add_connection(const mcp::HttpTimings& timings) {
  if (!timings.new_connection) return;
  add_phase("resolve", timings.resolve);
  add_phase("connect", timings.connect);
  if (timings.tls > mcp::Duration::zero()) add_phase("tls", timings.tls);
}

void Ledger::fill(Status& status) const {
  status.recent = recent_;
  status.probes = probes_;
  status.operations = operations_;
  status.phases = phases_;
}

}  // namespace probes::sidecar
