#include "tests/server/incoming.hpp"

namespace mcp::testserver {

Incoming sort_message(const JsonView& message) {
  Incoming incoming{.message = message};
  const auto invalid = [&incoming](std::string_view problem) {
    incoming.problem = problem;
    return incoming;
  };
  if (!message.is_object()) return invalid("a message is an object");
  const auto id = message["id"];
  // 2025-11-25 basic, "Requests": a string or an integer, never null.
  if (id.is_string() || id.is_integer()) incoming.id = id.raw();
  if (!message["jsonrpc"].equals("2.0")) return invalid("jsonrpc is not \"2.0\"");
  if (id.exists() && incoming.id.empty()) return invalid("id is neither a string nor an integer");
  const auto method = message["method"];
  if (!method.exists()) {
    if (!message["result"].exists() && !message["error"].exists()) {
      return invalid("neither method nor result nor error");
    }
    incoming.kind = Incoming::Kind::answer;
    return incoming;
  }
  if (!method.is_string()) return invalid("method is not a string");
  incoming.method = method.string();
  incoming.params = message["params"];
  if (incoming.params.exists() && !incoming.params.is_object()) {
    return invalid("params is not an object");
  }
  incoming.kind = incoming.id.empty() ? Incoming::Kind::notification : Incoming::Kind::request;
  return incoming;
}

std::vector<Incoming> sort_messages(const JsonView& body) {
  if (!body.is_array()) return {sort_message(body)};
  std::vector<Incoming> all;
  for (const auto& element : body.elements()) all.push_back(sort_message(element));
  return all;
}

}  // namespace mcp::testserver
