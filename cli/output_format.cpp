#include "cli/output_format.hpp"

#include <CLI/CLI.hpp>

#include "mcp/base/text.hpp"

namespace cli {

void add_output_option(CLI::App& app, OutputOption& output) {
  app.add_option("-o,--output", output.name, "text or json")->type_name("FORMAT");
}

mcp::Result<void> check(const OutputOption& output) {
  if (output.name == "text" || output.name == "json") return {};
  return mcp::fail(mcp::ErrorKind::usage,
                   "--output: unknown format " + mcp::quoted(output.name, 40),
                   "choose text or json");
}

}  // namespace cli
