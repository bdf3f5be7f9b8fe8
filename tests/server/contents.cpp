#include "tests/server/core.hpp"
#include "tests/server/protocol.hpp"

// Prompts, resources and completions.

namespace mcp::testserver {

namespace {

constexpr std::string_view pixel =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+"
    "M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

std::string prompt_members(std::string_view description, std::string_view text) {
  return R"("description":)" + json_string(description) +
         R"(,"messages":[{"role":"user","content":{"type":"text","text":)" + json_string(text) +
         "}}]";
}

std::string text_contents(std::string_view uri, std::string_view text) {
  return R"("contents":[{"uri":)" + json_string(uri) + R"(,"mimeType":"text/plain","text":)" +
         json_string(text) + "}]";
}

}  // namespace

Outcome Core::get_prompt(const Call& call) const {
  const auto name = call.params["name"].string();
  if (find_item(options_.surface.prompts, name) == nullptr) {
    return error(call, code::invalid_params, "Unknown prompt: " + name);
  }
  if (options_.surface.behaviour == Surface::Behaviour::echo) {
    const auto arguments = call.params["arguments"];
    return result(call, prompt_members(name, arguments.exists() ? arguments.raw() : "{}"));
  }
  if (name == "summary") {
    return result(call, prompt_members("Asks for a summary of the notes.",
                                       "Please summarise the notes of today."));
  }
  const auto who = call.argument("name");
  if (!who.is_string()) return error(call, code::invalid_params, "Missing argument: name");
  const bool formal = call.argument("tone").equals("formal");
  return result(call, prompt_members("Greets somebody.",
                                     (formal ? "Good day, " : "Hello, ") + who.string() + "."));
}

Outcome Core::read_resource(const Call& call) const {
  const auto uri = call.params["uri"].string();
  const bool listed = find_item(options_.surface.resources, uri) != nullptr;
  std::vector<std::string> values;
  bool fits = false;
  for (const auto& item : options_.surface.templates) {
    fits = fits || (!listed && matches_template(item.key, uri, values));
  }
  if (!listed && !fits) {
    // 2026-07-28 resources, "Error Handling": -32602 in place of the legacy -32002.
    return error(call, call.modern() ? code::invalid_params : code::resource_not_found,
                 "Resource not found", 200, R"({"uri":)" + json_string(uri) + "}");
  }
  if (options_.surface.behaviour == Surface::Behaviour::echo) {
    return result(call, text_contents(uri, uri), Cache::yes);
  }
  if (uri == "test://pixel") {
    return result(call,
                  R"("contents":[{"uri":"test://pixel","mimeType":"image/png","blob":")" +
                      std::string(pixel) + R"("}])",
                  Cache::yes);
  }
  const auto day = values.empty() ? std::string("today") : values.front();
  return result(call, text_contents(uri, "Notes of " + day + ": nothing happened."), Cache::yes);
}

Outcome Core::complete(const Call& call) const {
  const auto argument = call.params["argument"];
  if (!argument["name"].is_string() || !argument["value"].is_string()) {
    return error(call, code::invalid_params, "completion/complete needs argument");
  }
  std::string values;
  int total = 0;
  if (argument["name"].equals("tone")) {
    for (const std::string_view tone : {"formal", "casual"}) {
      if (!tone.starts_with(argument["value"].string())) continue;
      values += (total++ > 0 ? "," : "") + json_string(tone);
    }
  }
  return result(call, R"("completion":{"values":[)" + values + R"(],"total":)" +
                          std::to_string(total) + R"(,"hasMore":false})");
}

}  // namespace mcp::testserver
