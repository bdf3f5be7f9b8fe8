#include "cli/schema_outline.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "mcp/base/text.hpp"

namespace cli {
namespace {

using nlohmann::json;

constexpr int deepest_reference = 16;
constexpr std::size_t most_parts = 256;

const json* member(const json& schema, const std::string& name) {
  const auto found = schema.find(name);
  return found == schema.end() ? nullptr : &*found;
}

const json* referred(const json& root, const json& reference) {
  if (!reference.is_string()) return nullptr;
  const auto text = reference.get<std::string>();
  if (!text.starts_with('#')) return nullptr;  // never fetched (json-schema "$ref" SHOULD NOT)
  try {
    const json::json_pointer pointer(text.substr(1));
    return root.contains(pointer) ? &root.at(pointer) : nullptr;
  } catch (const json::exception&) {
    return nullptr;  // an anchor, or not a pointer
  }
}

std::string type_of(const json& value) {
  if (value.is_number_integer()) return "integer";
  return value.type_name();
}

void add_types(const json& schema, std::set<std::string>& types) {
  if (const json* type = member(schema, "type")) {
    if (type->is_string()) types.insert(type->get<std::string>());
    if (!type->is_array()) return;
    for (const json& each : *type) {
      if (each.is_string()) types.insert(each.get<std::string>());
    }
  } else if (const json* choices = member(schema, "enum"); choices && choices->is_array()) {
    for (const json& each : *choices) types.insert(type_of(each));
  } else if (const json* only = member(schema, "const")) {
    types.insert(type_of(*only));
  } else if (schema.contains("properties")) {
    types.insert("object");
  } else if (schema.contains("items")) {
    types.insert("array");
  }
}

}  // namespace

SchemaOutline::SchemaOutline(const json& schema) : root_(&schema) {
  collect(schema, 0);
}

SchemaOutline::SchemaOutline(const json& root, std::vector<const json*> parts) : root_(&root) {
  for (const json* part : parts) collect(*part, 0);
}

void SchemaOutline::collect(const json& schema, int depth) {
  if (!schema.is_object() || depth > deepest_reference || parts_.size() >= most_parts) return;
  if (std::ranges::find(parts_, &schema) != parts_.end()) return;  // it refers to itself
  parts_.push_back(&schema);
  if (const json* reference = member(schema, "$ref")) {
    if (const json* target = referred(*root_, *reference)) collect(*target, depth + 1);
  }
  for (const char* key : {"allOf", "anyOf", "oneOf"}) {
    const json* list = member(schema, key);
    if (list == nullptr || !list->is_array()) continue;
    for (const json& each : *list) collect(each, depth + 1);
  }
}

std::set<std::string> SchemaOutline::types() const {
  std::set<std::string> types;
  for (const json* part : parts_) add_types(*part, types);
  return types;
}

std::vector<std::string> SchemaOutline::properties() const {
  std::vector<std::string> names;
  for (const json* part : parts_) {
    const json* properties = member(*part, "properties");
    if (properties == nullptr || !properties->is_object()) continue;
    for (const auto& [name, schema] : properties->items()) {
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

std::vector<std::string> SchemaOutline::required() const {
  // What only one of several alternatives requires is for the server to judge.
  std::vector<std::string> names;
  if (parts_.empty()) return names;
  const json* required = member(*parts_.front(), "required");
  if (required == nullptr || !required->is_array()) return names;
  for (const json& name : *required) {
    if (name.is_string()) names.push_back(name.get<std::string>());
  }
  return names;
}

SchemaOutline SchemaOutline::property(const std::string& name) const {
  std::vector<const json*> found;
  for (const json* part : parts_) {
    const json* properties = member(*part, "properties");
    if (properties == nullptr || !properties->is_object()) continue;
    if (const json* schema = member(*properties, name)) found.push_back(schema);
  }
  if (!found.empty()) return {*root_, found};
  for (const json* part : parts_) {
    const json* others = member(*part, "additionalProperties");
    if (others != nullptr && others->is_object()) found.push_back(others);
  }
  return {*root_, found};
}

SchemaOutline SchemaOutline::items() const {
  std::vector<const json*> found;
  for (const json* part : parts_) {
    if (const json* items = member(*part, "items")) found.push_back(items);
  }
  return {*root_, found};
}

bool SchemaOutline::has_property(const std::string& name) const {
  return std::ranges::any_of(parts_, [&](const json* part) {
    const json* properties = member(*part, "properties");
    return properties != nullptr && properties->is_object() && properties->contains(name);
  });
}

bool SchemaOutline::invites_others() const {
  if (properties().empty()) {
    return std::ranges::none_of(parts_, [](const json* part) {
      const json* others = member(*part, "additionalProperties");
      return others != nullptr && *others == false;
    });
  }
  return std::ranges::any_of(parts_, [](const json* part) {
    const json* others = member(*part, "additionalProperties");
    return part->contains("patternProperties") ||
           (others != nullptr && (others->is_object() || *others == true));
  });
}

std::string usage_of(const SchemaOutline& outline) {
  const auto required = outline.required();
  std::vector<std::string> words;
  std::vector<std::string> optional;
  for (const std::string& name : outline.properties()) {
    auto types = outline.property(name).types();
    if (types.size() > 1) types.erase("null");
    const std::string type = types.empty() ? "any" : fmt::format("{}", fmt::join(types, "|"));
    const std::string word = mcp::printable(name + "=" + type);
    if (std::ranges::find(required, name) != required.end()) {
      words.push_back(word);
    } else {
      optional.push_back("[" + word + "]");
    }
  }
  std::ranges::move(optional, std::back_inserter(words));
  return fmt::format("{}", fmt::join(words, " "));
}

}  // namespace cli
