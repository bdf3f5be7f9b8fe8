#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "probes/drift/changes.hpp"

namespace probes::drift {

/// Resources and templates, whose key is an address, matched with their addresses first and then
/// by `name`, where only one of either side that is left has it.
struct MatchedItems {
  std::vector<std::string> removed;
  std::vector<std::string> added;
  std::vector<std::pair<std::string, std::string>> moved;  // older key, newer key
  /// Those with the same key that differ, and those that moved. Borrows from the newer snapshot.
  std::vector<ItemPair> pairs;
};
MatchedItems match_by_name(const Snapshot& older, const Snapshot& newer, const ItemKind& kind);

/// What resources and their templates have in common: name, annotations, icons, _meta.
void compare_resource_members(const Reporter& report, const ItemPair& pair);
void compare_mime_type(const Reporter& report, const ItemPair& pair, std::string_view rule);

}  // namespace probes::drift
