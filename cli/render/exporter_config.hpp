#pragma once

#include <string>

#include "cli/commands/exporter_config.hpp"

namespace cli {

/// The configuration as YAML, defaults left out. Values of header fields and queries of URLs, which
/// may be secret, are hidden.
std::string exporter_config_text(const ExporterConfig& config);
std::string exporter_module_text(const ExporterModule& module);

}  // namespace cli
