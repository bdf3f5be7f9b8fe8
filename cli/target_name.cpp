#include "cli/target_name.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "mcp/base/text.hpp"

namespace cli {
namespace {

/// Programs whose first word names what they run.
constexpr std::array<std::string_view, 14> launchers = {"bun",  "bunx", "deno", "docker", "java",
                                                        "node", "npx",  "php",  "podman", "ruby",
                                                        "sh",   "uv",   "uvx",  "python"};
/// Options of launchers that take no value, so that the word after them is none.
constexpr std::array<std::string_view, 8> bare_options = {"-y", "--yes", "-m", "-u",
                                                          "-B", "-I",    "-q", "--quiet"};
constexpr std::size_t longest_subcommand = 20;

bool is_launcher(std::string_view program) {
  program = program.substr(program.rfind('/') + 1);
  if (program.starts_with("python")) program = program.substr(0, 6);  // python3.12
  return std::ranges::find(launchers, program) != launchers.end();
}

/// A script or package: nothing that assigns a value, is an address or could name a user.
bool names_a_script(std::string_view word) {
  return !word.empty() && !word.starts_with('-') && word.find_first_of("=?") == word.npos &&
         word.find("://") == word.npos;
}

/// "serve", but not what a key or password looks like.
bool is_plain_word(std::string_view word) {
  return word.size() <= longest_subcommand && !word.empty() && word.front() != '-' &&
         std::ranges::all_of(
             word, [](char symbol) { return (symbol >= 'a' && symbol <= 'z') || symbol == '-'; });
}

std::string command_name(const std::vector<std::string>& command) {
  if (command.empty()) return {};
  std::string name = mcp::printable(command.front());
  std::size_t next = 1;
  const bool launches = is_launcher(command.front());
  while (launches && next < command.size() &&
         std::ranges::find(bare_options, command[next]) != bare_options.end()) {
    ++next;
  }
  const auto is_shown = launches ? names_a_script : is_plain_word;
  if (next < command.size() && is_shown(command[next])) {
    name += (next > 1 ? " … " : " ") + mcp::printable(command[next]);
    ++next;
    return next < command.size() ? name + " …" : name;
  }
  return command.size() > 1 ? name + " …" : name;
}

}  // namespace

std::string target_name(const std::string& word, const std::vector<std::string>& command) {
  if (word.empty()) return command_name(command);
  std::string shown = word;
  const auto slashes = shown.find("://");
  const auto begin = slashes == std::string::npos ? 0 : slashes + 3;
  const auto authority = shown.substr(begin, shown.find_first_of("/?#", begin) - begin);
  // A leading @ is that of @NAME.
  if (const auto at = authority.rfind('@'); at != std::string::npos && at > 0) {
    shown.erase(begin, at + 1);
  }
  const auto query = shown.find('?');
  return mcp::printable(query == std::string::npos ? shown : shown.substr(0, query) + "?…");
}

}  // namespace cli
