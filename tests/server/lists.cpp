#include <algorithm>
#include <charconv>
#include <optional>

#include "tests/server/core.hpp"
#include "tests/server/protocol.hpp"

namespace mcp::testserver {

namespace {

/// A cursor names its list and where the next page begins. Clients must not look into it.
std::string make_cursor(std::string_view list, std::size_t offset) {
  return std::string(list) + "@" + std::to_string(offset);
}

std::optional<std::size_t> read_cursor(std::string_view list, std::string_view cursor) {
  if (!cursor.starts_with(list) || cursor.size() < list.size() + 2 || cursor[list.size()] != '@') {
    return std::nullopt;
  }
  const auto digits = cursor.substr(list.size() + 1);
  std::size_t offset = 0;
  const auto [end, failure] = std::from_chars(digits.begin(), digits.end(), offset);
  if (failure != std::errc{} || end != digits.end()) return std::nullopt;
  return offset;
}

}  // namespace

Outcome Core::list(const Call& call, std::string_view name, const std::vector<Item>& items) const {
  std::size_t begin = 0;
  if (const auto cursor = call.params["cursor"]; cursor.exists()) {
    const auto offset = read_cursor(name, cursor.string());
    // Pagination, "Error Handling": invalid cursors are -32602.
    if (!offset || *offset == 0 || *offset >= items.size()) {
      return error(call, code::invalid_params, "Invalid cursor");
    }
    begin = *offset;
  }
  const auto page = options_.page_size == 0 ? items.size() : options_.page_size;
  const auto end = std::min(items.size(), begin + page);
  std::string members = "\"" + std::string(name) + "\":[";
  for (auto at = begin; at < end; ++at) {
    if (at > begin) members += ',';
    members += items[at].text;
  }
  members += ']';
  if (end < items.size()) members += R"(,"nextCursor":)" + json_string(make_cursor(name, end));
  return result(call, members, Cache::yes);
}

std::vector<Item> Core::twisted_tools(const ListTwist& twist) const {
  if (twist.empty) return {};
  auto tools = options_.surface.tools;
  if (twist.duplicate && !tools.empty()) tools.push_back(tools.front());
  if (twist.changed) {
    if (!tools.empty()) tools.pop_back();
    tools.push_back({.key = "added",
                     .text = R"({"name":"added","description":"Was not here before.",)"
                             R"("inputSchema":{"type":"object"}})"});
  }
  return tools;
}

Outcome Core::list_tools(const Call& call) const {
  const auto& twist = call.twist;
  if (!twist.empty && !twist.duplicate && !twist.changed) {
    return list(call, "tools", options_.surface.tools);
  }
  return list(call, "tools", twisted_tools(twist));
}

Outcome Core::list_prompts(const Call& call) const {
  return list(call, "prompts", options_.surface.prompts);
}

Outcome Core::list_resources(const Call& call) const {
  return list(call, "resources", options_.surface.resources);
}

Outcome Core::list_templates(const Call& call) const {
  return list(call, "resourceTemplates", options_.surface.templates);
}

}  // namespace mcp::testserver
