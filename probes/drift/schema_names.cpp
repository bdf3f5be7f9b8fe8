#include "probes/drift/schema_names.hpp"

#include <algorithm>

#include "mcp/base/text.hpp"
#include "probes/drift/schema_document.hpp"
#include "probes/drift/schema_keywords.hpp"

namespace probes::drift {

using mcp::schema::Type;
using mcp::schema::Value;

namespace {

constexpr std::size_t longest_name = 100;

/// File_Path and filePath are the same to a reader.
std::string plain_name(std::string_view name) {
  auto out = mcp::to_lower(name.substr(0, longest_name));
  std::erase_if(out, [](char symbol) { return symbol == '_' || symbol == '-' || symbol == '.'; });
  return out;
}

bool similar(std::string_view one, std::string_view two) {
  const auto left = plain_name(one);
  const auto right = plain_name(two);
  const auto shorter = std::min(left.size(), right.size());
  if (shorter < 2) return left == right;
  if (left.starts_with(right) || right.starts_with(left)) return true;
  if (left.ends_with(right) || right.ends_with(left)) return true;
  return mcp::edit_distance(left, right) * 3 <= shorter;
}

bool same_description(const Value& one, const Value& two) {
  const auto* left = one.find("description");
  const auto* right = two.find("description");
  return left != nullptr && right != nullptr && *left == *right;
}

bool looks_renamed(const std::string& from, const Value& older, const std::string& to,
                   const Value& newer) {
  if (!similar(from, to) && !same_description(older, newer)) return false;
  return without_keywords(older, is_annotation) == without_keywords(newer, is_annotation);
}

}  // namespace

NameSet names_in(const Value* array) {
  NameSet out;
  if (array == nullptr || !array->is(Type::array)) return out;
  for (const auto& each : array->array()) {
    if (each.is(Type::string)) out.insert(each.string());
  }
  return out;
}

Value array_of(const NameSet& names) {
  Value::Array out;
  for (const auto& name : names) out.emplace_back(name);
  return Value(std::move(out));
}

NameSet keys_of(const Value* object) {
  NameSet out;
  if (object == nullptr || !object->is(Type::object)) return out;
  for (const auto& [key, value] : object->object()) out.insert(key);
  return out;
}

std::map<std::string, std::string> renamed_properties(const Value* older, const Value* newer) {
  constexpr std::size_t most_guesses = 30;
  const auto before = keys_of(older);
  const auto after = keys_of(newer);
  NameSet went;
  NameSet came;
  std::ranges::set_difference(before, after, std::inserter(went, went.end()));
  std::ranges::set_difference(after, before, std::inserter(came, came.end()));
  std::map<std::string, std::string> out;
  if (went.size() > most_guesses || came.size() > most_guesses) return out;
  for (const auto& from : went) {
    const auto to = std::ranges::find_if(came, [&](const std::string& name) {
      return looks_renamed(from, *older->find(from), name, *newer->find(name));
    });
    if (to == came.end()) continue;
    out.emplace(from, *to);
    came.erase(to);
  }
  return out;
}

}  // namespace probes::drift
