#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "probes/drift/schema_formats.hpp"
#include "probes/drift/schema_walk.hpp"

namespace probes::drift {

using mcp::schema::Type;
using mcp::schema::Value;

namespace {

/// The values that `const` or `enum` leave; nothing where there is neither.
std::optional<std::set<Value>> values_of(const Value& schema) {
  if (const auto* constant = schema.find("const")) return std::set{*constant};
  const auto* choices = schema.find("enum");
  if (choices == nullptr || !choices->is(Type::array)) return std::nullopt;
  return std::set(choices->array().begin(), choices->array().end());
}

std::set<Value> without(const std::set<Value>& from, const std::set<Value>& taken) {
  std::set<Value> out;
  std::ranges::set_difference(from, taken, std::inserter(out, out.end()));
  return out;
}

Value array_of(const std::set<Value>& values) {
  return Value(Value::Array(values.begin(), values.end()));
}

std::vector<Edit> set_list(const Path& schema, const std::set<Value>& values) {
  return {{.path = schema / "enum", .value = array_of(values)},
          {.path = schema / "const", .value = std::nullopt}};
}

bool extensible(const Value& schema) {
  const auto* flag = schema.find("x-extensible-enum");
  return flag != nullptr && (!flag->is(Type::boolean) || flag->boolean());
}

}  // namespace

void SchemaWalk::value_lists(const Pair& pair) {
  const auto before = values_of(*pair.older.value);
  const auto after = values_of(*pair.newer.value);
  if (before == after) return;
  if (!before || !after) return list_itself(pair);
  const auto removed = without(*before, *after);
  const auto added = without(*after, *before);
  if (!removed.empty()) list_edit(pair, removed, false);
  if (!added.empty()) list_edit(pair, added, true);
}

/// Values that came into the list, or went out of it.
void SchemaWalk::list_edit(const Pair& pair, const std::set<Value>& values, bool added) {
  const auto before = *values_of(*pair.older.value);
  const auto after = *values_of(*pair.newer.value);
  auto with_edit = before;
  auto without_edit = after;
  if (added) {
    with_edit.insert(values.begin(), values.end());
    without_edit = without(after, values);
  } else {
    with_edit = without(before, values);
    without_edit.insert(values.begin(), values.end());
  }
  Candidate candidate;
  const auto* keyword = pair.after("enum") != nullptr ? "enum" : "const";
  candidate.pointer = pointer_of(pair.newer.path / keyword);
  candidate.before = array_of(before);
  candidate.after = array_of(after);
  candidate.forward = set_list(pair.older.path, with_edit);
  candidate.backward = set_list(pair.newer.path, without_edit);
  const Value::Array list(values.begin(), values.end());
  const auto* verb = added ? (input() ? "now also takes" : "may now also be")
                           : (input() ? "no longer takes" : "is no longer");
  tell(candidate, pair.mixed, added ? Effect::grows : Effect::shrinks,
       {.shrinks = "enum-value-removed", .grows = "enum-value-added"},
       {.fact = fmt::format("{} {} {}", pair.place.subject(), verb, shown_list(list, "or")),
        .such = values.size() == 1 ? "with that value" : "with one of these values"});
  const bool announced = extensible(*pair.older.value) && extensible(*pair.newer.value);
  if (added && !input() && announced) {
    candidate.breaking.rule = "output-extensible-enum-value-added";
  }
  add(std::move(candidate));
}

/// The list as such came or went.
void SchemaWalk::list_itself(const Pair& pair) {
  const auto before = values_of(*pair.older.value);
  const auto after = values_of(*pair.newer.value);
  const auto& values = after ? *after : *before;
  const auto& owner = after ? *pair.newer.value : *pair.older.value;
  const bool constant = owner.find("const") != nullptr;
  auto candidate = keyword_edit(pair, constant ? "const" : "enum");
  if (constant) {
    const auto other = keyword_edit(pair, "enum");
    candidate.forward.push_back(other.forward.front());
    candidate.backward.push_back(other.backward.front());
  } else {
    (after ? candidate.after : candidate.before) = array_of(values);
  }
  const Value::Array list(values.begin(), values.end());
  const auto fact =
      fmt::format("{} {} {}{}", pair.place.subject(), after ? "must now be" : "need no longer be",
                  list.size() > 1 ? "one of " : "", shown_list(list, "or"));
  const Names names = constant ? Names{.shrinks = "const-added", .grows = "const-removed"}
                               : Names{.shrinks = "enum-added", .grows = "enum-removed"};
  tell(candidate, pair.mixed, after ? Effect::shrinks : Effect::grows, names,
       {.fact = fact, .such = "with any other value"});
  add(std::move(candidate));
}

/// Only for those who check formats; as an annotation it is told in schema_annotations.
void SchemaWalk::format(const Pair& pair) {
  if (formats_ == FormatRule::annotation) return;
  const auto checked = [](const Value* format) {
    return format != nullptr && format->is(Type::string) && pattern_of_format(format->string());
  };
  const auto* before = pair.before("format");
  const auto* after = pair.after("format");
  if (before != nullptr && after != nullptr && *before == *after) return;
  if (!checked(before) && !checked(after)) return;
  const auto effect = !checked(before)  ? Effect::shrinks
                      : !checked(after) ? Effect::grows
                                        : Effect::either;
  const auto fact = after != nullptr ? fmt::format("{} must now have the format {}",
                                                   pair.place.subject(), shown(*after))
                                     : fmt::format("{} need no longer have the format {}",
                                                   pair.place.subject(), shown(*before));
  whole_keyword(pair, "format", effect, {.shrinks = "format-tightened", .grows = "format-loosened"},
                {.fact = fact, .such = "with another text"});
}

}  // namespace probes::drift
