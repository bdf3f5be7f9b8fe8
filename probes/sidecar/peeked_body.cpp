#include "probes/sidecar/peeked_body.hpp"

#include <nlohmann/json.hpp>

namespace probes::sidecar {
namespace {

using nlohmann::json;

constexpr std::size_t max_ids = 100;
constexpr int refused_code = -32000;  // of those that JSON-RPC leaves to servers

void look_at(const json& message, PeekedBody& peeked) {
  if (!message.is_object()) return;
  const auto method = message.find("method");
  if (method == message.end() || !method->is_string()) return;
  const auto id = message.find("id");
  if (id == message.end() || !(id->is_string() || id->is_number())) return;
  peeked.has_request = true;
  if (*method == "initialize") peeked.initializes = true;
  if (peeked.ids.size() < max_ids) {
    peeked.ids.push_back(id->dump(-1, ' ', false, json::error_handler_t::replace));
  }
}

json error_for(const std::string& id, std::string_view message) {
  return {{"jsonrpc", "2.0"},
          {"id", json::parse(id)},
          {"error", {{"code", refused_code}, {"message", message}}}};
}

}  // namespace

PeekedBody peek(std::string_view body) {
  PeekedBody peeked;
  const auto parsed = json::parse(body, nullptr, false);
  peeked.is_batch = parsed.is_array();
  if (peeked.is_batch) {
    for (const auto& message : parsed) look_at(message, peeked);
  } else {
    look_at(parsed, peeked);
  }
  return peeked;
}

std::string refusal_body(const PeekedBody& body, std::string_view message) {
  if (body.ids.empty()) return {};
  if (!body.is_batch) return error_for(body.ids.front(), message).dump();
  json errors = json::array();
  for (const auto& id : body.ids) errors.push_back(error_for(id, message));
  return errors.dump();
}

}  // namespace probes::sidecar
