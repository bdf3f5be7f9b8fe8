#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/schema/compiler.hpp"

namespace mcp::schema {
namespace {

using Draft = Dialect::Draft;

struct NamedType {
  std::string_view name;
  Type type;
};
constexpr std::array named_types = {
    NamedType{"null", Type::null},     NamedType{"boolean", Type::boolean},
    NamedType{"number", Type::number}, NamedType{"integer", Type::number},
    NamedType{"string", Type::string}, NamedType{"array", Type::array},
    NamedType{"object", Type::object},
};

}  // namespace

NodeRef Compiler::schema_at(std::string_view name) {
  const auto* schema = member(name);
  return schema == nullptr ? nullptr : child(*schema, child_pointer(here_->pointer, name));
}

std::vector<NodeRef> Compiler::schemas_at(std::string_view name) {
  std::vector<NodeRef> nodes;
  const auto* list = member(name);
  if (list == nullptr) return nodes;
  if (!list->is(Type::array) || list->array().empty()) {
    refuse(name, "it must be an array of schemas, and not empty");
    return nodes;
  }
  const auto place = child_pointer(here_->pointer, name);
  for (std::size_t index = 0; index < list->array().size(); ++index) {
    nodes.push_back(child(list->array()[index], fmt::format("{}/{}", place, index)));
  }
  return nodes;
}

std::vector<std::pair<std::string, NodeRef>> Compiler::named_schemas_at(std::string_view name) {
  std::vector<std::pair<std::string, NodeRef>> nodes;
  const auto* map = member(name);
  if (map == nullptr) return nodes;
  if (!map->is(Type::object)) {
    refuse(name, "it must be an object");
    return nodes;
  }
  const auto place = child_pointer(here_->pointer, name);
  for (const auto& [key, schema] : map->object()) {
    nodes.emplace_back(key, child(schema, child_pointer(place, key)));
  }
  return nodes;
}

std::optional<std::uint64_t> Compiler::count_at(std::string_view name) {
  const auto* value = member(name);
  if (value == nullptr) return std::nullopt;
  const bool good =
      value->is(Type::number) && value->number().is_integer() && !value->number().is_negative();
  if (!good) {
    refuse(name, "it must be an integer that is not negative");
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(value->number().to_int64().value_or(INT64_MAX));
}

std::optional<Decimal> Compiler::number_at(std::string_view name) {
  const auto* value = member(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is(Type::number)) {
    refuse(name, "it must be a number");
    return std::nullopt;
  }
  return value->number();
}

bool Compiler::flag_at(std::string_view name) {
  const auto* value = member(name);
  if (value == nullptr) return false;
  if (!value->is(Type::boolean)) {
    refuse(name, "it must be true or false");
    return false;
  }
  return value->boolean();
}

std::optional<Pattern> Compiler::pattern_of(std::string_view text, std::string_view name) {
  auto pattern = Pattern::parse(text);
  if (pattern) return *pattern;
  refuse(name, pattern.error().message);
  return std::nullopt;
}

std::vector<std::string> Compiler::texts(const Value& value, std::string_view name) {
  std::vector<std::string> out;
  const bool good =
      value.is(Type::array) &&
      std::ranges::all_of(value.array(), [](const Value& each) { return each.is(Type::string); });
  if (!good) {
    refuse(name, "it must be an array of strings");
    return out;
  }
  for (const auto& each : value.array()) out.push_back(each.string());
  return out;
}

void Compiler::read_types(Node& node) {
  const auto* value = member("type");
  if (value == nullptr) return;
  if (!value->is(Type::string) && !value->is(Type::array)) {
    refuse("type", "it must be the name of a type, or an array of such names");
    return;
  }
  const auto names = value->is(Type::string) ? std::vector{value->string()} : texts(*value, "type");
  node.types = TypeSet::none();
  bool all_numbers = false;
  bool integers = false;
  for (const auto& name : names) {
    const auto* found = std::ranges::find(named_types, name, &NamedType::name);
    if (found == named_types.end()) {
      refuse("type", fmt::format("{} is no type", quoted(name, 40)));
      return;
    }
    node.types.insert(found->type);
    all_numbers = all_numbers || name == "number";
    integers = integers || name == "integer";
  }
  node.integers_only = integers && !all_numbers;
}

void Compiler::read_values(Node& node) {
  const auto* choices = member("enum");
  if (choices != nullptr && !choices->is(Type::array)) refuse("enum", "it must be an array");
  if (choices != nullptr && choices->is(Type::array)) node.choices = choices->array();
  const auto* constant = member("const");
  if (constant != nullptr && since(Draft::draft6)) node.constant = *constant;
}

void Compiler::read_numbers(NumberRules& rules) {
  rules.minimum = number_at("minimum");
  rules.maximum = number_at("maximum");
  if (since(Draft::draft6)) {
    rules.exclusive_minimum = number_at("exclusiveMinimum");
    rules.exclusive_maximum = number_at("exclusiveMaximum");
  } else {
    read_draft4_bounds(rules);
  }
  rules.multiple_of = number_at("multipleOf");
  if (rules.multiple_of && (rules.multiple_of->is_zero() || rules.multiple_of->is_negative())) {
    refuse("multipleOf", "it must be greater than 0");
  }
}

/// Draft-04 section 5.1: booleans that sharpen the bound beside them.
void Compiler::read_draft4_bounds(NumberRules& rules) {
  if (flag_at("exclusiveMinimum")) rules.exclusive_minimum = std::exchange(rules.minimum, {});
  if (flag_at("exclusiveMaximum")) rules.exclusive_maximum = std::exchange(rules.maximum, {});
}

void Compiler::read_strings(StringRules& rules) {
  rules.min_length = count_at("minLength");
  rules.max_length = count_at("maxLength");
  const auto* pattern = member("pattern");
  if (pattern == nullptr) return;
  if (!pattern->is(Type::string)) {
    refuse("pattern", "it must be a string");
    return;
  }
  rules.pattern = pattern_of(pattern->string(), "pattern");
}

void Compiler::read_array_bounds(ArrayRules& rules) {
  rules.min_items = count_at("minItems");
  rules.max_items = count_at("maxItems");
  rules.unique_items = flag_at("uniqueItems");
  if (!since(Draft::draft2019_09)) return;
  rules.min_contains = count_at("minContains").value_or(1);
  rules.max_contains = count_at("maxContains");
}

void Compiler::read_object_bounds(ObjectRules& rules) {
  rules.min_properties = count_at("minProperties");
  rules.max_properties = count_at("maxProperties");
  if (const auto* required = member("required")) rules.required = texts(*required, "required");
  if (!since(Draft::draft2019_09)) return;
  const auto* dependent = member("dependentRequired");
  if (dependent == nullptr) return;
  if (!dependent->is(Type::object)) {
    refuse("dependentRequired", "it must be an object");
    return;
  }
  for (const auto& [name, value] : dependent->object()) {
    rules.dependent_required.emplace_back(name, texts(value, "dependentRequired"));
  }
}

}  // namespace mcp::schema
