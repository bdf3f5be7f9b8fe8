#include "cli/commands/diff_options.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>

#include "cli/drift_files.hpp"
#include "cli/options.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

std::unexpected<mcp::Error> usage(std::string message, std::string hint = {}) {
  return mcp::fail(mcp::ErrorKind::usage, std::move(message), std::move(hint));
}

std::string today() {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%d}", fmt::gmtime(now));
}

mcp::Result<void> read_files(const DiffFlags& flags, const World& world,
                             probes::drift::GateOptions& gate) {
  if (!flags.rules_file.empty()) {
    auto rules = read_rule_settings((world.directory / flags.rules_file).lexically_normal());
    if (!rules) return std::unexpected(rules.error());
    gate.rules.insert(gate.rules.end(), rules->begin(), rules->end());
  }
  if (flags.approvals_file.empty()) return {};
  auto approvals = read_approvals((world.directory / flags.approvals_file).lexically_normal());
  if (!approvals) return std::unexpected(approvals.error());
  gate.approvals = std::move(*approvals);
  return {};
}

}  // namespace

void add_diff_options(CLI::App& app, DiffFlags& flags) {
  app.add_option("--fail-on", flags.fail_on,
                 "Exit with 1 on changes as bad as: breaking (without it), dangerous, any")
      ->type_name("SEVERITY");
  app.add_option("--rules", flags.rules_file,
                 "YAML or JSON, rules: {ID: breaking|dangerous|safe|off}")
      ->type_name("FILE");
  app.add_option("--approvals", flags.approvals_file,
                 "YAML or JSON, approvals: [{fingerprint, reason, expires: YYYY-MM-DD}]")
      ->type_name("FILE");
  app.add_flag("--semver", flags.semver,
               "Tell which part of the version has to grow; exit with 1 when it did not");
  app.add_flag("--assert-formats", flags.assert_formats,
               "Take \"format\" in schemas for a rule, not for a remark");
  app.add_option("--era", flags.era, "both: compare the two eras of one target")->type_name("ERA");
  app.add_flag("--all", flags.all, "List safe changes, too (-v does so as well)");
  add_repeatable(app, "--redact", flags.redact,
                 "Leave out what this JSON Pointer names: /tools/*/_meta, /**/description")
      ->type_name("POINTER");
  app.add_flag("--list-rules", flags.list_rules, "Print the catalogue of rules (-o text or json)");
  app.add_option("-o,--output", flags.output, "text, json, markdown, sarif, junit or github")
      ->type_name("FORMAT");
  add_fleet_options(app, flags.fleet);
  add_target_options(app, flags.target, diff_timeout);
}

mcp::Result<DiffSettings> diff_settings_of(const DiffFlags& flags, const World& world) {
  const auto fail_on = probes::drift::fail_on_named(flags.fail_on);
  if (!fail_on)
    return usage("--fail-on: unknown severity " + mcp::quoted(flags.fail_on),
                 "choose breaking, dangerous or any");
  if (!flags.era.empty() && flags.era != "both")
    return usage("--era: unknown era " + mcp::quoted(flags.era),
                 "both is the only one; --protocol legacy or modern picks one");
  // A pattern with a mistake is told before any server is asked.
  const probes::drift::Snapshot nothing{mcp::schema::Value(mcp::schema::Value::Object())};
  if (auto valid = probes::drift::redact(nothing, flags.redact); !valid)
    return std::unexpected(valid.error());
  DiffSettings settings;
  settings.gate.fail_on = *fail_on;
  settings.gate.today = today();
  settings.gate.semver = flags.semver;
  if (auto read = read_files(flags, world, settings.gate); !read)
    return std::unexpected(read.error());
  if (flags.assert_formats) settings.diff.formats = probes::drift::FormatRule::asserted;
  return settings;
}

}  // namespace cli
