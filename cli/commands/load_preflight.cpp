#include "cli/commands/load_preflight.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "cli/conversation.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

using scenarios::Mix;
using scenarios::Script;

void add_tools(const Mix& mix, std::set<std::string>& tools) {
  for (const auto& request : mix) {
    const auto* name = request.target.constant();
    if (request.operation != scenarios::Operation::call || name == nullptr) continue;
    if (name->is(mcp::schema::Type::string)) tools.insert(name->string());
  }
}

void add_tools(const Script& script, std::set<std::string>& tools) {
  for (const auto& step : script) {
    if (const auto* send = std::get_if<scenarios::Send>(&step.action)) add_tools(send->mix, tools);
    if (const auto* burst = std::get_if<scenarios::Burst>(&step.action)) {
      add_tools(burst->mix, tools);
    }
    if (const auto* repeat = std::get_if<scenarios::Repeat>(&step.action)) {
      add_tools(repeat->steps, tools);
    }
  }
}

std::set<std::string> called_tools(const scenarios::Scenario& scenario) {
  std::set<std::string> tools;
  add_tools(scenario.requests, tools);
  add_tools(scenario.script, tools);
  return tools;
}

/// Keeps the schemas of the tools that are called, and warns of those that the server has not.
mcp::Result<void> learn_tools(Conversation& talk, const std::set<std::string>& tools,
                              Preflight& found) {
  if (tools.empty()) return {};
  const auto listing = list(talk, mcp::ListKind::tools);
  if (!listing) return std::unexpected(listing.error());
  std::vector<std::string> names;
  for (const auto& item : listing->items) {
    if (!item->is_object() || !item->contains("name") || !(*item)["name"].is_string()) continue;
    names.push_back((*item)["name"].get<std::string>());
    if (!tools.contains(names.back())) continue;
    if (item->contains("inputSchema")) found.tool_schemas[names.back()] = (*item)["inputSchema"];
  }
  if (talk.invocation.verbosity == Verbosity::quiet) return {};
  for (const auto& tool : tools) {
    if (std::ranges::find(names, tool) != names.end()) continue;
    const auto near = mcp::nearest(tool, names);
    print_warning(talk.world(),
                  fmt::format("the server lists no tool {}{}", mcp::quoted(tool),
                              near.empty() ? "" : "; did you mean " + mcp::quoted(near) + "?"));
  }
  return {};
}

mcp::Result<void> learn_samples(const scenarios::Scenario& scenario, Preflight& found) {
  for (const auto& tool : tools_to_sample(scenario)) {
    const auto schema = found.tool_schemas.find(tool);
    if (schema == found.tool_schemas.end()) {
      return mcp::fail(mcp::ErrorKind::usage,
                       fmt::format("{}: its arguments cannot be made without its inputSchema",
                                   mcp::quoted(tool)),
                       "give them by --args, or by arguments in the scenario");
    }
    const auto value = mcp::schema::to_value(*schema->second);
    if (!value) return std::unexpected(value.error());
    if (auto learnt = found.samples.learn(tool, *value, scenario.seed); !learnt) return learnt;
  }
  return {};
}

}  // namespace

mcp::Result<Preflight> preflight(Invocation& invocation, const Target& target,
                                 const scenarios::Scenario& scenario) {
  Preflight found;
  const auto tools = called_tools(scenario);
  const auto outcome =
      converse(invocation, target, [&](Conversation& talk) -> mcp::Result<ExitCode> {
        found.learnt = mcp::EraMemory{.transport = talk.client.transport(), .era = talk.peer.era()};
        found.revision = talk.peer.revision;
        if (auto done = learn_tools(talk, tools, found); !done) {
          return std::unexpected(done.error());
        }
        return ExitCode::ok;
      });
  // A lost session is what the run is there to measure.
  const bool can_go_on = !outcome && outcome.error().kind == mcp::ErrorKind::session_lost &&
                         tools_to_sample(scenario).empty();
  if (can_go_on) {
    if (invocation.verbosity != Verbosity::quiet) {
      print_warning(invocation.world, "the look at the server before the run lost its session: " +
                                          outcome.error().message);
    }
    return found;
  }
  if (!outcome) return std::unexpected(outcome.error());
  if (*outcome == ExitCode::interrupted) {
    return mcp::fail(mcp::ErrorKind::interrupted,
                     mcp::printable(target.endpoint.name) + ": interrupted");
  }
  if (auto done = learn_samples(scenario, found); !done) return std::unexpected(done.error());
  return found;
}

}  // namespace cli
