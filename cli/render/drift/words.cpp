#include "cli/render/drift/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "mcp/base/text.hpp"
#include "mcp/schema/value.hpp"
#include "probes/drift/snapshot.hpp"

namespace cli {
namespace {

using probes::drift::ApprovalState;
using probes::drift::Change;
using probes::drift::Severity;
using probes::drift::Side;

std::string identity(const DriftSide& side) {
  const auto name = mcp::excerpt(side.server, 80);
  const auto version = mcp::excerpt(side.version, 60);
  return name + (name.empty() || version.empty() ? "" : " ") + version;
}

std::string growth(std::size_t older, std::size_t newer) {
  if (older == newer) return "the same";
  return newer > older ? fmt::format("+{}", newer - older) : fmt::format("-{}", older - newer);
}

std::string_view member_of(std::string_view kind) {
  for (const auto& each : probes::drift::item_kinds)
    if (each.noun == kind) return each.member;
  return {};
}

}  // namespace

std::string_view verdict_word(const probes::drift::Verdict& verdict) {
  if (verdict.breaking != 0) return "breaking";
  if (verdict.dangerous != 0) return "dangerous";
  if (verdict.safe != 0) return "safe";
  return verdict.approved != 0 ? "approved" : "no change";
}

std::string counts_text(const probes::drift::Verdict& verdict) {
  std::string text;
  const auto append = [&text](std::size_t count, std::string_view what) {
    if (count != 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, what);
  };
  append(verdict.breaking, "breaking");
  append(verdict.dangerous, "dangerous");
  append(verdict.safe, "safe");
  append(verdict.approved, "approved");
  return text;
}

std::string labels_text(const DriftDocument& document) {
  return fmt::format("{} → {}", document.older.label, document.newer.label);
}

std::string servers_text(const DriftDocument& document) {
  auto older = identity(document.older);
  const auto newer = identity(document.newer);
  if (older.empty() && newer.empty()) return {};
  if (older == newer) return older;
  const bool same_name = !document.older.server.empty() && !document.older.version.empty() &&
                         !document.newer.version.empty() &&
                         document.older.server == document.newer.server;
  const auto right = same_name ? mcp::excerpt(document.newer.version, 60) : newer;
  return fmt::format("{} → {}", older.empty() ? "(no name)" : older,
                     right.empty() ? "(no name)" : right);
}

std::string item_text(const Change& change) {
  const auto kind = mcp::printable(change.kind);
  if (change.kind == "list") return "list of " + mcp::printable(change.name);
  return change.name.empty() ? kind : fmt::format("{} {}", kind, mcp::excerpt(change.name, 200));
}

std::string place_in_item(const Change& change) {
  std::string_view pointer = change.pointer;
  const auto member = member_of(change.kind);
  if (!member.empty()) {
    const auto item =
        mcp::schema::child_pointer(mcp::schema::child_pointer("", member), change.name);
    if (pointer == item) return {};
    if (pointer.starts_with(item + "/")) pointer.remove_prefix(item.size());
  }
  return mcp::excerpt(pointer, 200);
}

std::string witness_text(const probes::drift::Witness& witness) {
  const auto* head = witness.accepted_by == Side::older ? "accepted before, rejected now"
                                                        : "forbidden before, possible now";
  auto text = std::string(head);
  if (!witness.pointer.empty()) text += " at " + mcp::excerpt(witness.pointer, 120);
  if (!witness.reason.empty()) text += ": " + mcp::excerpt(witness.reason, 300);
  return text;
}

std::string cost_text(const probes::drift::Diff& diff) {
  const auto& older = diff.older_cost;
  const auto& newer = diff.newer_cost;
  if (older.bytes == newer.bytes)
    return fmt::format("about {} tokens, {} bytes, as before", newer.tokens, newer.bytes);
  return fmt::format("about {} → {} tokens ({}), {} → {} bytes", older.tokens, newer.tokens,
                     growth(older.tokens, newer.tokens), older.bytes, newer.bytes);
}

std::string approval_text(const probes::drift::ApprovalResult& result) {
  const auto head = fmt::format("approval {} ({})", mcp::printable(result.entry.fingerprint),
                                mcp::excerpt(result.entry.reason, 120));
  if (result.state == ApprovalState::expired)
    return fmt::format("{} expired on {} and does not count", head, result.entry.expires);
  if (result.state == ApprovalState::unused)
    return fmt::format("{} is not used: no change has this fingerprint", head);
  return fmt::format("{} is used, until {}", head, result.entry.expires);
}

std::vector<DriftGroup> grouped(const DriftDocument& document, Severity least, Grouped which) {
  std::vector<DriftGroup> groups;
  for (const Change& change : document.diff.changes) {
    if (change.severity < least) continue;
    if (which == Grouped::not_approved && change.approval) continue;
    auto title = item_text(change);
    auto group = std::ranges::find(groups, title, &DriftGroup::title);
    if (group == groups.end()) group = groups.insert(group, {.title = std::move(title)});
    group->changes.push_back(&change);
  }
  return groups;
}

}  // namespace cli
