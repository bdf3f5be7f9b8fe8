#pragma once

#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/complaints.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/variables.hpp"

namespace scenarios {

struct ReadOptions {
  /// `--set NAME=VALUE`.
  std::map<std::string, std::string> set;
  /// Asked for `${env:NAME}` only.
  Environment environment;
  /// Reads a file that the scenario names; its path is relative to the scenario.
  std::function<mcp::Result<std::string>(const std::string& path)> read_file;
};

/// Reads a scenario file strictly: unknown keys, wrong types and values that cannot be run are
/// errors. All of them are told, in the order of the file.
std::expected<Scenario, std::vector<Complaint>> read_scenario(std::string_view text,
                                                              const ReadOptions& options = {});

}  // namespace scenarios
