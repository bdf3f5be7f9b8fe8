#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cli/render/drift/words.hpp"
#include "mcp/base/text.hpp"
#include "mcp/schema/value.hpp"

namespace cli {
namespace {

using probes::drift::Change;

constexpr std::size_t fewest = 2;

/// `Tool "x" is gone` is `The tool is gone` for every tool.
std::string without_name(const Change& change) {
  std::string why = change.why;
  const auto name = fmt::format(" \"{}\"", change.name);
  if (change.name.empty()) return why;
  if (why.find(name) == change.kind.size()) {
    why.front() = mcp::to_lower(why.substr(0, 1)).front();
    why.insert(0, "The ");
  }
  for (auto at = why.find(name); at != std::string::npos; at = why.find(name, at))
    why.erase(at, name.size());
  return why;
}

std::string text_of(const std::optional<mcp::schema::Value>& value) {
  return value ? value->text() : std::string();
}

/// What is the same in all changes that are told together. A witness says in a better way than the
/// values what is wrong, and one does for all.
std::vector<std::string> key_of(const Change& change) {
  std::vector<std::string> key = {change.kind, change.rule, place_in_item(change),
                                  without_name(change)};
  const bool is_item = place_in_item(change).empty();
  if (change.witness || is_item) return key;
  key.push_back(text_of(change.before));
  key.push_back(text_of(change.after));
  return key;
}

}  // namespace

std::vector<RepeatedChange> take_repeated(std::vector<DriftGroup>& groups) {
  std::map<std::vector<std::string>, std::size_t> counts;
  for (const auto& group : groups)
    for (const Change* each : group.changes) ++counts[key_of(*each)];
  std::map<std::vector<std::string>, std::size_t> places;
  std::vector<RepeatedChange> repeated;
  for (auto& group : groups) {
    std::erase_if(group.changes, [&](const Change* each) {
      auto key = key_of(*each);
      const auto count = counts[key];
      if (count < fewest) return false;
      const auto [place, is_new] = places.emplace(std::move(key), repeated.size());
      if (is_new)
        repeated.push_back({.title = fmt::format("{} {}s", count, mcp::printable(each->kind)),
                            .why = without_name(*each),
                            .changes = {}});
      repeated[place->second].changes.push_back(each);
      return true;
    });
  }
  std::erase_if(groups, [](const DriftGroup& group) { return group.changes.empty(); });
  return repeated;
}

}  // namespace cli
