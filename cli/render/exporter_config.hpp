#pragma once

#include <string>

#include "cli/commands/exporter_config.hpp"

namespace cli {

/// The configuration as YAML, defaults left out; the values of header fields are hidden.
std::string exporter_config_text(const ExporterConfig& config);
std::string exporter_module_text(const ExporterModule& module);

}  // namespace cli
