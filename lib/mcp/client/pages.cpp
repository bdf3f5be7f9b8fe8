#include "mcp/client/pages.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/session/tool_headers.hpp"

namespace mcp {

ListMethod list_method(ListKind kind) {
  switch (kind) {
    case ListKind::tools:
      return {"tools/list", "tools"};
    case ListKind::prompts:
      return {"prompts/list", "prompts"};
    case ListKind::resources:
      return {"resources/list", "resources"};
    case ListKind::resource_templates:
      return {"resources/templates/list", "resourceTemplates"};
  }
  return {};
}

Result<void> Pages::take(const Json& result) {
  const auto items = result->is_object() ? result->find(method_.member) : result->end();
  if (!result->is_object() || items == result->end() || !items->is_array()) {
    return fail(
        ErrorKind::protocol,
        fmt::format(
            "{}: the result has no array \"{}\": {}", method_.method, method_.member,
            mcp::quoted(result->dump(-1, ' ', true, nlohmann::json::error_handler_t::replace))));
  }
  for (const auto& item : *items) listing_.items.emplace_back(item);
  if (listing_.pages++ == 0) {
    if (const auto ttl = result->find("ttlMs"); ttl != result->end() && ttl->is_number_integer()) {
      listing_.ttl_ms = ttl->get<std::int64_t>();
    }
    if (const auto scope = result->find("cacheScope");
        scope != result->end() && scope->is_string()) {
      listing_.cache_scope = scope->get<std::string>();
    }
  }
  return take_cursor(result);
}

Result<void> Pages::take_cursor(const Json& result) {
  const auto cursor = result->find("nextCursor");
  if (cursor == result->end() || cursor->is_null()) {
    complete_ = true;
    return {};
  }
  if (!cursor->is_string()) {
    return fail(ErrorKind::protocol, fmt::format("{}: nextCursor is no string: {}", method_.method,
                                                 mcp::quoted(cursor->dump())));
  }
  cursor_ = cursor->get<std::string>();
  if (!cursors_.insert(cursor_).second) {
    return fail(
        ErrorKind::protocol,
        fmt::format("{}: the cursor {} came a second time, after page {}: the list would never end",
                    method_.method, mcp::quoted(cursor_, 80), listing_.pages));
  }
  if (listing_.pages >= max_pages_) {
    return fail(ErrorKind::limit,
                fmt::format("{}: more than {} pages", method_.method, max_pages_));
  }
  return {};
}

Json Pages::next_params() const {
  if (listing_.pages == 0) return nlohmann::json::object();
  return nlohmann::json{{"cursor", cursor_}};
}

void reject_invalid_tools(Listing& listing) {
  std::vector<Json> kept;
  for (std::size_t position = 0; position < listing.items.size(); ++position) {
    auto& tool = listing.items[position];
    const auto schema = tool->is_object() ? tool->find("inputSchema") : tool->end();
    if (!tool->is_object() || schema == tool->end()) {
      kept.push_back(std::move(tool));
      continue;
    }
    const auto checked = check_tool_headers(*schema);
    if (checked) {
      kept.push_back(std::move(tool));
      continue;
    }
    const auto name = tool->find("name");
    const bool is_named = name != tool->end() && name->is_string();
    RejectedTool rejected{.name = is_named ? name->get<std::string>() : "",
                          .reason = checked.error().message,
                          .position = position};
    rejected.definition = std::move(tool);
    listing.rejected.push_back(std::move(rejected));
  }
  listing.items = std::move(kept);
}

}  // namespace mcp
