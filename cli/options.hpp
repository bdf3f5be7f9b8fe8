#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace cli {

/// An option that may stand several times and takes one value each time (CLI11's vectors would
/// swallow the words that follow).
inline CLI::Option* add_repeatable(CLI::App& app, const std::string& name,
                                   std::vector<std::string>& values,
                                   const std::string& description) {
  return app.add_option(name, values, description)->allow_extra_args(false);
}

}  // namespace cli
