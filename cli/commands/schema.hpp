#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "cli/command.hpp"
#include "cli/output_format.hpp"

namespace cli {

/// The options of `mcpctl schema`, as they stand on the command line; an empty text was not given.
struct SchemaOptions {
  OutputOption output;
  std::string direction = "input";
  std::string dialect = "2020-12";
  std::string timeout;
  std::string batch;
  std::string case_timeout;
  std::size_t count = 1;
  std::uint64_t seed = 1;
};

// What the word after `schema` runs, a file each.
mcp::Result<ExitCode> run_schema_compare(const SchemaOptions& options, Invocation& invocation);
mcp::Result<ExitCode> run_schema_validate(const SchemaOptions& options, Invocation& invocation);
mcp::Result<ExitCode> run_schema_sample(const SchemaOptions& options, Invocation& invocation);

}  // namespace cli
