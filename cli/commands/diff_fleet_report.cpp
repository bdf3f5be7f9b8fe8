#include "cli/commands/diff_fleet_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "cli/commands/diff_document.hpp"
#include "cli/json_output.hpp"
#include "cli/render/drift/words.hpp"
#include "mcp/base/text.hpp"
#include "mcp/schema/value.hpp"
#include "probes/drift/fleet_changes.hpp"

namespace cli {
namespace {

using mcp::schema::Decimal;
using mcp::schema::Value;
using probes::drift::Change;
using probes::drift::Diff;
using probes::drift::FleetGroup;
using probes::drift::FleetPair;
using probes::drift::group_name;
using probes::drift::Severity;

DiffSide side_of(const FleetDocument& document, std::size_t group) {
  return {.label = "group " + group_name(group),
          .file = {},
          .snapshot = document.report.groups[group].snapshot};
}

DriftDocument pair_document(const FleetDocument& document, const FleetPair& pair) {
  return drift_document(side_of(document, pair.from), side_of(document, pair.to), pair.diff,
                        pair.verdict, document.gate.fail_on);
}

/// The fleet's own changes, and those of one pair beside them where there is one.
DriftDocument whole_document(const FleetDocument& document, const FleetPair* pair) {
  Diff diff{.changes = document.report.changes};
  DiffSide older = side_of(document, pair == nullptr ? 0 : pair->from);
  DiffSide newer = side_of(document, pair == nullptr ? 0 : pair->to);
  if (pair != nullptr) {
    const auto& changes = pair->diff.changes;
    diff.changes.insert(diff.changes.end(), changes.begin(), changes.end());
    diff.older_cost = pair->diff.older_cost;
    diff.newer_cost = pair->diff.newer_cost;
  } else {
    diff.older_cost = diff.newer_cost = probes::drift::context_cost(older.snapshot);
  }
  older.label = fmt::format("{}, {}", document.target, older.label);
  auto verdict = probes::drift::judge(diff, older.snapshot, newer.snapshot, document.gate);
  auto whole =
      drift_document(older, newer, std::move(diff), std::move(verdict), document.gate.fail_on);
  whole.exit_status = document.exit_status;
  return whole;
}

const FleetPair* worst_pair(const FleetDocument& document) {
  const auto& pairs = document.report.pairs;
  const auto found = std::ranges::max_element(pairs, {}, [](const FleetPair& pair) {
    return std::tuple(pair.verdict.breaking, pair.verdict.dangerous, pair.verdict.safe);
  });
  return found == pairs.end() ? nullptr : &*found;
}

std::string members_text(const FleetGroup& group) {
  constexpr std::size_t most = 10;
  std::vector<std::string> names(
      group.members.begin(),
      group.members.begin() + static_cast<std::ptrdiff_t>(std::min(most, group.members.size())));
  if (group.members.size() > most) names.emplace_back("…");
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string group_lines(const FleetDocument& document) {
  std::string text;
  for (std::size_t index = 0; index < document.report.groups.size(); ++index) {
    const FleetGroup& group = document.report.groups[index];
    std::string identity = group.snapshot.text("serverInfo", "name");
    for (const auto& version : group.versions) identity += " " + version;
    text += fmt::format("  group {}  {} of {}: {}{}\n", group_name(index), group.members.size(),
                        document.samples, mcp::printable(members_text(group)),
                        identity.empty() ? "" : "  (" + mcp::excerpt(identity, 100) + ")");
  }
  for (const FailedSample& failed : document.failed) {
    text += fmt::format("  no sample  {}: {}\n", mcp::printable(failed.label), failed.message);
  }
  return text;
}

std::string painted(std::string text, const char* code, const DriftStyle& style) {
  if (style.colour == Colour::none) return text;
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string headline(const FleetDocument& document, const DriftStyle& style) {
  const auto& report = document.report;
  const auto groups = report.groups.size();
  const bool ok = report.passed && document.failed.empty();
  std::string word = ok ? (groups > 1 ? "SPLIT" : "EQUAL") : groups > 1 ? "SPLIT" : "NOT EQUAL";
  if (groups == 1 && !document.failed.empty()) word = "INCOMPLETE";
  return fmt::format("{}: {} {} in {} {} · {}\n", painted(word, ok ? "1;32" : "1;31", style),
                     groups, groups == 1 ? "surface" : "different surfaces", document.samples,
                     document.samples == 1 ? "sample" : "samples", document.target);
}

const char* colour_of(Severity severity) {
  if (severity == Severity::breaking) return "1;31";
  return severity == Severity::dangerous ? "1;33" : "1;32";
}

std::string change_lines(const Change& change, const DriftStyle& style) {
  const auto severity = fmt::format("{:<9}", to_string(change.severity));
  auto text =
      fmt::format("\n{} {}  {}{}\n  {}\n", painted(severity, colour_of(change.severity), style),
                  change.rule, painted(change.fingerprint, "2", style),
                  change.approval ? "  (approved)" : "", mcp::printable(change.why));
  return text;
}

std::string render_text(const FleetDocument& document, const DriftStyle& style) {
  auto text = headline(document, style) + group_lines(document);
  for (const Change& change : document.report.changes) text += change_lines(change, style);
  for (const FleetPair& pair : document.report.pairs) {
    text += '\n' + render_drift_text(pair_document(document, pair), style);
  }
  return text;
}

Value text_value(const std::string& text) {
  return Value(text);
}

Value texts(const std::vector<std::string>& all) {
  Value::Array out;
  for (const auto& each : all) out.push_back(text_value(each));
  return Value(std::move(out));
}

/// The same members as in the JSON of a diff.
Value members_of(const DriftDocument& document, std::initializer_list<const char*> names,
                 Value::Object more) {
  const auto whole = drift_members(document);
  for (const char* name : names) more.emplace(name, whole.at(name));
  return Value(std::move(more));
}

Value groups_value(const FleetDocument& document) {
  Value::Array groups;
  for (std::size_t index = 0; index < document.report.groups.size(); ++index) {
    const FleetGroup& group = document.report.groups[index];
    groups.push_back(
        Value(Value::Object{{"name", text_value(group_name(index))},
                            {"members", texts(group.members)},
                            {"server", text_value(group.snapshot.text("serverInfo", "name"))},
                            {"versions", texts(group.versions)},
                            {"era", text_value(group.snapshot.text("era"))},
                            {"revision", text_value(group.snapshot.text("protocolVersion"))},
                            {"digest", text_value(group.snapshot.digest())}}));
  }
  return Value(std::move(groups));
}

std::string render_json(const FleetDocument& document) {
  Value::Array pairs;
  for (const FleetPair& pair : document.report.pairs) {
    pairs.push_back(members_of(
        pair_document(document, pair), {"verdict", "passed", "counts", "changes", "context"},
        {{"from", text_value(group_name(pair.from))}, {"to", text_value(group_name(pair.to))}}));
  }
  Value::Array failed;
  for (const FailedSample& each : document.failed) {
    failed.push_back(Value(
        Value::Object{{"label", text_value(each.label)}, {"reason", text_value(each.message)}}));
  }
  const auto value =
      members_of(whole_document(document, nullptr), {"exit_code", "counts", "changes", "fail_on"},
                 {{"schema_version", Value(Decimal(1))},
                  {"target", text_value(document.target)},
                  {"passed", Value(document.report.passed && document.failed.empty())},
                  {"samples", Value(Decimal(static_cast<std::int64_t>(document.samples)))},
                  {"failed", Value(std::move(failed))},
                  {"groups", groups_value(document)},
                  {"pairs", Value(std::move(pairs))}});
  return visible_json(probes::drift::pretty(value)) + '\n';
}

}  // namespace

std::string render_fleet(const FleetDocument& document, const DriftFormat& format,
                         const DriftStyle& style) {
  if (format.name == "text") return render_text(document, style);
  if (format.name == "json") return render_json(document);
  return format.render(whole_document(document, worst_pair(document)), style);
}

}  // namespace cli
