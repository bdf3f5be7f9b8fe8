#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/server/json_view.hpp"

namespace mcp::testserver {

/// One JSON-RPC message from a client, sorted by what it is.
struct Incoming {
  enum class Kind { request, notification, answer, invalid };
  Kind kind = Kind::invalid;
  std::string_view id;  // JSON text
  std::string method;
  JsonView message;
  JsonView params;
  std::string_view problem;  // of an invalid one
};

Incoming sort_message(const JsonView& message);
/// A batch gives its elements. Empty for an empty batch.
std::vector<Incoming> sort_messages(const JsonView& body);

}  // namespace mcp::testserver
