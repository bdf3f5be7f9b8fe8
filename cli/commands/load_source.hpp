#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "cli/world.hpp"
#include "mcp/base/error.hpp"
#include "scenarios/library.hpp"
#include "scenarios/scenario_reader.hpp"

namespace cli {

/// The text of a scenario and where it is from.
struct ScenarioSource {
  std::string name;  // as it was given
  std::string text;
  std::filesystem::path folder;  // what its paths are relative to
};

/// Whether the word means a scenario rather than a target.
bool looks_like_scenario(const std::string& word, const World& world);
/// A name of the library, or a file. Errors are of kind usage.
mcp::Result<ScenarioSource> find_scenario(const std::string& word, const World& world);

/// The same, read. The message of an error has a line for each mistake: FILE:LINE:COLUMN: WHY.
mcp::Result<scenarios::Scenario> read_scenario(const ScenarioSource& source,
                                               const std::map<std::string, std::string>& set,
                                               const World& world);
/// NAME=VALUE, each name once.
mcp::Result<std::map<std::string, std::string>> read_settings(const std::vector<std::string>& set);

}  // namespace cli
