#include "probes/drift/rule.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "probes/drift/catalogue.hpp"

namespace probes::drift {
namespace {

std::vector<Rule> make_catalogue() {
  std::vector<Rule> all = schema_rules();
  for (Rule& rule : surface_rules()) all.push_back(std::move(rule));
  std::ranges::sort(all, {}, &Rule::id);
  return all;
}

}  // namespace

std::vector<Rule> made(std::span<const RuleRow> rows) {
  std::vector<Rule> rules;
  rules.reserve(rows.size());
  for (const RuleRow& row : rows)
    rules.push_back({std::string(row.id), row.direction, row.severity, std::string(row.reason)});
  return rules;
}

std::span<const Rule> rules() {
  static const std::vector<Rule> catalogue = make_catalogue();
  return catalogue;
}

const Rule* find_rule(std::string_view id) {
  const auto all = rules();
  const auto found = std::ranges::lower_bound(all, id, {}, &Rule::id);
  return found != all.end() && found->id == id ? &*found : nullptr;
}

const Rule* mirror_of(const Rule& rule) {
  for (const auto& [from, to] : {std::pair("input-", "output-"), std::pair("output-", "input-")}) {
    const std::string_view prefix = from;
    if (rule.id.starts_with(prefix)) return find_rule(to + rule.id.substr(prefix.size()));
  }
  return nullptr;
}

}  // namespace probes::drift
