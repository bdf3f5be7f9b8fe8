#include "probes/drift/moved_items.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

namespace probes::drift {
namespace {

using mcp::schema::child_pointer;

/// Name -> key; the key is empty where several items have that name.
std::map<std::string, std::string> by_name(const std::vector<std::string>& keys,
                                           const Value::Object& items) {
  std::map<std::string, std::string> found;
  for (const auto& key : keys) {
    const auto* name = string_in(&items.at(key), "name");
    if (name == nullptr) continue;
    const auto [place, is_new] = found.emplace(*name, key);
    if (!is_new) place->second.clear();
  }
  return found;
}

}  // namespace

MatchedItems match_by_name(const Snapshot& older, const Snapshot& newer, const ItemKind& kind) {
  MatchedItems result{.removed = only_in(older, newer, kind),
                      .added = only_in(newer, older, kind),
                      .moved = {},
                      .pairs = common_items(older, newer, kind)};
  const auto before = by_name(result.removed, older.items(kind));
  for (const auto& [name, to] : by_name(result.added, newer.items(kind))) {
    const auto found = before.find(name);
    if (found == before.end() || found->second.empty() || to.empty()) continue;
    result.moved.emplace_back(found->second, to);
  }
  std::set<std::string> matched;
  for (const auto& [from, to] : result.moved) {
    matched.insert({from, to});
    const auto item = newer.items(kind).find(to);
    result.pairs.push_back(
        {kind, item->first, {&older.items(kind).at(from), &item->second}, item_pointer(kind, to)});
  }
  const auto is_matched = [&](const std::string& key) { return matched.contains(key); };
  std::erase_if(result.removed, is_matched);
  std::erase_if(result.added, is_matched);
  return result;
}

void compare_resource_members(const Reporter& report, const ItemPair& pair) {
  if (const auto name = member(pair.item, "name"); name.differs()) {
    report.add("resource-name-changed", child_pointer(pair.pointer, "name"),
               fmt::format("The name of {} was {} and is {}; its address stays.", report.mention(),
                           shown(name.before), shown(name.after)),
               name);
  }
  if (const auto notes = member(pair.item, "annotations"); notes.differs()) {
    report.add("resource-annotations-changed", child_pointer(pair.pointer, "annotations"),
               fmt::format("The annotations of {} were {} and are {}: hosts choose by them what "
                           "they show to whom.",
                           report.mention(), shown(notes.before), shown(notes.after)),
               notes);
  }
  compare_icons(report, pair.item, pair.pointer);
  compare_meta(report, pair.item, pair.pointer, "meta-changed");
}

void compare_mime_type(const Reporter& report, const ItemPair& pair, std::string_view rule) {
  const auto type = member(pair.item, "mimeType");
  if (!type.differs()) return;
  report.add(rule, child_pointer(pair.pointer, "mimeType"),
             fmt::format("The media type of {} was {} and is {}, so a client that reads the old "
                         "form may not understand the content.",
                         report.mention(), shown(type.before), shown(type.after)),
             type);
}

}  // namespace probes::drift
