#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "cli/render/drift/document.hpp"

namespace cli {

// What the formats of a diff have in common. All texts that come from here are one line and safe to
// print.

/// "breaking", "dangerous", "safe", "approved" (nothing else is there) or "no change".
std::string_view verdict_word(const probes::drift::Verdict& verdict);
/// "3 breaking, 2 dangerous, 14 safe, 1 approved"; what is zero is left out.
std::string counts_text(const probes::drift::Verdict& verdict);
/// "old.json → new.json"
std::string labels_text(const DriftDocument& document);
/// "supabase 0.4.0 → 0.5.10"; empty where neither side says who it is.
std::string servers_text(const DriftDocument& document);
/// `tool "search"` without the quotation marks; "server".
std::string item_text(const probes::drift::Change& change);
/// The change's pointer from its item on: "/inputSchema/properties/q"; empty for the item itself.
std::string place_in_item(const probes::drift::Change& change);
/// "accepted before, rejected now at /limit: must be at most 10"
std::string witness_text(const probes::drift::Witness& witness);
/// "about 3100 → 3900 tokens (+800), 12400 → 15600 bytes"
std::string cost_text(const probes::drift::Diff& diff);
/// Of approvals that are expired or unused; "approval 0123456789abcdef …".
std::string approval_text(const probes::drift::ApprovalResult& result);

/// Changes of one item, in the order of the diff; the items with the worst changes come first.
struct DriftGroup {
  std::string title;
  std::vector<const probes::drift::Change*> changes;
};
enum class Grouped { all, not_approved };
std::vector<DriftGroup> grouped(const DriftDocument& document, probes::drift::Severity least,
                                Grouped which);

/// The same change of several items, which is told once: all but the items' names is equal.
struct RepeatedChange {
  std::string title;  // "9 tools"
  std::string why;    // without the name of the item
  std::vector<const probes::drift::Change*> changes;
};
/// Those of two items or more; `groups` keep the rest.
std::vector<RepeatedChange> take_repeated(std::vector<DriftGroup>& groups);

/// Two values as short texts that begin near their first difference, each at most `width` columns.
/// Empty where there is nothing to show.
struct BeforeAfter {
  std::string before;
  std::string after;
};
BeforeAfter before_after(const probes::drift::Change& change, std::size_t width);

}  // namespace cli
