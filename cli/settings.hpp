#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/world.hpp"
#include "mcp/base/error.hpp"

namespace CLI {
class App;
}

namespace cli {

/// Where values of a command's options come from: the command line wins over the variables
/// MCPCTL_NAME of the environment, and these over the YAML file of `--settings`.
enum class SettingsFrom {
  line,                    // the command line only
  everywhere,              // --interval, MCPCTL_INTERVAL, interval
  everywhere_with_target,  // the same for the target: MCPCTL_TARGET, or MCPCTL_COMMAND for stdio
};

/// What did not come from the command line.
class Settings {
 public:
  /// Puts values on those options of the parsed `app` that the line did not give. Errors name the
  /// variable, or the file and its line; values are shown by the options' own errors only.
  static mcp::Result<Settings> apply(CLI::App& app, const std::string& file, SettingsFrom from,
                                     const World& world);

  const std::string& target() const { return target_; }
  const std::vector<std::string>& command() const { return command_; }
  /// Variables that are nearly those of an option, for a warning.
  const std::vector<std::string>& doubtful() const { return doubtful_; }
  /// Whether the option's value came from the environment or the file, so that nobody else on the
  /// machine can read it; `option` without dashes.
  bool gave(std::string_view option) const { return origins_.contains(option); }
  /// The error with each option called by what set it: MCPCTL_INTERVAL for --interval.
  mcp::Error by_source(mcp::Error error) const;

 private:
  std::map<std::string, std::string, std::less<>> origins_;  // option to what set it
  std::string target_;
  std::vector<std::string> command_;
  std::vector<std::string> doubtful_;
};

/// Adds `--settings FILE`.
void add_settings_option(CLI::App& app, std::string& file);

}  // namespace cli
