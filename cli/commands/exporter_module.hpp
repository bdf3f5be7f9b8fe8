#pragma once

#include <string>

#include "cli/commands/exporter_config.hpp"
#include "scenarios/fields.hpp"

namespace cli {

/// Reads one member of `modules`; mistakes go to `complaints`.
ExporterModule read_exporter_module(const std::string& name, const scenarios::YamlNode& node,
                                    scenarios::Complaints& complaints);

/// Reads a list of targets: texts (see TargetRule), and {name, url}.
AllowedTargets read_allowed_targets(const scenarios::YamlNode& node,
                                    scenarios::Complaints& complaints);

}  // namespace cli
