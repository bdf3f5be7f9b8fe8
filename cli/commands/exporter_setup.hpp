#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "cli/command.hpp"
#include "cli/commands/exporter_config.hpp"
#include "cli/target.hpp"

namespace cli {

/// What the command line adds to the file.
struct ExporterSource {
  std::filesystem::path config;  // empty: the defaults
  std::vector<std::string> allowed;
};

/// A configuration that is ready to be used. It never changes: a reload makes a new one, and probes
/// that run keep theirs (hence shared).
struct ExporterSetup {
  ExporterConfig config;
  /// By the module's name: all of a target but its URL and name.
  std::map<std::string, Target, std::less<>> prototypes;
};

/// Reads the file, and all files that it names but for tokens, which are read for each request.
/// Errors are of kind usage, with FILE:LINE:COLUMN for what is wrong in the file itself.
mcp::Result<std::shared_ptr<const ExporterSetup>> load_exporter(const ExporterSource& source,
                                                                const Invocation& invocation);

}  // namespace cli
