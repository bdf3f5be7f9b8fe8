#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"

namespace mcp::testserver {

/// One thing that a server lists: its key (name, URI or URI template) and its definition as JSON.
struct Item {
  std::string key;
  std::string text;
};

/// A property of a tool's schema with `x-mcp-header`: the field that mirrors it, and where it is
/// in the arguments (2026-07-28 streamable-http, "Schema Extension").
struct MirroredArgument {
  std::string header;  // "Mcp-Param-Region"
  std::vector<std::string> path;
};

/// Everything that the server offers, in the order in which it is listed.
struct Surface {
  enum class Behaviour { builtin, echo };
  /// echo: every call, prompt and read is answered with what was sent.
  Behaviour behaviour = Behaviour::builtin;
  std::vector<Item> tools;
  std::vector<Item> prompts;
  std::vector<Item> resources;
  std::vector<Item> templates;
  std::map<std::string, std::vector<MirroredArgument>, std::less<>> mirrored;  // by tool
};

Surface builtin_surface();

/// Reads a snapshot: an object with any of the arrays "tools", "prompts", "resources" and
/// "resourceTemplates". Definitions are kept as they are written. Errors are of kind usage.
Result<Surface> parse_surface(std::string_view json);

const Item* find_item(const std::vector<Item>& items, std::string_view key);

/// The values of the variables when `uri` fits a template of level 1 (RFC 6570); a variable does
/// not reach over '/'. Nothing when it does not fit.
bool matches_template(std::string_view uri_template, std::string_view uri,
                      std::vector<std::string>& values);

}  // namespace mcp::testserver
