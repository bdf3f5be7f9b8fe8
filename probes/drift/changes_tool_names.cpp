#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "mcp/base/text.hpp"
#include "probes/drift/changes.hpp"

namespace probes::drift {
namespace {

using mcp::schema::child_pointer;
using Names = std::vector<std::string>;

constexpr std::size_t longest_name = 128;
/// More candidates with one and the same schema than this are no sign of a renaming.
constexpr std::size_t most_candidates = 40;
constexpr double similar_enough = 0.6;

bool is_valid_name(std::string_view name) {
  return !name.empty() && name.size() <= longest_name &&
         name.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") ==
             std::string_view::npos;
}

/// What people and models mistake for each other: case, separators, 0 and o, 1 and l.
std::string folded(std::string_view name) {
  std::string out;
  for (const char symbol : mcp::to_lower(name)) {
    if (symbol == '-' || symbol == '_' || symbol == '.' || symbol == ' ') continue;
    out += symbol == '0' ? 'o' : symbol == '1' || symbol == 'i' ? 'l' : symbol;
  }
  return out;
}

double similarity(std::string_view left, std::string_view right) {
  left = left.substr(0, longest_name);
  right = right.substr(0, longest_name);
  const auto longest = std::max(left.size(), right.size());
  if (longest == 0) return 0;
  const auto distance = mcp::edit_distance(mcp::to_lower(left), mcp::to_lower(right));
  return 1.0 - static_cast<double>(distance) / static_cast<double>(longest);
}

std::set<std::string> words(std::string_view text) {
  std::set<std::string> found;
  std::string word;
  for (const char symbol : mcp::to_lower(text.substr(0, 4096))) {
    const bool is_letter = (symbol >= 'a' && symbol <= 'z') || (symbol >= '0' && symbol <= '9');
    if (is_letter) {
      word += symbol;
    } else if (!word.empty()) {
      found.insert(std::exchange(word, {}));
    }
  }
  if (!word.empty()) found.insert(word);
  return found;
}

/// The part of all words that both texts have.
double word_overlap(std::string_view left, std::string_view right) {
  const auto first = words(left);
  const auto second = words(right);
  if (first.size() < 3 || second.size() < 3) return 0;
  const auto common =
      std::ranges::count_if(first, [&](const std::string& word) { return second.contains(word); });
  const auto all = first.size() + second.size() - static_cast<std::size_t>(common);
  return static_cast<double>(common) / static_cast<double>(all);
}

/// How likely `after` is `before` under another name. A schema without properties says nothing, so
/// the descriptions must then be alike.
double likeness(const std::string& old_name, const Value& before, const std::string& new_name,
                const Value& after) {
  const double by_text = word_overlap(text_or_empty(before.find("description")),
                                      text_or_empty(after.find("description")));
  const Value* schema = before.find("inputSchema");
  const bool has_properties =
      schema != nullptr && !object_or_empty(schema->find("properties")).empty();
  const bool only_case = mcp::equals_ignoring_case(old_name, new_name);
  if (!has_properties && !only_case && by_text < similar_enough) return 0;
  const double best = std::max(by_text, similarity(old_name, new_name));
  return best >= similar_enough ? best : 0;
}

/// Tools with the same schemas and annotations.
using Shape = std::tuple<Value, Value, Value>;
Shape shape_of(const Value& tool) {
  const auto part = [&](std::string_view name) {
    const Value* value = tool.find(name);
    return value == nullptr ? Value() : *value;
  };
  return {part("inputSchema"), part("outputSchema"), part("annotations")};
}

struct Renaming {
  double likeness = 0;
  std::string before;
  std::string after;
};

void add_candidates(const Snapshot& older, const Snapshot& newer, const Names& gone,
                    const Names& fresh, std::vector<Renaming>& found) {
  if (gone.size() > most_candidates || fresh.size() > most_candidates) return;
  for (const auto& before : gone) {
    for (const auto& after : fresh) {
      const double value = likeness(before, older.items(tool_kind).at(before), after,
                                    newer.items(tool_kind).at(after));
      if (value > 0) found.push_back({value, before, after});
    }
  }
}

/// Each tool has at most one new name: the likeliest pairs first.
std::vector<Renaming> renamings(const Snapshot& older, const Snapshot& newer) {
  std::map<Shape, std::pair<Names, Names>> shapes;
  for (const auto& name : only_in(older, newer, tool_kind)) {
    shapes[shape_of(older.items(tool_kind).at(name))].first.push_back(name);
  }
  for (const auto& name : only_in(newer, older, tool_kind)) {
    shapes[shape_of(newer.items(tool_kind).at(name))].second.push_back(name);
  }
  std::vector<Renaming> candidates;
  for (const auto& [shape, names] : shapes) {
    add_candidates(older, newer, names.first, names.second, candidates);
  }
  std::ranges::stable_sort(candidates, std::greater{}, &Renaming::likeness);
  std::vector<Renaming> chosen;
  std::set<std::string> taken_before;
  std::set<std::string> taken_after;
  for (const auto& each : candidates) {
    if (taken_before.contains(each.before) || taken_after.contains(each.after)) continue;
    taken_before.insert(each.before);
    taken_after.insert(each.after);
    chosen.push_back(each);
  }
  return chosen;
}

void report_renamings(const Snapshot& older, const Snapshot& newer, std::vector<Change>& changes) {
  for (const auto& each : renamings(older, newer)) {
    const Value before(each.before);
    const Value after(each.after);
    const Reporter report(changes, tool_kind.noun, each.before);
    const auto pointer = item_pointer(tool_kind, each.after);
    if (mcp::equals_ignoring_case(each.before, each.after)) {
      report.add("tool-name-case-changed", pointer,
                 fmt::format("{} is now written {}: names are case-sensitive, so calls by the old "
                             "one fail.",
                             report.subject(), shown(each.after)),
                 {&before, &after});
    } else {
      report.add("tool-renamed", pointer,
                 fmt::format("{} seems to be called {} now (a guess: the schemas and annotations "
                             "are the same and the names or descriptions alike), so calls by the "
                             "old name fail.",
                             report.subject(), shown(each.after)),
                 {&before, &after});
    }
  }
}

void report_new_names(const Snapshot& older, const Snapshot& newer, std::vector<Change>& changes) {
  std::map<std::string, Names> by_fold;
  for (const auto& [name, tool] : newer.items(tool_kind)) by_fold[folded(name)].push_back(name);
  for (const auto& name : only_in(newer, older, tool_kind)) {
    const Reporter report(changes, tool_kind.noun, name);
    if (!is_valid_name(name)) {
      report.add("tool-name-invalid", item_pointer(tool_kind, name),
                 fmt::format("The name of {} is not 1 to 128 letters, digits, underscores, hyphens "
                             "and dots, so some clients refuse or rewrite it.",
                             report.mention()));
    }
    Names others = by_fold[folded(name)];
    std::erase(others, name);
    if (others.empty()) continue;
    report.add("tool-name-confusable", item_pointer(tool_kind, name),
               fmt::format("{} is easily mistaken for {} of the same server, and a model may call "
                           "the one for the other.",
                           report.subject(), listed(others)));
  }
}

}  // namespace

void compare_tool_names(const Snapshot& older, const Snapshot& newer,
                        const DiffOptions& /*options*/, std::vector<Change>& changes) {
  report_renamings(older, newer, changes);
  report_new_names(older, newer, changes);
}

}  // namespace probes::drift
