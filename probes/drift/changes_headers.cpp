#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "mcp/base/text.hpp"
#include "mcp/session/tool_headers.hpp"
#include "probes/drift/changes.hpp"

namespace probes::drift {
namespace {

using mcp::schema::child_pointer;
constexpr std::string_view annotation = "x-mcp-header";

/// The annotated parameters of an inputSchema: the pointer of the annotation below the schema, and
/// the name that it gives.
using Annotated = std::map<std::string, const Value*>;

/// Members whose value is data, in which the annotation's name means nothing.
bool is_data(std::string_view keyword) {
  constexpr std::array keywords = {"default", "const", "enum", "examples"};
  return std::ranges::find(keywords, keyword) != keywords.end();
}

void find_annotations(const Value& value, const std::string& pointer, Annotated& found) {
  if (value.is(mcp::schema::Type::array)) {
    std::size_t index = 0;
    for (const Value& each : value.array()) {
      find_annotations(each, child_pointer(pointer, std::to_string(index++)), found);
    }
  }
  for (const auto& [name, each] : object_or_empty(&value)) {
    const auto where = child_pointer(pointer, name);
    // A parameter may have that name too; its value is then a schema.
    if (name == annotation && each.is(mcp::schema::Type::string)) found.emplace(where, &each);
    if (!is_data(name)) find_annotations(each, where, found);
  }
}

Annotated annotated(const Value* tool) {
  Annotated found;
  const Value* schema = tool == nullptr ? nullptr : tool->find("inputSchema");
  if (schema != nullptr) find_annotations(*schema, "", found);
  return found;
}

/// What a modern client over HTTP says of the tool; empty where it keeps it.
std::string complaint(const Value* tool) {
  const Value* schema = tool == nullptr ? nullptr : tool->find("inputSchema");
  if (schema == nullptr) return {};
  const auto checked = mcp::check_tool_headers(mcp::Json(mcp::schema::to_json(*schema)));
  return checked ? "" : checked.error().message;
}

/// "/properties/auth/properties/key/x-mcp-header" is "auth.key" to the people who call the tool.
std::string parameter(const std::string& pointer) {
  std::string path = pointer.substr(0, pointer.rfind('/'));
  constexpr std::string_view step = "/properties/";
  std::string out;
  while (path.starts_with(step)) {
    path.erase(0, step.size());
    const auto end = std::min(path.find(step), path.size());
    if (!out.empty()) out += '.';
    out.append(path, 0, end);
    path.erase(0, end);
  }
  return out.empty() ? path : out;
}

bool is_sensitive(std::string_view text) {
  constexpr std::array words = {"authorization", "password",  "passwd",      "passphrase",
                                "secret",        "apikey",    "accesskey",   "privatekey",
                                "credential",    "cookie",    "jwt",         "bearer",
                                "creditcard",    "sessionid", "accesstoken", "authtoken"};
  std::string letters;
  for (const char symbol : mcp::to_lower(text)) {
    if ((symbol >= 'a' && symbol <= 'z') || (symbol >= '0' && symbol <= '9')) letters += symbol;
  }
  // "max_tokens" counts, "token" gives access.
  return letters.ends_with("token") || std::ranges::any_of(words, [&](std::string_view word) {
           return letters.find(word) != std::string::npos;
         });
}

class Headers {
 public:
  Headers(std::vector<Change>& changes, const std::string& name, Edit tool)
      : report_(changes, tool_kind.noun, name),
        tool_(tool),
        schema_pointer_(child_pointer(item_pointer(tool_kind, name), "inputSchema")),
        before_(annotated(tool.before)),
        after_(annotated(tool.after)) {}

  void compare_names() const {
    for (const auto& [pointer, value] : before_) {
      const auto found = after_.find(pointer);
      if (found == after_.end()) {
        removed(pointer, value);
      } else if (*found->second != *value) {
        renamed(pointer, {value, found->second});
      }
    }
    for (const auto& [pointer, value] : after_) {
      if (!before_.contains(pointer)) added(pointer, value);
    }
  }

  void compare_safety() const {
    for (const auto& [pointer, value] : after_) {
      const auto found = before_.find(pointer);
      if (found != before_.end() && *found->second == *value) continue;
      const auto name = parameter(pointer);
      if (!is_sensitive(name) && !is_sensitive(value->string())) continue;
      report_.add("x-mcp-header-sensitive", schema_pointer_ + pointer,
                  fmt::format("Parameter {} of {} looks like a secret and is sent in {}, where "
                              "every proxy can read and log it.",
                              shown(name), report_.mention(), field(value)),
                  {nullptr, value});
    }
  }

  void compare_validity() const {
    const auto now = complaint(tool_.after);
    if (now.empty() || !complaint(tool_.before).empty()) return;
    report_.add("x-mcp-header-invalid", schema_pointer_,
                fmt::format("Clients over HTTP must leave out {} from the 2026-07-28 revision on: "
                            "{}.",
                            report_.mention(), now));
  }

 private:
  static std::string field(const Value* name) {
    return fmt::format("the header {}", shown("Mcp-Param-" + name->string()));
  }

  void added(const std::string& pointer, const Value* value) const {
    if (tool_.before == nullptr) return;
    report_.add("x-mcp-header-added", schema_pointer_ + pointer,
                fmt::format("Parameter {} of {} must now be sent in {} too, which clients that "
                            "learnt the tool before leave out.",
                            shown(parameter(pointer)), report_.mention(), field(value)),
                {nullptr, value});
  }

  void removed(const std::string& pointer, const Value* value) const {
    report_.add("x-mcp-header-removed", schema_pointer_ + pointer,
                fmt::format("Parameter {} of {} is no longer sent in {}, so proxies that route or "
                            "filter by it miss it.",
                            shown(parameter(pointer)), report_.mention(), field(value)),
                {value, nullptr});
  }

  void renamed(const std::string& pointer, const Edit& edit) const {
    report_.add("x-mcp-header-renamed", schema_pointer_ + pointer,
                fmt::format("Parameter {} of {} moves from {} to {}: clients that learnt the tool "
                            "before send the old one, and proxies look for it.",
                            shown(parameter(pointer)), report_.mention(), field(edit.before),
                            field(edit.after)),
                edit);
  }

  Reporter report_;
  Edit tool_;
  std::string schema_pointer_;
  Annotated before_;
  Annotated after_;
};

}  // namespace

void compare_tool_headers(const Snapshot& older, const Snapshot& newer,
                          const DiffOptions& /*options*/, std::vector<Change>& changes) {
  const auto& before = older.items(tool_kind);
  for (const auto& [name, tool] : newer.items(tool_kind)) {
    const auto found = before.find(name);
    const Value* old_tool = found == before.end() ? nullptr : &found->second;
    if (!member({old_tool, &tool}, "inputSchema").differs()) continue;
    const Headers headers(changes, name, {old_tool, &tool});
    headers.compare_names();
    headers.compare_safety();
    headers.compare_validity();
  }
}

}  // namespace probes::drift
