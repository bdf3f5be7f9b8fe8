#include <fmt/format.h>

#include <string>

#include "cli/render/drift/format.hpp"
#include "cli/render/drift/words.hpp"
#include "cli/render/escape.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

using probes::drift::Change;
using probes::drift::Severity;

std::string message_of(const Change& change) {
  auto text = fmt::format("{}: {}", item_text(change), mcp::printable(change.why));
  if (const auto place = place_in_item(change); !place.empty()) text += "\nat " + place;
  if (change.witness)
    text += fmt::format("\nwitness {}: {}", mcp::excerpt(change.witness->value.text(), 500),
                        witness_text(*change.witness));
  return text + "\nfingerprint " + change.fingerprint;
}

std::string title_of(const Change& change) {
  return fmt::format("MCP {}: {}", to_string(change.severity), change.rule);
}

}  // namespace

std::string render_drift_github(const DriftDocument& document, const DriftStyle&) {
  const auto& verdict = document.verdict;
  // Of each kind a step shows ten only, so what is worst comes first, and the summary has its own.
  const auto counts = counts_text(verdict);
  auto text =
      workflow_command("notice", fmt::format("MCP drift: {}", verdict_word(verdict)),
                       fmt::format("{}{}{} ({})", counts, counts.empty() ? "" : ": ",
                                   labels_text(document), verdict.passed ? "passed" : "failed"));
  for (const Change& each : document.diff.changes) {
    const bool fails = probes::drift::fails(each, document.fail_on);
    if (!fails && (each.approval || each.severity == Severity::safe)) continue;
    text += workflow_command(fails ? "error" : "warning", title_of(each), message_of(each),
                             document.newer.file);
  }
  for (const auto& each : document.diff.notes)
    text += workflow_command("warning", "MCP drift: not compared", each);
  for (const auto& each : verdict.approvals) {
    if (each.state != probes::drift::ApprovalState::used)
      text += workflow_command("warning", "MCP drift: approvals", approval_text(each));
  }
  if (verdict.semver && !verdict.semver->grew_enough)
    text += workflow_command("warning", "MCP drift: version", verdict.semver->reason);
  return text;
}

}  // namespace cli
