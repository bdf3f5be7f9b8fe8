#include "cli/commands/diff_document.hpp"

#include <chrono>
#include <set>
#include <utility>

namespace cli {
namespace {

using probes::drift::Snapshot;

/// A comparison of real servers takes milliseconds.
constexpr auto proof_budget = std::chrono::seconds(10);

DriftSide drift_side(const DiffSide& side) {
  const Snapshot& snapshot = side.snapshot;
  return {.label = side.label,
          .file = side.file,
          .server = snapshot.text("serverInfo", "name"),
          .version = snapshot.text("serverInfo", "version"),
          .era = snapshot.text("era"),
          .revision = snapshot.text("protocolVersion"),
          .digest = snapshot.digest()};
}

std::vector<DriftItem> items_of(const Snapshot& older, const Snapshot& newer) {
  std::vector<DriftItem> items;
  for (const auto& kind : probes::drift::item_kinds) {
    std::set<std::string> names;
    for (const auto* each : {&older, &newer})
      for (const auto& [name, item] : each->items(kind)) names.insert(name);
    for (const auto& name : names) items.push_back({.kind = std::string(kind.noun), .name = name});
  }
  return items;
}

}  // namespace

DriftDocument drift_document(const DiffSide& older, const DiffSide& newer, probes::drift::Diff diff,
                             probes::drift::Verdict verdict, probes::drift::FailOn fail_on) {
  DriftDocument document{.older = drift_side(older),
                         .newer = drift_side(newer),
                         .items = items_of(older.snapshot, newer.snapshot),
                         .diff = std::move(diff),
                         .verdict = std::move(verdict),
                         .fail_on = fail_on,
                         .catalogue = probes::drift::rules()};
  document.exit_status = document.verdict.passed ? 0 : 1;
  return document;
}

DriftDocument compare_sides(const DiffSide& older, const DiffSide& newer,
                            const DiffSettings& settings) {
  auto options = settings.diff;
  options.expired = [end = std::chrono::steady_clock::now() + proof_budget] {
    return std::chrono::steady_clock::now() >= end;
  };
  auto diff = probes::drift::diff(older.snapshot, newer.snapshot, options);
  auto verdict = probes::drift::judge(diff, older.snapshot, newer.snapshot, settings.gate);
  return drift_document(older, newer, std::move(diff), std::move(verdict), settings.gate.fail_on);
}

}  // namespace cli
