#include "mcp/wire/codec.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/wire/json_text.hpp"

namespace mcp {
namespace {

using nlohmann::json;

/// An integer, also where a server writes it as 1.0; nothing for a fraction or one out of range.
std::optional<std::int64_t> to_integer(const json& value) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return std::nullopt;
    }
    return static_cast<std::int64_t>(number);
  }
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_number_float()) return std::nullopt;
  const auto number = value.get<double>();
  // Above 2^53 neighbouring integers share one double.
  constexpr double largest = 9007199254740992.0;
  if (number != std::floor(number) || std::abs(number) > largest) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::optional<RequestId> to_id(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (const auto number = to_integer(value)) return *number;
  return std::nullopt;
}

std::optional<Message> to_call(json& object) {
  if (object.contains("result") || object.contains("error")) return std::nullopt;
  if (!object["method"].is_string()) return std::nullopt;
  auto method = object["method"].get<std::string>();
  json params;
  if (const auto found = object.find("params"); found != object.end()) params = std::move(*found);
  if (!params.is_null() && !params.is_object()) return std::nullopt;
  const auto id_member = object.find("id");
  if (id_member == object.end()) {
    return Notification{.method = std::move(method), .params = std::move(params)};
  }
  auto id = to_id(*id_member);
  if (!id) return std::nullopt;
  return Request{.id = *std::move(id), .method = std::move(method), .params = std::move(params)};
}

std::optional<Message> to_error(json& object) {
  json& error = object["error"];
  if (!error.is_object()) return std::nullopt;
  const auto code = error.contains("code") ? to_integer(error["code"]) : std::nullopt;
  if (!code) return std::nullopt;
  ErrorResponse response;
  response.code = *code;
  if (const auto text = error.find("message"); text != error.end() && text->is_string()) {
    response.message = text->get<std::string>();
  }
  if (const auto data = error.find("data"); data != error.end()) response.data = std::move(*data);
  if (const auto id = object.find("id"); id != object.end() && !id->is_null()) {
    response.id = to_id(*id);
    if (!response.id) return std::nullopt;
  }
  return response;
}

std::optional<Message> to_result(json& object) {
  auto id = object.contains("id") ? to_id(object["id"]) : std::nullopt;
  if (!id) return std::nullopt;
  return ResultResponse{.id = *std::move(id), .result = std::move(object["result"])};
}

/// A null beside the other member is how some servers write its absence.
std::optional<Message> to_response(json& object) {
  const auto is_set = [&object](const char* name) {
    const auto found = object.find(name);
    return found != object.end() && !found->is_null();
  };
  const bool has_result = is_set("result");
  const bool has_error = is_set("error");
  if (has_error) return has_result ? std::nullopt : to_error(object);
  if (!has_result && (!object.contains("result") || object.contains("error"))) return std::nullopt;
  return to_result(object);
}

std::optional<Message> to_message(json& value) {
  if (!value.is_object()) return std::nullopt;
  // JSON-RPC 2.0 section 4: "MUST be exactly "2.0"".
  const auto version = value.find("jsonrpc");
  if (version == value.end() || *version != "2.0") return std::nullopt;
  return value.contains("method") ? to_call(value) : to_response(value);
}

struct Encoder {
  std::string operator()(const Request& request) const {
    return open() + id(request.id) + method(request.method, request.params) + "}";
  }
  std::string operator()(const Notification& notification) const {
    return open() + method(notification.method, notification.params) + "}";
  }
  std::string operator()(const ResultResponse& response) const {
    return open() + id(response.id) + ",\"result\":" + json_text(*response.result) + "}";
  }
  std::string operator()(const ErrorResponse& response) const {
    const auto id_member = response.id ? id(*response.id) : ",\"id\":null";
    const auto data = response.data ? ",\"data\":" + json_text(**response.data) : "";
    return fmt::format(R"({}{},"error":{{"code":{},"message":{}{}}}}})", open(), id_member,
                       response.code, json_text(response.message), data);
  }

 private:
  static std::string open() { return R"({"jsonrpc":"2.0")"; }
  static std::string id(const RequestId& id) {
    return ",\"id\":" + std::visit([](const auto& each) { return json_text(each); }, id);
  }
  static std::string method(const std::string& name, const Json& params) {
    auto out = ",\"method\":" + json_text(name);
    if (!params->is_null()) out += ",\"params\":" + json_text(*params);
    return out;
  }
};

}  // namespace

Result<std::vector<Message>> decode(std::string_view text, const DecodeLimits& limits) {
  auto parsed =
      parse_json(text, {.bytes = limits.bytes, .depth = limits.depth, .values = limits.values});
  if (!parsed) return std::unexpected(std::move(parsed.error()));
  json& value = **parsed;
  std::vector<json*> parts;
  if (value.is_array()) {
    if (value.size() > limits.batch) {
      return fail(ErrorKind::limit, fmt::format("a batch of {} messages is larger than the limit "
                                                "of {}",
                                                value.size(), limits.batch));
    }
    for (auto& element : value) parts.push_back(&element);
  } else {
    parts.push_back(&value);
  }
  std::vector<Message> messages;
  for (auto* part : parts) {
    auto message = to_message(*part);
    if (!message) break;
    messages.push_back(*std::move(message));
  }
  if (messages.empty() || messages.size() < parts.size()) {
    return fail(ErrorKind::protocol, "not a JSON-RPC message: " + quoted(text));
  }
  return messages;
}

std::string encode(const Message& message) {
  return std::visit(Encoder{}, message);
}

}  // namespace mcp
