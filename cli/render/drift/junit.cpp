#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cli/render/drift/format.hpp"
#include "cli/render/drift/words.hpp"
#include "cli/render/escape.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

using probes::drift::Change;

struct Case {
  std::string kind;
  std::string title;
  std::vector<const Change*> failing;
  std::vector<const Change*> others;
};

std::string told(const Change& change) {
  const auto place = place_in_item(change);
  auto text = fmt::format("{} {}{}{}: {}", to_string(change.severity), change.rule,
                          place.empty() ? "" : " ", place, mcp::printable(change.why));
  if (change.witness)
    text += fmt::format("\n  witness {}: {}", mcp::printable(change.witness->value.text()),
                        witness_text(*change.witness));
  if (change.approval)
    text += fmt::format("\n  approved until {}: {}", change.approval->expires,
                        mcp::printable(change.approval->reason));
  return text + "\n  fingerprint " + change.fingerprint;
}

std::string all_told(const std::vector<const Change*>& changes) {
  std::string text;
  for (const Change* each : changes) text += (text.empty() ? "" : "\n") + told(*each);
  return text;
}

/// The server and all items, changed or not: a test that passes is worth to be seen, too.
std::vector<Case> cases_of(const DriftDocument& document) {
  std::vector<Case> cases = {{.kind = "server", .title = "server"}};
  for (const auto& item : document.items)
    cases.push_back({.kind = mcp::printable(item.kind),
                     .title = item_text({.kind = item.kind, .name = item.name})});
  for (const Change& change : document.diff.changes) {
    const auto title = item_text(change);
    auto found = std::ranges::find(cases, title, &Case::title);
    if (found == cases.end())
      found = cases.insert(found, {.kind = mcp::printable(change.kind), .title = title});
    const bool fails = probes::drift::fails(change, document.fail_on);
    (fails ? found->failing : found->others).push_back(&change);
  }
  return cases;
}

std::string case_text(const Case& each) {
  auto text = fmt::format("    <testcase classname=\"mcpctl.drift.{}\" name=\"{}\" time=\"0\"",
                          xml_escaped(each.kind), xml_escaped(each.title));
  if (each.failing.empty() && each.others.empty()) return text + "/>\n";
  text += ">\n";
  if (!each.failing.empty()) {
    const Change& worst = *each.failing.front();
    text += fmt::format("      <failure type=\"{}\" message=\"{}\">{}</failure>\n",
                        to_string(worst.severity), xml_escaped(mcp::printable(worst.why)),
                        xml_escaped(all_told(each.failing)));
  }
  if (!each.others.empty())
    text += fmt::format("      <system-out>{}</system-out>\n", xml_escaped(all_told(each.others)));
  return text + "    </testcase>\n";
}

std::string skipped_text(const std::string& note) {
  return fmt::format(
      "    <testcase classname=\"mcpctl.drift\" name=\"not compared\" time=\"0\">\n"
      "      <skipped message=\"{}\"/>\n    </testcase>\n",
      xml_escaped(note));
}

}  // namespace

std::string render_drift_junit(const DriftDocument& document, const DriftStyle&) {
  const auto cases = cases_of(document);
  const auto failures =
      std::ranges::count_if(cases, [](const Case& each) { return !each.failing.empty(); });
  const auto& notes = document.diff.notes;
  std::string body;
  for (const Case& each : cases) body += case_text(each);
  for (const auto& each : notes) body += skipped_text(each);
  const auto counts = fmt::format(R"(tests="{}" failures="{}" errors="0" skipped="{}" time="0")",
                                  cases.size() + notes.size(), failures, notes.size());
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites name=\"mcpctl\" {}>\n  <testsuite name=\"{}\" {}>\n{}  </testsuite>\n"
      "</testsuites>\n",
      counts, xml_escaped(labels_text(document)), counts, body);
}

}  // namespace cli
