#include "probes/drift/gate.hpp"

#include <algorithm>

#include "probes/drift/semver.hpp"

namespace probes::drift {
namespace {

/// Of several settings of one rule the last one counts.
const RuleSetting* setting_of(const std::string& rule, const std::vector<RuleSetting>& settings) {
  const auto found = std::find_if(settings.rbegin(), settings.rend(),
                                  [&rule](const RuleSetting& each) { return each.rule == rule; });
  return found == settings.rend() ? nullptr : &*found;
}

void apply_settings(std::vector<Change>& changes, const std::vector<RuleSetting>& settings) {
  std::erase_if(changes, [&settings](const Change& change) {
    const auto* setting = setting_of(change.rule, settings);
    return setting != nullptr && !setting->severity;
  });
  for (Change& change : changes) {
    const auto* setting = setting_of(change.rule, settings);
    if (setting != nullptr) change.severity = *setting->severity;
  }
}

ApprovalState apply_approval(std::vector<Change>& changes, const ApprovalEntry& entry,
                             const std::string& today) {
  // Dates of this form stand in the order of their letters.
  if (entry.expires < today) return ApprovalState::expired;
  auto state = ApprovalState::unused;
  for (Change& change : changes) {
    if (change.fingerprint != entry.fingerprint) continue;
    change.approval = Approval{.reason = entry.reason, .expires = entry.expires};
    state = ApprovalState::used;
  }
  return state;
}

std::vector<ApprovalResult> apply_approvals(std::vector<Change>& changes,
                                            const GateOptions& options) {
  std::vector<ApprovalResult> results;
  results.reserve(options.approvals.size());
  for (const ApprovalEntry& entry : options.approvals)
    results.push_back({.entry = entry, .state = apply_approval(changes, entry, options.today)});
  std::ranges::stable_sort(results, std::greater<>(), &ApprovalResult::state);
  return results;
}

Severity threshold(FailOn fail_on) {
  switch (fail_on) {
    case FailOn::breaking:
      return Severity::breaking;
    case FailOn::dangerous:
      return Severity::dangerous;
    case FailOn::any:
      return Severity::safe;
  }
  return Severity::safe;
}

void count(const Change& change, Verdict& verdict) {
  if (change.approval) {
    ++verdict.approved;
  } else if (change.severity == Severity::breaking) {
    ++verdict.breaking;
  } else if (change.severity == Severity::dangerous) {
    ++verdict.dangerous;
  } else {
    ++verdict.safe;
  }
}

}  // namespace

std::optional<FailOn> fail_on_named(std::string_view name) {
  if (name == "breaking") return FailOn::breaking;
  if (name == "dangerous") return FailOn::dangerous;
  if (name == "any") return FailOn::any;
  return std::nullopt;
}

bool fails(const Change& change, FailOn fail_on) {
  return !change.approval && change.severity >= threshold(fail_on);
}

Verdict judge(Diff& diff, const Snapshot& older, const Snapshot& newer,
              const GateOptions& options) {
  auto& changes = diff.changes;
  apply_settings(changes, options.rules);
  std::ranges::sort(changes, comes_first);
  Verdict verdict{.approvals = apply_approvals(changes, options)};
  for (const Change& change : changes) {
    count(change, verdict);
    if (fails(change, options.fail_on)) verdict.passed = false;
  }
  if (options.semver) {
    verdict.semver = judge_versions(changes, older.text("serverInfo", "version"),
                                    newer.text("serverInfo", "version"));
    const bool asked = verdict.semver->needed != VersionPart::none;
    if (asked && !verdict.semver->grew_enough) verdict.passed = false;
  }
  return verdict;
}

}  // namespace probes::drift
