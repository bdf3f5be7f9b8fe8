#pragma once

#include <string>

#include "cli/commands/diff_options.hpp"
#include "cli/render/drift/document.hpp"
#include "probes/drift/snapshot.hpp"

namespace cli {

/// A snapshot and what it is called: `label` is safe to print, `file` empty where it is no file.
struct DiffSide {
  std::string label;
  std::string file;
  const probes::drift::Snapshot& snapshot;
};

/// What two sides and the judged difference between them are in the formats.
DriftDocument drift_document(const DiffSide& older, const DiffSide& newer, probes::drift::Diff diff,
                             probes::drift::Verdict verdict, probes::drift::FailOn fail_on);

/// Compares two sides and judges the changes. Proofs that take too long are given up and said to
/// be undecided: a schema that was made to be slow must not hold a pipeline.
DriftDocument compare_sides(const DiffSide& older, const DiffSide& newer,
                            const DiffSettings& settings);

}  // namespace cli
