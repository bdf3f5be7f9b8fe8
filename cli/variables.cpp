#include "cli/variables.hpp"

#include <fmt/format.h>

#include "mcp/base/text.hpp"

namespace cli {
namespace {

mcp::Result<std::string> value_of(std::string_view expression, const World& world) {
  if (expression == "workspaceFolder") return std::filesystem::absolute(world.directory).string();
  if (expression == "userHome") expression = "HOME";
  if (expression.starts_with("env:")) expression.remove_prefix(4);
  const auto fallback = expression.find(":-");
  const std::string name(expression.substr(0, fallback));
  const auto value = world.environment ? world.environment(name) : std::nullopt;
  // The shell's rule: with ":-" an empty value counts as none.
  const bool empty_counts = fallback == std::string_view::npos;
  if (value && (empty_counts || !value->empty())) return *value;
  if (!empty_counts) return std::string(expression.substr(fallback + 2));
  if (name.starts_with("input:")) {
    return mcp::fail(mcp::ErrorKind::usage,
                     fmt::format("${{{}}} is asked for by an editor only", mcp::printable(name)),
                     "write ${env:NAME} instead, and set that variable");
  }
  return mcp::fail(
      mcp::ErrorKind::usage,
      fmt::format("the environment variable {} is not set", mcp::printable(name)),
      fmt::format("set it, or write ${{{}:-default}} in the file", mcp::printable(name)));
}

}  // namespace

mcp::Result<std::string> expand_variables(std::string_view text, const World& world) {
  std::string result;
  while (true) {
    const auto start = text.find("${");
    const auto end = start == std::string_view::npos ? start : text.find('}', start);
    if (end == std::string_view::npos) return result += text;
    result += text.substr(0, start);
    auto value = value_of(text.substr(start + 2, end - start - 2), world);
    if (!value) return value;
    result += *value;
    text.remove_prefix(end + 1);
  }
}

}  // namespace cli
