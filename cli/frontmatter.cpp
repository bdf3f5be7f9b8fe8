#include "cli/frontmatter.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "mcp/base/text.hpp"

namespace cli {
namespace {

using nlohmann::json;

constexpr std::size_t longest = 64UL * 1024;
constexpr int deepest = 32;
constexpr int most_nodes = 10'000;

template <typename Number>
std::optional<Number> whole(std::string_view text, int base) {
  Number value{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<json> integer(std::string_view text) {
  if (text.starts_with("0o")) {
    if (const auto value = whole<std::uint64_t>(text.substr(2), 8)) return json(*value);
    return std::nullopt;
  }
  if (text.starts_with("0x")) {
    if (const auto value = whole<std::uint64_t>(text.substr(2), 16)) return json(*value);
    return std::nullopt;
  }
  if (text.starts_with('+')) text.remove_prefix(1);
  if (const auto value = whole<std::int64_t>(text, 10)) return json(*value);
  return std::nullopt;
}

std::optional<json> floating(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  // from_chars takes "inf" and "nan" too, which are no JSON.
  if (text.find_first_not_of("0123456789.eE+-") != std::string_view::npos) return std::nullopt;
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return json(value);
}

json plain_scalar(const std::string& text) {
  constexpr std::array nulls = {"", "null", "Null", "NULL", "~"};
  constexpr std::array yes = {"true", "True", "TRUE"};
  constexpr std::array no = {"false", "False", "FALSE"};
  if (std::ranges::find(nulls, text) != nulls.end()) return {};
  if (std::ranges::find(yes, text) != yes.end()) return true;
  if (std::ranges::find(no, text) != no.end()) return false;
  if (const auto value = integer(text)) return *value;
  return floating(text).value_or(json(text));
}

/// Copies a node; none where a bound is passed.
std::optional<json> to_json(const YAML::Node& node, int depth, int& nodes) {
  if (depth > deepest || ++nodes > most_nodes) return std::nullopt;
  if (node.IsScalar()) {
    // yaml-cpp gives the tag "!" to quoted scalars, and "?" to plain ones.
    return node.Tag() == "?" ? plain_scalar(node.Scalar()) : json(node.Scalar());
  }
  if (node.IsSequence()) {
    json array = json::array();
    for (const YAML::Node& each : node) {
      auto value = to_json(each, depth + 1, nodes);
      if (!value) return value;
      array.push_back(std::move(*value));
    }
    return array;
  }
  if (!node.IsMap()) return json();
  json object = json::object();
  for (const auto& each : node) {
    auto value = to_json(each.second, depth + 1, nodes);
    if (!value) return value;
    object[each.first.IsScalar() ? each.first.Scalar() : std::string()] = std::move(*value);
  }
  return object;
}

std::unexpected<mcp::Error> refuse(std::string why) {
  return mcp::fail(mcp::ErrorKind::protocol, "SKILL.md: " + std::move(why));
}

std::string_view take_line(std::string_view& rest) {
  const auto end = std::min(rest.find('\n'), rest.size());
  auto line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// What stands between the two lines of dashes.
mcp::Result<std::string_view> yaml_of(std::string_view document) {
  if (document.starts_with("\xef\xbb\xbf")) document.remove_prefix(3);
  std::string_view rest = document;
  if (take_line(rest) != "---") return refuse("it does not begin with frontmatter (---)");
  const auto start = document.size() - rest.size();
  while (!rest.empty()) {
    const auto end = document.size() - rest.size();
    if (take_line(rest) == "---") return document.substr(start, end - start);
  }
  return refuse("its frontmatter has no end (---)");
}

}  // namespace

mcp::Result<json> parse_frontmatter(std::string_view document) {
  const auto yaml = yaml_of(document);
  if (!yaml) return std::unexpected(yaml.error());
  if (yaml->size() > longest) return refuse("its frontmatter is too long");
  try {
    int nodes = 0;
    auto value = to_json(YAML::Load(std::string(*yaml)), 0, nodes);
    if (!value) return refuse("its frontmatter is nested too deep or has too many nodes");
    if (value->is_object()) return *value;
    return refuse("its frontmatter is no mapping");
  } catch (const YAML::Exception& error) {
    return refuse("its frontmatter is not YAML: " + mcp::printable(error.msg));
  }
}

}  // namespace cli
