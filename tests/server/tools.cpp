#include <array>
#include <charconv>
#include <cmath>

#include "tests/server/core.hpp"
#include "tests/server/protocol.hpp"
#include "tests/server/session_table.hpp"

namespace mcp::testserver {

namespace {

constexpr std::int64_t max_big = 64LL * 1024 * 1024;
constexpr std::int64_t max_slow_ms = 3'600'000;
constexpr std::int64_t max_steps = 10'000;

void append_content(std::string& members, std::string_view raw_text) {
  members += R"("content":[{"type":"text","text":)";
  members += raw_text;
  members += "}]";
}

/// The shortest text that reads back the same.
std::string number_text(double value) {
  std::array<char, 32> digits{};
  return {digits.data(), std::to_chars(digits.begin(), digits.end(), value).ptr};
}

}  // namespace

Outcome Core::tool_text(const Call& call, std::string_view text) const {
  std::string members;
  append_content(members, json_string(text));
  return result(call, members);
}

/// Wrong arguments are tool errors, so that a model can correct itself (2025-11-25 tools, "Error
/// Handling").
Outcome Core::tool_error(const Call& call, std::string_view text) const {
  std::string members;
  append_content(members, json_string(text));
  return result(call, members + R"(,"isError":true)");
}

Outcome Core::call_tool(const Call& call) const {
  const auto name = call.params["name"].string();
  const auto arguments = call.params["arguments"];
  if (arguments.exists() && !arguments.is_object() && !arguments.is_null()) {
    return error(call, code::invalid_params, "arguments is not an object");
  }
  if (find_item(options_.surface.tools, name) == nullptr) {
    return error(call, code::invalid_params, "Unknown tool: " + name);
  }
  if (options_.surface.behaviour == Surface::Behaviour::builtin) return run_builtin(call, name);
  return tool_text(call, arguments.exists() ? arguments.raw() : "{}");
}

Outcome Core::run_builtin(const Call& call, std::string_view name) const {
  if (name == "echo") return echo(call);
  if (name == "add") return add(call);
  if (name == "slow") return slow(call);
  if (name == "ask") return ask(call);
  if (name == "big") return big(call);
  if (name == "fail") {
    const auto message = call.argument("message");
    return tool_error(call, message.is_string() ? message.string() : "this tool always fails");
  }
  const auto arguments = call.params["arguments"];  // headers
  return tool_text(call, arguments.exists() ? arguments.raw() : "{}");
}

Outcome Core::echo(const Call& call) const {
  const auto text = call.argument("text");
  if (!text.is_string()) return tool_error(call, "echo needs a string: text");
  std::string members;
  append_content(members, text.raw());
  return result(call, members);
}

Outcome Core::add(const Call& call) const {
  const auto a = call.argument("a").number();
  const auto b = call.argument("b").number();
  if (!a || !b) return tool_error(call, "add needs two numbers: a, b");
  if (!std::isfinite(*a + *b)) return tool_error(call, "the sum is beyond all numbers");
  const auto sum = number_text(*a + *b);
  std::string members;
  append_content(members, json_string(sum));
  return result(call, members + R"(,"structuredContent":{"sum":)" + sum + "}");
}

Outcome Core::big(const Call& call) const {
  const auto size = call.argument("size").integer();
  if (!size || *size < 0 || *size > max_big) {
    return tool_error(call, "big needs a size from 0 to " + std::to_string(max_big));
  }
  return tool_text(call, std::string(static_cast<std::size_t>(*size), 'x'));
}

Outcome Core::slow(const Call& call) const {
  const auto ms = call.argument("ms").integer().value_or(1000);
  const auto steps = call.argument("steps").integer().value_or(5);
  if (ms < 0 || ms > max_slow_ms || steps < 0 || steps > max_steps) {
    return tool_error(call, "slow needs ms up to 3600000 and steps up to 10000");
  }
  auto outcome = tool_text(call, "done after " + std::to_string(ms) + " ms");
  outcome.response_after = std::chrono::milliseconds(ms);
  const auto token = call.params["_meta"]["progressToken"];
  const int wanted_rank = call.session != nullptr ? call.session->log_rank : call.log_rank;
  const bool logs = wanted_rank >= 0 && wanted_rank <= log_level_rank("info");
  for (std::int64_t step = 1; step <= steps; ++step) {
    // The last one ahead of the response: some clients drop progress that comes with it.
    const auto when = std::chrono::milliseconds(ms * step / (steps + 1));
    const auto label = "step " + std::to_string(step) + " of " + std::to_string(steps);
    if (token.exists()) {
      outcome.messages.push_back(
          {.after = when,
           .text = notification_text("notifications/progress",
                                     R"({"progressToken":)" + std::string(token.raw()) +
                                         R"(,"progress":)" + std::to_string(step) + R"(,"total":)" +
                                         std::to_string(steps) + R"(,"message":)" +
                                         json_string(label) + "}")});
    }
    if (logs) {
      outcome.messages.push_back(
          {.after = when,
           .text = notification_text(
               "notifications/message",
               R"({"level":"info","logger":"slow","data":)" + json_string(label) + "}")});
    }
  }
  return outcome;
}

}  // namespace mcp::testserver
