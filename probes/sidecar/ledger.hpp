#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "mcp/io/http.hpp"
#include "probes/sidecar/status.hpp"

namespace probes::sidecar {

/// Keeps what was measured, in bounded memory: the newest outcomes, counts and histograms.
class Ledger {
 public:
  void add(ProbeOutcome outcome);
  /// `error` is empty where it succeeded, else the kind.
  void add_operation(std::string method, std::string error, mcp::Duration took);
  void add_phase(const std::string& name, mcp::Duration took) { phases_[name].add(took); }
  /// What a new connection cost; nothing of one that is used again.
  void add_connection(const mcp::HttpTimings& timings);

  void fill(Status& status) const;

 private:
  std::vector<ProbeOutcome> recent_;
  std::map<std::pair<ProbeKind, Sign>, std::uint64_t> probes_;
  std::map<OperationKey, Durations> operations_;
  std::map<std::string, Durations> phases_;
};

}  // namespace probes::sidecar
