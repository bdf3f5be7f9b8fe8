#include "cli/commands/load_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cli/file.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

constexpr std::size_t largest_scenario = 1UL << 20U;

bool is_file(const std::string& word, const World& world) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(world.directory / word, ignored);
}

std::string names_of_library() {
  std::string names;
  for (const auto& file : scenarios::library()) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", file.name);
  }
  return names;
}

}  // namespace

bool looks_like_scenario(const std::string& word, const World& world) {
  return scenarios::find_in_library(word) != nullptr || is_file(word, world) ||
         word.ends_with(".yaml") || word.ends_with(".yml");
}

mcp::Result<ScenarioSource> find_scenario(const std::string& word, const World& world) {
  if (const auto* file = scenarios::find_in_library(word)) {
    return ScenarioSource{word, std::string(file->text), world.directory};
  }
  const auto path = (world.directory / word).lexically_normal();
  if (is_file(word, world) || word.find_first_of("./") != std::string::npos) {
    auto text = read_file(path, largest_scenario);
    if (!text) return std::unexpected(text.error());
    return ScenarioSource{word, std::move(*text), path.parent_path()};
  }
  std::vector<std::string> names;
  for (const auto& file : scenarios::library()) names.emplace_back(file.name);
  const auto near = mcp::nearest(word, names);
  return mcp::fail(
      mcp::ErrorKind::usage,
      fmt::format("{}: there is no such scenario, and no such file", mcp::printable(word)),
      near.empty() ? "choose a file, or one of " + names_of_library()
                   : fmt::format("did you mean {}?", near));
}

mcp::Result<scenarios::Scenario> read_scenario(const ScenarioSource& source,
                                               const std::map<std::string, std::string>& set,
                                               const World& world) {
  const scenarios::ReadOptions options{
      .set = set, .environment = world.environment, .read_file = [&](const std::string& path) {
        return read_file((source.folder / path).lexically_normal());
      }};
  auto scenario = scenarios::read_scenario(source.text, options);
  if (scenario) return std::move(*scenario);
  auto text = to_text(mcp::printable(source.name), scenario.error());
  while (text.ends_with('\n')) text.pop_back();
  return mcp::fail(mcp::ErrorKind::usage, std::move(text));
}

mcp::Result<std::map<std::string, std::string>> read_settings(const std::vector<std::string>& set) {
  std::map<std::string, std::string> values;
  for (const auto& word : set) {
    const auto equals = word.find('=');
    if (equals == 0 || equals == std::string::npos) {
      return mcp::fail(mcp::ErrorKind::usage,
                       fmt::format("--set: {} is not NAME=VALUE", mcp::quoted(word)));
    }
    if (!values.emplace(word.substr(0, equals), word.substr(equals + 1)).second) {
      return mcp::fail(mcp::ErrorKind::usage, fmt::format("--set: {} is there twice",
                                                          mcp::quoted(word.substr(0, equals))));
    }
  }
  return values;
}

}  // namespace cli
