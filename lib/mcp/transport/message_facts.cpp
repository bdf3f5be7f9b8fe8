#include "mcp/transport/message_facts.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/wire/json_text.hpp"

namespace mcp {

std::string name_of(const Message& message) {
  if (const auto* request = std::get_if<Request>(&message)) return request->method;
  if (const auto* notification = std::get_if<Notification>(&message)) return notification->method;
  return "a response";
}

std::optional<RequestId> request_id_of(const Message& message) {
  const auto* request = std::get_if<Request>(&message);
  return request ? std::optional(request->id) : std::nullopt;
}

std::optional<RequestId> answered_id_of(const Message& message) {
  if (const auto* result = std::get_if<ResultResponse>(&message)) return result->id;
  if (const auto* error = std::get_if<ErrorResponse>(&message)) return error->id;
  return std::nullopt;
}

Result<std::vector<Message>> decode_under(std::optional<Revision> revision, std::string_view text,
                                          const DecodeLimits& limits, std::string_view where) {
  if (trim(text).starts_with('[') && revision != Revision::v2025_03_26) {
    return fail(ErrorKind::protocol,
                fmt::format("{}: an array, but only revision 2025-03-26 has batches: {}", where,
                            quoted(text)));
  }
  auto messages = decode(text, limits);
  if (!messages) messages.error().message = fmt::format("{}: {}", where, messages.error().message);
  return messages;
}

std::optional<RequestId> find_id(std::string_view text, const DecodeLimits& limits) {
  const auto parsed =
      parse_json(text, {.bytes = limits.bytes, .depth = limits.depth, .values = limits.values});
  if (!parsed || !(*parsed)->is_object()) return std::nullopt;
  const auto id = (*parsed)->find("id");
  if (id == (*parsed)->end()) return std::nullopt;
  if (id->is_string()) return id->get<std::string>();
  if (id->is_number_integer()) return id->get<std::int64_t>();
  return std::nullopt;
}

}  // namespace mcp
