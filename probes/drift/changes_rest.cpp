#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "probes/drift/changes.hpp"

namespace probes::drift {
namespace {

using mcp::schema::child_pointer;

/// What differs without a rule of its own is said all the same: two snapshots with different
/// digests never come out as equal.
class Rest {
 public:
  Rest(const Edit& documents, const DiffOptions& options, std::vector<Change>& changes)
      : documents_(documents), options_(options), changes_(changes) {
    for (const Change& change : changes) told_.insert(change.pointer);
  }

  void compare() {
    for (const auto& name : names_of(documents_)) compare_top(name);
  }

 private:
  static std::set<std::string> names_of(const Edit& edit) {
    std::set<std::string> names;
    for (const Value* side : {edit.before, edit.after}) {
      for (const auto& [name, value] : object_or_empty(side)) names.insert(name);
    }
    return names;
  }

  static bool is_object(const Value* value) {
    return value != nullptr && value->is(mcp::schema::Type::object);
  }

  /// A change stands at the pointer or below it.
  bool is_told(const std::string& pointer) const {
    if (told_.contains(pointer)) return true;
    const auto next = told_.lower_bound(pointer + "/");
    return next != told_.end() && next->starts_with(pointer + "/");
  }

  /// What the file says of itself.
  static bool is_bookkeeping(std::string_view name) {
    constexpr std::string_view members[] = {"schema_version", "digest", "digests", "redacted"};
    return std::ranges::find(members, name) != std::ranges::end(members);
  }

  /// The handshake's form follows from the era.
  bool follows_from_era(std::string_view name) const {
    constexpr std::string_view members[] = {"era", "protocolVersion", "supportedVersions",
                                            "discover", "handshake"};
    const auto era = member(documents_, "era");
    const bool both_known = era.before != nullptr && era.after != nullptr;
    return both_known && era.differs() &&
           std::ranges::find(members, name) != std::ranges::end(members);
  }

  void compare_top(const std::string& name) {
    const auto edit = member(documents_, name);
    if (!edit.differs() || is_bookkeeping(name) || follows_from_era(name)) return;
    for (const auto& kind : item_kinds) {
      if (name == kind.member) {
        compare_items(kind, edit);
        return;
      }
    }
    if (name == "lists") {
      for (const auto& list : names_of(edit)) compare_list(list, member(edit, list));
    } else if (name == "serverInfo" || name == "capabilities") {
      const Reporter report(changes_, "server", "");
      compare_members(report, edit, child_pointer("", name));
    } else {
      tell(Reporter(changes_, "server", ""), name, edit, child_pointer("", name));
    }
  }

  void compare_items(const ItemKind& kind, const Edit& items) {
    for (const auto& name : names_of(items)) {
      const auto item = member(items, name);
      const auto pointer = item_pointer(kind, name);
      if (item.before == nullptr || item.after == nullptr || !item.differs()) continue;
      const Reporter report(changes_, kind.noun, name);
      compare_members(report, item, pointer);
      if (is_object(item.before) && is_object(item.after)) continue;
      report.add("other-member-changed", pointer,
                 fmt::format("{} was {} and is {}, of which one is no object.", report.subject(),
                             shown(item.before), shown(item.after)),
                 item);
    }
  }

  void compare_list(const std::string& name, const Edit& list) {
    if (list.before == nullptr || list.after == nullptr) return;
    const bool other_era = member(documents_, "era").differs();
    const Reporter report(changes_, "list", name);
    const auto pointer = child_pointer("/lists", name);
    for (const auto& each : names_of(list)) {
      // Items that come and go change the order by themselves.
      if (each == "order" || (other_era && (each == "ttlMs" || each == "cacheScope"))) continue;
      tell(report, each, member(list, each), child_pointer(pointer, each));
    }
  }

  void compare_members(const Reporter& report, const Edit& owner, const std::string& pointer) {
    for (const auto& name : names_of(owner)) {
      const bool of_one_era = name == "tasks" || name == "extensions" || name == "execution";
      if (options_.compare_eras && of_one_era) continue;
      tell(report, name, member(owner, name), child_pointer(pointer, name));
    }
  }

  void tell(const Reporter& report, std::string_view what, const Edit& edit,
            const std::string& pointer) {
    if (!edit.differs() || is_told(pointer)) return;
    told_.insert(pointer);
    report.add("other-member-changed", pointer,
               fmt::format("The member {} of {} was {} and is {}; no rule knows what follows from "
                           "it.",
                           shown(what), report.mention(), shown(edit.before), shown(edit.after)),
               edit);
  }

  Edit documents_;
  const DiffOptions& options_;
  std::vector<Change>& changes_;
  std::set<std::string> told_;
};

}  // namespace

void compare_the_rest(const Snapshot& older, const Snapshot& newer, const DiffOptions& options,
                      std::vector<Change>& changes) {
  Rest(documents(older, newer), options, changes).compare();
}

}  // namespace probes::drift
