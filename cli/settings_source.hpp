#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/world.hpp"
#include "mcp/base/error.hpp"

namespace cli {

/// What a setting may hold.
enum class SettingForm { flag, single, repeated };

using KnownSettings = std::map<std::string, SettingForm, std::less<>>;

/// The values of one key, and how messages call what set them: "MCPCTL_INTERVAL",
/// "settings.yaml:3: interval".
struct Setting {
  std::string source;
  std::vector<std::string> values;
};

using SettingValues = std::map<std::string, Setting, std::less<>>;

/// MCPCTL_FAILURE_THRESHOLD of failure-threshold.
std::string variable_name(std::string_view key);

/// Empty variables count as unset; a repeated one has a value a line.
SettingValues settings_of_environment(const KnownSettings& known, const World& world);
/// "MCPCTL_INTERVALL (did you mean MCPCTL_INTERVAL?)". Other programs, and Kubernetes for a service
/// that is called mcpctl, set variables of that prefix too: only what is nearly right is told.
std::vector<std::string> doubtful_variables(const KnownSettings& known, const World& world);

/// The file's one mapping, keys without dashes.
mcp::Result<SettingValues> settings_of_file(const std::string& path, const KnownSettings& known);

}  // namespace cli
