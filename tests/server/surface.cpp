#include "tests/server/surface.hpp"

#include <utility>

#include "tests/server/builtin_surface.hpp"
#include "tests/server/json_view.hpp"

namespace mcp::testserver {

namespace {

/// Follows `properties` only: an annotation anywhere else makes the tool invalid, which is for the
/// client to notice.
void collect_mirrored(const JsonView& schema, std::vector<std::string>& path,
                      std::vector<MirroredArgument>& found) {
  for (const auto& member : schema["properties"].members()) {
    const auto property = schema["properties"][member.name];
    path.push_back(member.name);
    const auto name = property["x-mcp-header"];
    if (name.is_string()) found.push_back({.header = "Mcp-Param-" + name.string(), .path = path});
    collect_mirrored(property, path, found);
    path.pop_back();
  }
}

Result<std::vector<Item>> read_items(const JsonView& snapshot, std::string_view array,
                                     std::string_view key) {
  std::vector<Item> items;
  const auto list = snapshot[array];
  if (list.exists() && !list.is_array()) {
    return fail(ErrorKind::usage, "surface: \"" + std::string(array) + "\" is not an array");
  }
  std::string storage;
  for (const auto& element : list.elements()) {
    if (!element[key].is_string()) {
      return fail(ErrorKind::usage, "surface: an entry of \"" + std::string(array) +
                                        "\" has no \"" + std::string(key) + "\"");
    }
    items.push_back(
        {.key = element[key].string(), .text = std::string(one_line(element.raw(), storage))});
  }
  return items;
}

}  // namespace

Result<Surface> parse_surface(std::string_view json) {
  const auto snapshot = JsonView::parse(json);
  if (!snapshot || !snapshot->is_object()) {
    return fail(ErrorKind::usage, "surface: not a JSON object");
  }
  Surface surface{.behaviour = Surface::Behaviour::echo};
  const auto fill = [&](std::vector<Item>& into, std::string_view array,
                        std::string_view key) -> Result<void> {
    auto items = read_items(*snapshot, array, key);
    if (!items) return std::unexpected(std::move(items.error()));
    into = std::move(*items);
    return {};
  };
  for (const auto& [into, array, key] :
       {std::tuple{&surface.tools, "tools", "name"},
        std::tuple{&surface.prompts, "prompts", "name"},
        std::tuple{&surface.resources, "resources", "uri"},
        std::tuple{&surface.templates, "resourceTemplates", "uriTemplate"}}) {
    if (auto filled = fill(*into, array, key); !filled) return std::unexpected(filled.error());
  }
  for (const auto& tool : surface.tools) {
    std::vector<std::string> path;
    std::vector<MirroredArgument> found;
    collect_mirrored((*JsonView::parse(tool.text))["inputSchema"], path, found);
    if (!found.empty()) surface.mirrored.emplace(tool.key, std::move(found));
  }
  return surface;
}

Surface builtin_surface() {
  auto surface = parse_surface(builtin_surface_text).value();
  surface.behaviour = Surface::Behaviour::builtin;
  return surface;
}

const Item* find_item(const std::vector<Item>& items, std::string_view key) {
  for (const auto& item : items) {
    if (item.key == key) return &item;
  }
  return nullptr;
}

bool matches_template(std::string_view uri_template, std::string_view uri,
                      std::vector<std::string>& values) {
  while (true) {
    const auto open = uri_template.find('{');
    const auto literal = uri_template.substr(0, open);
    if (!uri.starts_with(literal)) return false;
    uri.remove_prefix(literal.size());
    if (open == std::string_view::npos) return uri.empty();
    const auto close = uri_template.find('}', open);
    if (close == std::string_view::npos) return false;
    uri_template.remove_prefix(close + 1);
    const auto next = uri_template.empty() ? '\0' : uri_template.front();
    auto end = uri.find('/');
    if (next != '\0' && next != '{') end = std::min(end, uri.find(next));
    const auto value = uri.substr(0, end);
    if (value.empty()) return false;
    values.emplace_back(value);
    uri.remove_prefix(value.size());
  }
}

}  // namespace mcp::testserver
