#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "mcp/base/text.hpp"
#include "scenarios/fields.hpp"
#include "scenarios/variables.hpp"

namespace scenarios {
namespace {

using mcp::schema::Type;

/// What the file says there: values that came from the environment may be secret.
std::string shown(const YamlNode& node) {
  return node.is(YamlNode::Kind::scalar) ? mcp::quoted(node.written, 60)
                                         : std::string(kind_name(node));
}

}  // namespace

void Scalars::refuse(const YamlNode& node, std::string_view wanted, std::string hint) {
  complaints_.add(node.place, fmt::format("{} is no {}", shown(node), wanted), std::move(hint));
}

std::optional<std::string> Scalars::text(const YamlNode& node) {
  if (!node.is(YamlNode::Kind::scalar)) {
    refuse(node, "text");
    return std::nullopt;
  }
  const auto read = TextTemplate::read(node.text);
  if (!read || !read->is_constant()) {
    refuse(node, "text that is known before the start",
           "${agent.id}, ${iteration} and ${random.…} belong into arguments and URIs");
    return std::nullopt;
  }
  Random unused(0);
  return read->fill({}, unused);
}

std::optional<bool> Scalars::boolean(const YamlNode& node) {
  const auto value = node.is(YamlNode::Kind::scalar) ? scalar_value(node) : mcp::schema::Value();
  if (value.is(Type::boolean)) return value.boolean();
  refuse(node, "truth value", "write true or false");
  return std::nullopt;
}

std::optional<std::int64_t> Scalars::integer(const YamlNode& node, std::int64_t least,
                                             std::int64_t most) {
  const auto value = node.is(YamlNode::Kind::scalar) ? scalar_value(node) : mcp::schema::Value();
  const auto number = value.is(Type::number) ? value.number().to_int64() : std::nullopt;
  if (!value.is(Type::number) || !value.number().is_integer()) {
    refuse(node, "whole number");
    return std::nullopt;
  }
  if (number && *number >= least && *number <= most) return number;
  complaints_.add(node.place, fmt::format("{} is not between {} and {}", shown(node), least, most));
  return std::nullopt;
}

template <typename T>
std::optional<T> Scalars::quantity(const YamlNode& node, mcp::Result<T> (*read)(std::string_view),
                                   std::string_view wanted) {
  if (!node.is(YamlNode::Kind::scalar)) {
    refuse(node, wanted);
    return std::nullopt;
  }
  auto value = read(node.text);
  if (value) return *value;
  // The error quotes the value, which may be a secret: it is told in the words of the file.
  if (node.text == node.written) {
    complaints_.add(node.place, value.error());
  } else {
    refuse(node, wanted, value.error().hint);
  }
  return std::nullopt;
}

std::optional<mcp::Duration> Scalars::duration(const YamlNode& node, mcp::Duration least) {
  const auto value = quantity(node, read_duration, "duration");
  if (!value || *value >= least) return value;
  complaints_.add(node.place, fmt::format("{} is too short", shown(node)),
                  fmt::format("at least {}", mcp::format_duration(least)));
  return std::nullopt;
}

std::optional<Uneven> Scalars::uneven(const YamlNode& node) {
  return quantity(node, read_uneven, "duration");
}

std::optional<Rate> Scalars::rate(const YamlNode& node) {
  return quantity(node, read_rate, "rate");
}

std::optional<std::uint32_t> Scalars::permille(const YamlNode& node) {
  return quantity(node, read_permille, "percentage");
}

std::optional<std::size_t> Scalars::choice(const YamlNode& node,
                                           const std::vector<std::string>& names) {
  const auto found =
      node.is(YamlNode::Kind::scalar) ? std::ranges::find(names, node.text) : names.end();
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  const auto near =
      node.is(YamlNode::Kind::scalar) ? mcp::nearest(node.text, names) : std::string();
  complaints_.add(node.place, fmt::format("{} is none of {}", shown(node), fmt::join(names, ", ")),
                  near.empty() ? "" : fmt::format("did you mean {}?", near));
  return std::nullopt;
}

std::optional<ArgumentTemplate> Scalars::template_of(const YamlNode& node) {
  if (node.is(YamlNode::Kind::sequence)) return list_template(node);
  if (node.is(YamlNode::Kind::mapping)) return mapping_template(node);
  if (node.is(YamlNode::Kind::null) || node.text.find('$') == std::string::npos) {
    return ArgumentTemplate(scalar_value(node));
  }
  auto text = TextTemplate::read(node.text);
  if (!text) {
    complaints_.add(node.place, text.error());
    return std::nullopt;
  }
  const bool as_number = text->is_number() && !node.quoted;
  return ArgumentTemplate(std::move(*text), as_number);
}

std::optional<ArgumentTemplate> Scalars::list_template(const YamlNode& node) {
  ArgumentTemplate::Array items;
  for (const auto& item : node.items) {
    if (auto read = template_of(item)) items.push_back(std::move(*read));
  }
  if (items.size() != node.items.size()) return std::nullopt;
  return ArgumentTemplate(std::move(items));
}

std::optional<ArgumentTemplate> Scalars::mapping_template(const YamlNode& node) {
  ArgumentTemplate::Object members;
  for (const auto& member : node.members) {
    if (auto read = template_of(member.value)) members.emplace(member.key, std::move(*read));
  }
  if (members.size() != node.members.size()) return std::nullopt;
  return ArgumentTemplate(std::move(members));
}

}  // namespace scenarios
