#include "mcp/schema/witness_search.hpp"

#include <algorithm>
#include <vector>

#include "mcp/schema/solver.hpp"

namespace mcp::schema {
namespace {

bool all_say(std::span<const Schema* const> schemas, const Value& value, bool wanted) {
  return std::ranges::all_of(schemas, [&](const Schema* schema) {
    const auto said = Validator(*schema).accepts(value);
    return said && *said == wanted;
  });
}

}  // namespace

Search find_value(std::span<const Schema* const> accepting,
                  std::span<const Schema* const> rejecting, const InclusionLimits& limits) {
  std::vector<NodeRef> roots;
  for (const auto* schema : accepting) roots.push_back(&schema->root());
  for (const auto* schema : rejecting) roots.push_back(&schema->root());
  if (roots.empty()) return {.outcome = Search::Outcome::found, .value = Value()};
  NodeTable table(roots);
  Goal goal;
  for (std::size_t index = 0; index < roots.size(); ++index) {
    goal.push_back({table.id(roots[index]), index < accepting.size()});
  }
  const auto& any_schema = accepting.empty() ? *rejecting.front() : *accepting.front();
  Solver solver(table, any_schema,
                {.depth = limits.depth, .steps = limits.steps, .expired = limits.expired});
  auto answer = solver.solve(std::move(goal));
  if (answer.is(Answer::Kind::none)) return {.outcome = Search::Outcome::none, .value = {}};
  if (answer.is(Answer::Kind::unknown)) return {};
  if (!all_say(accepting, answer.value, true) || !all_say(rejecting, answer.value, false))
    return {};
  return {.outcome = Search::Outcome::found, .value = std::move(answer.value)};
}

}  // namespace mcp::schema
