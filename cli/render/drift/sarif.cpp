#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "cli/json_output.hpp"
#include "cli/render/drift/format.hpp"
#include "cli/render/drift/words.hpp"
#include "cli/version.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

// Members keep the order in which they are written here.
using OrderedJson = nlohmann::ordered_json;
using probes::drift::Change;
using probes::drift::Rule;
using probes::drift::Severity;

std::string_view level_of(Severity severity) {
  if (severity == Severity::breaking) return "error";
  return severity == Severity::dangerous ? "warning" : "note";
}

/// SARIF 2.1.0 section 3.49: the rules that a result can point at; only those that occur.
std::vector<const Rule*> rules_of(const DriftDocument& document) {
  std::set<std::string> used;
  for (const Change& each : document.diff.changes) used.insert(each.rule);
  std::vector<const Rule*> rules;
  for (const Rule& each : document.catalogue)
    if (used.contains(each.id)) rules.push_back(&each);
  return rules;
}

std::string words_of(std::string id) {
  for (auto& letter : id)
    if (letter == '-') letter = ' ';
  return id;
}

OrderedJson rule_json(const Rule& rule) {
  OrderedJson json = {{"id", rule.id}, {"shortDescription", {{"text", words_of(rule.id)}}}};
  if (!rule.reason.empty()) json["fullDescription"] = {{"text", rule.reason}};
  json["defaultConfiguration"] = {{"level", level_of(rule.severity)}};
  json["properties"] = {{"direction", to_string(rule.direction)},
                        {"severity", to_string(rule.severity)}};
  return json;
}

std::string uri_of(const std::string& path) {
  static constexpr std::string_view plain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char letter : path) {
    if (plain.find(letter) != std::string_view::npos) {
      uri += letter;
    } else {
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(letter));
    }
  }
  return uri;
}

OrderedJson location_of(const Change& change, const DriftDocument& document) {
  OrderedJson json = OrderedJson::object();
  const auto& file = document.newer.file.empty() ? document.older.file : document.newer.file;
  if (!file.empty())
    json["physicalLocation"] = {{"artifactLocation", {{"uri", uri_of(file)}}},
                                {"region", {{"startLine", 1}}}};
  json["logicalLocations"] =
      OrderedJson::array({{{"name", item_text(change)},
                           {"fullyQualifiedName", mcp::printable(change.pointer)},
                           {"kind", mcp::printable(change.kind)}}});
  return json;
}

/// Sections 3.11.5 and 3.11.6: braces are placeholders unless doubled, and [text](target) is a
/// link, also where a server wrote it.
std::string plain_message(const std::string& text) {
  const bool has_link = text.find("](") != std::string::npos;
  std::string result;
  for (const char letter : text) {
    if (has_link && (letter == '[' || letter == ']')) result += '\\';
    if (letter == '{' || letter == '}') result += letter;
    result += letter;
  }
  return result;
}

std::string message_of(const Change& change) {
  auto text = fmt::format("{}: {}", item_text(change), mcp::printable(change.why));
  if (change.witness) text += fmt::format(" Witness: {}.", witness_text(*change.witness));
  return plain_message(text);
}

OrderedJson result_json(const Change& change, const DriftDocument& document,
                        const std::vector<const Rule*>& rules) {
  OrderedJson json = {{"ruleId", change.rule}};
  const auto found = std::ranges::find(rules, change.rule, &Rule::id);
  if (found != rules.end()) json["ruleIndex"] = found - rules.begin();
  json["level"] = level_of(change.severity);
  json["message"] = {{"text", message_of(change)}};
  json["locations"] = OrderedJson::array({location_of(change, document)});
  json["partialFingerprints"] = {{"mcpctlChange/v1", change.fingerprint}};
  // As a text: a viewer's numbers may be shorter than the witness needs.
  if (change.witness) json["properties"] = {{"witness", change.witness->value.text()}};
  if (change.approval)
    json["suppressions"] =
        OrderedJson::array({{{"kind", "external"},
                             {"status", "accepted"},
                             {"justification", fmt::format("{} (until {})", change.approval->reason,
                                                           change.approval->expires)}}});
  return json;
}

}  // namespace

std::string render_drift_sarif(const DriftDocument& document, const DriftStyle&) {
  const auto rules = rules_of(document);
  auto rule_list = OrderedJson::array();
  for (const Rule* each : rules) rule_list.push_back(rule_json(*each));
  auto results = OrderedJson::array();
  for (const Change& each : document.diff.changes)
    results.push_back(result_json(each, document, rules));
  OrderedJson invocation = {{"executionSuccessful", true}, {"exitCode", document.exit_status}};
  for (const auto& each : document.diff.notes)
    invocation["toolExecutionNotifications"].push_back(
        {{"level", "warning"}, {"message", {{"text", each}}}});
  const OrderedJson log = {
      {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
      {"version", "2.1.0"},
      {"runs",
       OrderedJson::array(
           {{{"tool",
              {{"driver",
                {{"name", "mcpctl"}, {"version", version()}, {"rules", std::move(rule_list)}}}}},
             {"invocations", OrderedJson::array({std::move(invocation)})},
             {"automationDetails", {{"id", "mcpctl/diff"}}},
             {"columnKind", "unicodeCodePoints"},
             {"results", std::move(results)}}})}};
  return visible_json(log.dump(2, ' ', false, OrderedJson::error_handler_t::replace)) + '\n';
}

}  // namespace cli
