#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/target.hpp"
#include "probes/drift/snapshot.hpp"

namespace cli {

/// One side of `mcpctl diff`, and what it is called in the output (safe to print).
struct DriftSource {
  probes::drift::Snapshot snapshot;
  std::string label;
};

/// What a word means, decided in this order.
enum class SourceKind {
  command,         // empty: the command after `--`
  standard_input,  // -
  git,             // git:REV:PATH
  file,            // an existing file
  target,          // what looks_like_target
};
/// A usage error for a word that is none: it names the file that is missing.
mcp::Result<SourceKind> source_kind(const Invocation& invocation, const std::string& word);

/// Reads the snapshot that a word means; an empty word means the command after `--`. Lines in
/// `warnings` begin with the label. `-` can be read once.
mcp::Result<DriftSource> load_drift_source(Invocation& invocation, const TargetOptions& options,
                                           const std::string& word,
                                           std::vector<std::string>& warnings);

}  // namespace cli
