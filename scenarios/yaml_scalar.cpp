#include <algorithm>
#include <array>

#include "scenarios/yaml_tree.hpp"

namespace scenarios {
namespace {

using mcp::schema::Decimal;
using mcp::schema::Value;

bool one_of(std::string_view text, const std::array<std::string_view, 3>& names) {
  return std::ranges::find(names, text) != names.end();
}

}  // namespace

Value scalar_value(const YamlNode& scalar) {
  if (scalar.is(YamlNode::Kind::null)) return {};
  const std::string_view text = scalar.text;
  if (scalar.quoted) return Value(scalar.text);
  if (text.empty() || text == "~" || one_of(text, {"null", "Null", "NULL"})) return {};
  if (one_of(text, {"true", "True", "TRUE"})) return Value(true);
  if (one_of(text, {"false", "False", "FALSE"})) return Value(false);
  const auto unsigned_text = text.starts_with('+') ? text.substr(1) : text;
  if (auto number = Decimal::parse(unsigned_text)) return Value(std::move(*number));
  return Value(scalar.text);
}

Value to_value(const YamlNode& node) {
  if (node.is(YamlNode::Kind::sequence)) {
    Value::Array items;
    for (const auto& item : node.items) items.push_back(to_value(item));
    return Value(std::move(items));
  }
  if (node.is(YamlNode::Kind::mapping)) {
    Value::Object members;
    for (const auto& member : node.members) members.emplace(member.key, to_value(member.value));
    return Value(std::move(members));
  }
  return scalar_value(node);
}

std::string_view kind_name(const YamlNode& node) {
  if (node.is(YamlNode::Kind::sequence)) return "a list";
  if (node.is(YamlNode::Kind::mapping)) return "a mapping";
  switch (scalar_value(node).type()) {
    case mcp::schema::Type::null:
      return "nothing";
    case mcp::schema::Type::boolean:
      return "a truth value";
    case mcp::schema::Type::number:
      return "a number";
    default:
      return "text";
  }
}

}  // namespace scenarios
