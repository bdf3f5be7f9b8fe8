#pragma once

#include <string>

#include "mcp/base/error.hpp"

namespace CLI {
class App;
}

namespace cli {

/// `-o` of the commands that show what a server has.
struct OutputOption {
  std::string name = "text";

  bool is_json() const { return name == "json"; }
};

void add_output_option(CLI::App& app, OutputOption& output);
mcp::Result<void> check(const OutputOption& output);

}  // namespace cli
