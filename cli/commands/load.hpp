#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/output_format.hpp"
#include "cli/target.hpp"

namespace cli {

/// The options of `mcpctl load`, as they stand on the command line; an empty text was not given.
struct LoadOptions {
  TargetOptions target;
  OutputOption output;
  bool has_timeout = false;

  // What is done
  std::string agents;
  std::string rate;
  std::string duration;
  std::string burst;
  std::string idle;
  std::string call;
  std::string arguments;
  std::vector<std::string> set;
  std::vector<std::string> thresholds;

  // How it is driven
  std::string threads;
  std::string seed;
  std::string sources;
  std::string shard;
  std::string start_at;
  bool cold = false;
  bool closed = false;

  // What is kept
  std::string results;
  std::string histogram_log;
  std::string otlp;
  std::string trace_sample;
  std::string html;
};

// What the word after `load` runs.
mcp::Result<ExitCode> run_load(const LoadOptions& options, Invocation& invocation);
mcp::Result<ExitCode> list_load_scenarios(const LoadOptions& options, Invocation& invocation);
mcp::Result<ExitCode> show_load_scenario(const LoadOptions& options, Invocation& invocation);
mcp::Result<ExitCode> check_load_scenario(const LoadOptions& options, Invocation& invocation);
mcp::Result<ExitCode> report_load(const LoadOptions& options, Invocation& invocation);
mcp::Result<ExitCode> compare_loads(const LoadOptions& options, Invocation& invocation);
mcp::Result<ExitCode> merge_loads(const LoadOptions& options, Invocation& invocation);

}  // namespace cli
