#pragma once

#include <optional>

#include "cli/command.hpp"
#include "cli/target.hpp"
#include "scenarios/connection_port.hpp"
#include "scenarios/request_maker.hpp"

namespace cli {

/// What agents need to know of their server before they come.
struct Preflight {
  std::optional<mcp::EraMemory> learnt;
  std::optional<mcp::Revision> revision;
  std::map<std::string, mcp::Json> tool_schemas;  // of the tools that are called
  scenarios::SampledArguments samples;
};

/// One session before the run, which is closed again: finds out transport and era, so that agents
/// need not, and the schemas of the tools. A server that cannot be reached ends the run here, with
/// the reason.
mcp::Result<Preflight> preflight(Invocation& invocation, const Target& target,
                                 const scenarios::Scenario& scenario);

}  // namespace cli
