#include "cli/commands/diff_rules.hpp"

#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/json_output.hpp"
#include "cli/output_format.hpp"
#include "cli/text_table.hpp"
#include "probes/drift/rule.hpp"

namespace cli {

mcp::Result<ExitCode> list_drift_rules(const std::string& output, Invocation& invocation) {
  const OutputOption format{output};
  if (auto known = check(format); !known) return std::unexpected(known.error());
  World& world = invocation.world;
  if (format.is_json()) {
    auto rules = nlohmann::json::array();
    for (const auto& rule : probes::drift::rules())
      rules.push_back({{"id", rule.id},
                       {"severity", to_string(rule.severity)},
                       {"direction", to_string(rule.direction)},
                       {"reason", rule.reason}});
    print_json(world, {{"rules", std::move(rules)}});
    return ExitCode::ok;
  }
  TextTable table{.header = {"RULE", "SEVERITY", "DIRECTION", "REASON"}, .rows = {}};
  for (const auto& rule : probes::drift::rules())
    table.rows.push_back({rule.id, std::string(to_string(rule.severity)),
                          std::string(to_string(rule.direction)), rule.reason});
  world.out << table.render(world.out_is_terminal ? world.width : 0);
  return ExitCode::ok;
}

}  // namespace cli
