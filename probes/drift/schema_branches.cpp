#include "probes/drift/schema_branches.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "probes/drift/schema_document.hpp"
#include "probes/drift/schema_keywords.hpp"
#include "probes/drift/schema_names.hpp"
#include "probes/drift/schema_place.hpp"

namespace probes::drift {

using mcp::schema::Type;
using mcp::schema::Value;

namespace {

std::string text_of(const Value& schema, std::string_view keyword) {
  const auto* value = schema.find(keyword);
  return value != nullptr && value->is(Type::string) ? value->string() : std::string();
}

/// The members that are one constant each, as `kind` in a tagged union.
std::string constants_of(const Value& schema) {
  const auto* properties = schema.find("properties");
  std::string out;
  if (properties == nullptr || !properties->is(Type::object)) return out;
  for (const auto& [name, property] : properties->object()) {
    const auto* constant = property.find("const");
    const auto* choices = property.find("enum");
    const bool single =
        choices != nullptr && choices->is(Type::array) && choices->array().size() == 1;
    if (constant == nullptr && single) constant = &choices->array().front();
    if (constant == nullptr) continue;
    out += fmt::format("{}{} is {}", out.empty() ? "" : " and ", name, shown(*constant));
  }
  return out;
}

std::string type_text(const Value& schema) {
  const auto* type = schema.find("type");
  return type == nullptr ? std::string() : type->text();
}

/// Strings by which a branch may be known again, the surest one first.
std::vector<std::string> tags_of(const Value& schema) {
  return {text_of(schema, "$ref"), constants_of(schema), text_of(schema, "title"),
          type_text(schema)};
}

using Same = std::function<bool(std::size_t, std::size_t)>;

void match_by(const Same& same, BranchMatch& match) {
  for (auto old_one = match.removed.begin(); old_one != match.removed.end();) {
    const auto new_one =
        std::ranges::find_if(match.added, [&](std::size_t index) { return same(*old_one, index); });
    if (new_one == match.added.end()) {
      ++old_one;
      continue;
    }
    match.same.emplace_back(*old_one, *new_one);
    match.added.erase(new_one);
    old_one = match.removed.erase(old_one);
  }
}

}  // namespace

BranchMatch match_branches(const Value::Array& older, const Value::Array& newer) {
  constexpr std::size_t most_branches = 200;
  BranchMatch match;
  for (std::size_t index = 0; index < older.size(); ++index) match.removed.push_back(index);
  for (std::size_t index = 0; index < newer.size(); ++index) match.added.push_back(index);
  if (std::max(older.size(), newer.size()) > most_branches) return match;
  match_by([&](std::size_t one, std::size_t two) { return older[one] == newer[two]; }, match);
  std::vector<std::vector<std::string>> old_tags;
  std::vector<std::vector<std::string>> new_tags;
  for (const auto& each : older) old_tags.push_back(tags_of(each));
  for (const auto& each : newer) new_tags.push_back(tags_of(each));
  for (std::size_t kind = 0; kind < 4; ++kind) {
    match_by(
        [&](std::size_t one, std::size_t two) {
          return !old_tags[one][kind].empty() && old_tags[one][kind] == new_tags[two][kind];
        },
        match);
  }
  match_by(
      [&](std::size_t one, std::size_t two) {
        return one == two && old_tags[one].back() == new_tags[two].back();
      },
      match);
  std::ranges::sort(match.same);
  return match;
}

std::string describe_branch(const Value& branch) {
  if (const auto title = text_of(branch, "title"); !title.empty()) return shown_name(title);
  if (const auto reference = text_of(branch, "$ref"); !reference.empty()) {
    return shown_name(reference.substr(reference.rfind('/') + 1));
  }
  if (const auto tag = constants_of(branch); !tag.empty()) {
    return fmt::format("an object whose {}", tag);
  }
  const auto plain = without_keywords(branch, is_annotation);
  const auto type = text_of(branch, "type");
  if (type.empty()) return shown(plain);
  const auto members = keys_of(branch.find("properties"));
  if (type == "object" && !members.empty()) {
    Value::Array names;
    for (const auto& name : members) names.emplace_back(name);
    return fmt::format("an object with {}", shown_list(names));
  }
  const auto* choices = branch.find("enum");
  if (choices != nullptr && choices->is(Type::array)) return shown_list(choices->array(), "or");
  if (plain.object().size() > 1) return shown(plain);
  return type == "object" ? "any object" : type_words(type);
}

std::string demand(const Value& schema) {
  const auto words = describe_branch(schema);
  const bool listed = schema.find("enum") != nullptr && words.starts_with('"');
  if (listed)
    return fmt::format("be {}{}", words.find(" or ") == words.npos ? "" : "one of ", words);
  return fmt::format("{} {}", words.starts_with('{') || words.starts_with('"') ? "fit" : "be",
                     words);
}

std::string describe_branches(const Value& branches) {
  constexpr std::size_t most = 4;
  std::string out;
  for (std::size_t index = 0; index < branches.array().size(); ++index) {
    if (index == most) return out + fmt::format("; and {} more", branches.array().size() - most);
    out += fmt::format("{}{}", index == 0 ? "" : "; ", describe_branch(branches.array()[index]));
  }
  return out;
}

std::optional<Alternatives> alternatives_of(const Value& schema) {
  if (!schema.is(Type::object)) return {};
  std::optional<Alternatives> out;
  for (const auto& [name, value] : schema.object()) {
    if (is_annotation(name) || name == "$schema" || name == "$defs" || name == "definitions")
      continue;
    const bool list = (name == "anyOf" || name == "oneOf") && value.is(Type::array);
    if (!list || out) return {};
    out = Alternatives{name == "anyOf" ? "anyOf" : "oneOf", &value.array()};
  }
  return out;
}

std::optional<std::size_t> branch_like(const Value& plain, const Value::Array& branches) {
  const auto type = type_text(plain);
  if (type.empty()) return {};
  const auto members = keys_of(plain.find("properties"));
  std::optional<std::size_t> best;
  std::size_t most = 0;
  for (std::size_t index = 0; index < branches.size(); ++index) {
    if (branches[index] == plain) return index;
    if (type_text(branches[index]) != type) continue;
    std::size_t common = 1;
    for (const auto& name : keys_of(branches[index].find("properties"))) {
      common += members.contains(name) ? 2 : 0;
    }
    if (common > most) best = index;
    most = std::max(most, common);
  }
  return best;
}

}  // namespace probes::drift
