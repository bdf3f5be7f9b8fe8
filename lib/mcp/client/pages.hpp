#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "mcp/base/error.hpp"
#include "mcp/base/json.hpp"
#include "mcp/client/blocking_client.hpp"

namespace mcp {

/// "tools/list" and the member of its result that holds the items.
struct ListMethod {
  std::string_view method;
  std::string_view member;
};
ListMethod list_method(ListKind kind);

/// Collects the pages of one list (2025-11-25 and 2026-07-28 pagination).
class Pages {
 public:
  Pages(ListMethod method, std::size_t max_pages) : method_(method), max_pages_(max_pages) {}

  /// Takes one page's result; an answer of another shape, a cursor that came before and a page
  /// too many are errors.
  Result<void> take(const Json& result);
  /// The params of the next request; null for the first page.
  Json next_params() const;
  bool complete() const { return complete_; }
  Listing& listing() { return listing_; }

 private:
  Result<void> take_cursor(const Json& result);

  ListMethod method_;
  std::size_t max_pages_;
  Listing listing_;
  std::set<std::string> cursors_;
  std::string cursor_;
  bool complete_ = false;
};

/// 2026-07-28 streamable-http, "Schema Extension": tools with invalid annotations MUST be excluded.
void reject_invalid_tools(Listing& listing);

}  // namespace mcp
