#include <fmt/format.h>

#include <set>

#include "probes/drift/changes.hpp"
#include "probes/drift/moved_items.hpp"

namespace probes::drift {
namespace {

/// The variables of a URI template (RFC 6570 section 2.3), without operators and modifiers.
std::set<std::string> variables(std::string_view text) {
  std::set<std::string> found;
  for (auto open = text.find('{'); open != std::string_view::npos; open = text.find('{')) {
    text.remove_prefix(open + 1);
    const auto close = text.find('}');
    if (close == std::string_view::npos) break;
    auto list = text.substr(0, close);
    text.remove_prefix(close + 1);
    if (list.find_first_of("+#./;?&=,!@|") == 0) list.remove_prefix(1);
    while (!list.empty()) {
      const auto comma = std::min(list.find(','), list.size());
      const auto name = list.substr(0, comma);
      found.emplace(name.substr(0, std::min(name.find_first_of(":*"), name.size())));
      list.remove_prefix(std::min(comma + 1, list.size()));
    }
  }
  return found;
}

void compare_variables(const Reporter& report, const std::string& pointer, std::string_view from,
                       std::string_view to) {
  const auto before = variables(from);
  const auto after = variables(to);
  for (const auto& name : after) {
    if (before.contains(name)) continue;
    const Value value(name);
    report.add("template-variable-added", pointer,
               fmt::format("{} has the new variable {}, for which clients that expand the template "
                           "have no value.",
                           report.subject(), shown(name)),
               {nullptr, &value});
  }
  for (const auto& name : before) {
    if (after.contains(name)) continue;
    const Value value(name);
    report.add("template-variable-removed", pointer,
               fmt::format("{} no longer has the variable {}, so what clients give for it is "
                           "without effect.",
                           report.subject(), shown(name)),
               {&value, nullptr});
  }
}

void compare_template(const Reporter& report, const ItemPair& pair) {
  compare_title(report, pair.item, pair.pointer, "resource-template-title-changed");
  compare_description(report, pair.item, pair.pointer, "resource-template-description-changed");
  compare_mime_type(report, pair, "template-mime-type-changed");
  compare_resource_members(report, pair);
}

}  // namespace

void compare_templates(const Snapshot& older, const Snapshot& newer, const DiffOptions& /*options*/,
                       std::vector<Change>& changes) {
  const auto items = match_by_name(older, newer, template_kind);
  for (const auto& key : items.removed) {
    const Reporter report(changes, template_kind.noun, key);
    report.add("resource-template-removed", item_pointer(template_kind, key),
               fmt::format("{} is gone, so addresses that clients make from it may lead nowhere.",
                           report.subject()));
  }
  for (const auto& key : items.added) {
    const Reporter report(changes, template_kind.noun, key);
    report.add("resource-template-added", item_pointer(template_kind, key),
               fmt::format("{} is new.", report.subject()));
  }
  for (const auto& [from, to] : items.moved) {
    const Reporter report(changes, template_kind.noun, to);
    const Value before(from);
    const Value after(to);
    const auto pointer = item_pointer(template_kind, to);
    report.add(
        "template-uri-changed", pointer,
        fmt::format("The resource template named {} was {} and is {}, so addresses that "
                    "clients make from the old one may lead nowhere.",
                    shown(newer.items(template_kind).at(to).find("name")), shown(from), shown(to)),
        {&before, &after});
    compare_variables(report, pointer, from, to);
  }
  for (const auto& pair : items.pairs) {
    compare_template(Reporter(changes, template_kind.noun, pair.name), pair);
  }
}

}  // namespace probes::drift
