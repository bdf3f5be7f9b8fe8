#pragma once

#include <string>
#include <vector>

#include "probes/drift/diff.hpp"
#include "probes/drift/gate.hpp"
#include "probes/drift/snapshot.hpp"

namespace probes::drift {

/// One reading of the surface, on a connection of its own.
struct Sample {
  std::string label;  // "sample 3", or the pod's address
  Snapshot snapshot;
};

/// Samples that show the same surface. Order, ttlMs and the server's version do not split a group.
struct FleetGroup {
  std::vector<std::string> members;  // labels
  Snapshot snapshot;                 // of the first member
  std::vector<std::string> versions;
};

/// Two groups and the changes in one direction: a client that learnt `from` meets `to`.
struct FleetPair {
  std::size_t from = 0;
  std::size_t to = 0;
  Diff diff;
  Verdict verdict;
};

struct FleetReport {
  std::vector<FleetGroup> groups;  // the largest first
  std::vector<FleetPair> pairs;    // both directions of every two groups
  /// Of the fleet as a whole: replica-surface-split, replica-identity-split, tool-order-unstable….
  std::vector<Change> changes;
  bool passed = true;
};

/// Groups equal surfaces and judges every pair in both directions: in the middle of a rolling
/// update either side may meet a client that learnt the tools from the other.
FleetReport compare_fleet(const std::vector<Sample>& samples, const DiffOptions& diff_options,
                          const GateOptions& gate_options);

}  // namespace probes::drift
