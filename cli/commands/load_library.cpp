#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/commands/load.hpp"
#include "cli/commands/load_search.hpp"
#include "cli/commands/load_source.hpp"
#include "cli/conversation.hpp"
#include "cli/text_table.hpp"
#include "mcp/base/text.hpp"
#include "scenarios/plan.hpp"

namespace cli {
namespace {

std::string description_of(const scenarios::LibraryFile& file) {
  const auto scenario = scenarios::read_scenario(file.text);
  return scenario ? scenario->description : std::string();
}

}  // namespace

mcp::Result<ExitCode> list_load_scenarios(const LoadOptions& options, Invocation& invocation) {
  if (auto ok = expect_no_more_words(invocation); !ok) return std::unexpected(ok.error());
  TextTable table{.header = {"NAME", "WHAT IT DOES"}, .rows = {}};
  auto list = nlohmann::json::array();
  for (const auto& file : scenarios::library()) {
    table.rows.push_back({std::string(file.name), description_of(file)});
    list.push_back({{"name", file.name}, {"description", description_of(file)}});
  }
  World& world = invocation.world;
  world.out << (options.output.is_json() ? list.dump(2) + "\n" : table.render(world.width));
  return ExitCode::ok;
}

mcp::Result<ExitCode> show_load_scenario(const LoadOptions& /*options*/, Invocation& invocation) {
  const auto name = take_word(invocation, "the NAME of a scenario");
  if (!name) return std::unexpected(name.error());
  if (auto ok = expect_no_more_words(invocation); !ok) return std::unexpected(ok.error());
  const auto source = find_scenario(*name, invocation.world);
  if (!source) return std::unexpected(source.error());
  invocation.world.out << source->text;
  return ExitCode::ok;
}

mcp::Result<ExitCode> check_load_scenario(const LoadOptions& options, Invocation& invocation) {
  const auto name = take_word(invocation, "the FILE to check");
  if (!name) return std::unexpected(name.error());
  if (auto ok = expect_no_more_words(invocation); !ok) return std::unexpected(ok.error());
  const auto set = read_settings(options.set);
  if (!set) return std::unexpected(set.error());
  const auto source = find_scenario(*name, invocation.world);
  if (!source) return std::unexpected(source.error());
  const auto scenario = read_scenario(*source, *set, invocation.world);
  if (!scenario) return std::unexpected(scenario.error());
  const scenarios::Plan plan(*scenario, {});
  for (const auto& threshold : scenario->thresholds) {
    if (auto ok = check_threshold(threshold, plan.steps()); !ok) return std::unexpected(ok.error());
  }
  const auto agents = agents_of_search(*scenario);
  const auto time = is_search(*scenario) ? scenario->duration : plan.ends();
  invocation.world.out << fmt::format(
      "{}: ok, {} agent{}, {}{}\n", mcp::printable(*name), agents, agents == 1 ? "" : "s",
      is_search(*scenario) ? "at most " : "",
      time == mcp::Duration::max() ? "until each has gone through its script"
                                   : mcp::format_duration(time));
  return ExitCode::ok;
}

}  // namespace cli
