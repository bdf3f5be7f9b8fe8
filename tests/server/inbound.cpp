#include "tests/server/inbound.hpp"

#include "mcp/base/text.hpp"

namespace mcp::testserver {

std::string_view media_type(std::string_view text) {
  return trim(text.substr(0, text.find(';')));
}

Inbound::Inbound(const HttpServerRequest& request) : http(request), label(request.method) {
  if (request.method != "POST") return;
  body = JsonView::parse(request.body);
  if (!body) return;
  batch = body->is_array();
  messages = sort_messages(*body);
  if (messages.empty()) return;
  const auto& first = messages.front();
  if (first.kind == Incoming::Kind::answer) label = "answer";
  if (!first.method.empty()) label = first.method;
}

bool Inbound::accepts(std::string_view type) const {
  const auto any_of_kind = std::string(type.substr(0, type.find('/'))) + "/*";
  for (const auto& header : http.headers) {
    if (!equals_ignoring_case(header.name, "Accept")) continue;
    auto rest = header.value;
    while (true) {
      const auto comma = rest.find(',');
      const auto range = media_type(rest.substr(0, comma));
      if (range == "*/*" || equals_ignoring_case(range, type) ||
          equals_ignoring_case(range, any_of_kind)) {
        return true;
      }
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  return false;
}

bool Inbound::has_content_type(std::string_view type) const {
  const auto given = field("Content-Type");
  return given && equals_ignoring_case(media_type(*given), type);
}

KeptRequest::KeptRequest(const HttpServerRequest& request) {
  texts_.reserve(4 + 2 * request.headers.size());  // no text may move once it is referred to
  const auto keep = [this](std::string_view text) -> std::string_view {
    return texts_.emplace_back(text);
  };
  request_.method = keep(request.method);
  request_.path = keep(request.path);
  request_.query = keep(request.query);
  request_.body = keep(request.body);
  request_.connection = request.connection;
  for (const auto& header : request.headers) {
    const auto name = keep(header.name);
    request_.headers.push_back({.name = name, .value = keep(header.value)});
  }
}

}  // namespace mcp::testserver
