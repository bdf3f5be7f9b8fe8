#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"
#include "probes/drift/change.hpp"
#include "probes/drift/diff.hpp"

namespace probes::drift {

enum class FailOn { breaking, dangerous, any };
std::optional<FailOn> fail_on_named(std::string_view name);
/// Whether this change fails the gate: severe enough, and not approved.
bool fails(const Change& change, FailOn fail_on);

/// `--rules FILE`: another severity for a rule, or none (the change is not reported).
struct RuleSetting {
  std::string rule;
  std::optional<Severity> severity;  // none: "off"
};

/// A line of `--approvals FILE`.
struct ApprovalEntry {
  std::string fingerprint;
  std::string reason;
  std::string expires;  // YYYY-MM-DD, the last day on which it counts
};

enum class ApprovalState { used, unused, expired };
struct ApprovalResult {
  ApprovalEntry entry;
  ApprovalState state = ApprovalState::unused;
};

struct GateOptions {
  FailOn fail_on = FailOn::breaking;
  std::vector<RuleSetting> rules;
  std::vector<ApprovalEntry> approvals;
  std::string today;    // YYYY-MM-DD, UTC
  bool semver = false;  // a version that did not grow enough fails, too
};

/// Which part of the server's version the changes ask for (semver.org 2.0.0; below 1.0.0 a breaking
/// change asks for a minor one), and whether it did grow so.
enum class VersionPart { none, patch, minor, major };
std::string_view to_string(VersionPart part);
struct SemverVerdict {
  VersionPart needed = VersionPart::none;
  std::string older_version;
  std::string newer_version;
  /// False also where a version is missing or is no semantic version; `reason` says so.
  bool grew_enough = false;
  std::string reason;
};

struct Verdict {
  bool passed = true;
  /// Of the changes that are not approved; counts by severity.
  std::size_t breaking = 0;
  std::size_t dangerous = 0;
  std::size_t safe = 0;
  std::size_t approved = 0;
  std::vector<ApprovalResult> approvals;  // expired and unused ones first
  std::optional<SemverVerdict> semver;
};

/// Applies the settings to the changes in place (severities, approvals, order) and judges them.
Verdict judge(Diff& diff, const Snapshot& older, const Snapshot& newer, const GateOptions& options);

}  // namespace probes::drift
