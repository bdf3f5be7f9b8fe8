#include "scenarios/expectation.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace scenarios {
namespace {

using nlohmann::json;

/// The texts of tools/call, prompts/get and resources/read.
bool any_text_contains(const json& result, const std::string& wanted) {
  const auto holds = [&](const json& block) {
    const auto text = block.is_object() ? block.find("text") : block.end();
    return block.is_object() && text != block.end() && text->is_string() &&
           text->get_ref<const std::string&>().find(wanted) != std::string::npos;
  };
  if (!result.is_object()) return false;
  for (const char* list : {"content", "contents"}) {
    const auto found = result.find(list);
    if (found != result.end() && found->is_array() && std::ranges::any_of(*found, holds))
      return true;
  }
  const auto messages = result.find("messages");
  if (messages == result.end() || !messages->is_array()) return false;
  return std::ranges::any_of(*messages, [&](const json& message) {
    return message.is_object() && message.contains("content") && holds(message["content"]);
  });
}

bool member_equals(const json& result, const Expectation::Member& member) {
  const json::json_pointer pointer(member.pointer);
  if (!result.contains(pointer)) return false;
  const auto value = mcp::schema::to_value(result.at(pointer));
  return value && *value == member.equals;
}

}  // namespace

bool meets(const Expectation& expectation, const mcp::Json* result, mcp::Duration latency) {
  if (expectation.within && latency > *expectation.within) return false;
  if (!expectation.needs_result()) return true;
  if (result == nullptr) return false;
  if (!expectation.text_contains.empty() &&
      !any_text_contains(**result, expectation.text_contains)) {
    return false;
  }
  return !expectation.member || member_equals(**result, *expectation.member);
}

}  // namespace scenarios
