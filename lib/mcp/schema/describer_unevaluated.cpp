#include <algorithm>
#include <utility>

#include "mcp/schema/describer.hpp"

namespace mcp::schema {
namespace {

constexpr std::size_t most_outcomes = 256;
constexpr std::size_t deepest = 40;

}  // namespace

/// "What no successful subschema has looked at fits `unevaluated*`": one alternative for each way
/// in which the node's in-place subschemas can succeed or fail. The ways exclude each other, so
/// the statement is exact, and so is its negation.
FormulaRef Describer::unevaluated(const Node& node, Type type) {
  const bool objects = type == Type::object;
  const auto* rest = objects ? node.object.unevaluated : node.array.unevaluated;
  std::vector<FormulaRef> alternatives;
  for (auto& way : outcomes(node, type, 0, false)) {
    Literal literal{.kind = objects ? Literal::Kind::every_name : Literal::Kind::every_item,
                    .fact = fact_of(rest),
                    .count = way.items,
                    .names = languages().complement(way.names)};
    if (!objects && !way.contains.empty()) {
      Node either;
      either.any_of.push_back(rest);
      for (const auto id : way.contains) either.any_of.push_back(&table_.node(id));
      literal.fact = {table_.add(std::move(either)), true};
    }
    const bool nothing_left = objects ? way.names == Languages::any_text : way.all_items;
    if (!nothing_left) way.conditions.push_back(state(literal));
    alternatives.push_back(all_of(std::move(way.conditions)));
  }
  return any_of(std::move(alternatives));
}

Describer::Outcomes Describer::outcomes(const Node& node, Type type, std::size_t depth,
                                        bool with_unevaluated) {
  if (depth > deepest) {
    incomplete_ = true;
    return {Outcome{}};
  }
  Outcome own;
  const auto& object = node.object;
  const auto& array = node.array;
  own.names = object.additional != nullptr || (with_unevaluated && object.unevaluated != nullptr)
                  ? Languages::any_text
                  : known_names(object);
  own.items = array.prefix_items.size();
  own.all_items = array.items != nullptr || (with_unevaluated && array.unevaluated != nullptr);
  if (array.contains != nullptr && array.contains_evaluates) {
    own.contains.push_back(table_.id(array.contains));
  }
  Outcomes ways = {own};
  for (const auto* list : {&node.references, &node.all_of}) {
    for (const auto* child : *list) ways = product(ways, child_outcomes(child, type, depth));
  }
  for (const auto* child : node.any_of) {
    auto either = child_outcomes(child, type, depth);
    if (!evaluates(either)) continue;
    for (auto& way : either) way.conditions.push_back(fits(child));
    either.push_back(Outcome{.conditions = {fits(child, false)}});
    ways = product(ways, either);
  }
  Outcomes one;
  for (const auto* child : node.one_of) {
    for (auto& way : child_outcomes(child, type, depth)) {
      way.conditions.push_back(fits(child));
      one.push_back(std::move(way));
    }
  }
  if (evaluates(one)) ways = product(ways, one);
  add_conditional(node, type, depth, ways);
  return ways;
}

void Describer::add_conditional(const Node& node, Type type, std::size_t depth, Outcomes& ways) {
  if (node.condition != nullptr) {
    auto yes = child_outcomes(node.condition, type, depth);
    if (node.then_branch != nullptr) {
      yes = product(yes, child_outcomes(node.then_branch, type, depth));
    }
    Outcomes no = {Outcome{}};
    if (node.else_branch != nullptr) no = child_outcomes(node.else_branch, type, depth);
    const bool matters = evaluates(yes) || evaluates(no);
    for (auto& way : yes) way.conditions.push_back(fits(node.condition));
    for (auto& way : no) {
      way.conditions.push_back(fits(node.condition, false));
      yes.push_back(std::move(way));
    }
    if (matters) ways = product(ways, yes);
  }
  if (type != Type::object) return;
  for (const auto& [name, schema] : node.object.dependent_schemas) {
    auto either = child_outcomes(schema, type, depth);
    if (!evaluates(either)) continue;
    for (auto& way : either) way.conditions.push_back(has(name));
    either.push_back(Outcome{.conditions = {lacks(name)}});
    ways = product(ways, either);
  }
}

Describer::Outcomes Describer::child_outcomes(NodeRef child, Type type, std::size_t depth) {
  return outcomes(table_.node(table_.id(child)), type, depth + 1, true);
}

bool Describer::evaluates(const Outcomes& outcomes) const {
  return std::ranges::any_of(outcomes, [](const Outcome& way) {
    return way.names != Languages::none || way.items > 0 || way.all_items || !way.contains.empty();
  });
}

Describer::Outcomes Describer::product(const Outcomes& left, const Outcomes& right) {
  if (left.size() * right.size() > most_outcomes) {
    incomplete_ = true;
    return left;
  }
  Outcomes out;
  for (const auto& one : left) {
    for (const auto& two : right) {
      Outcome both = one;
      both.conditions.insert(both.conditions.end(), two.conditions.begin(), two.conditions.end());
      both.names = languages().unite({one.names, two.names});
      both.items = std::max(one.items, two.items);
      both.all_items = one.all_items || two.all_items;
      both.contains.insert(both.contains.end(), two.contains.begin(), two.contains.end());
      out.push_back(std::move(both));
    }
  }
  return out;
}

}  // namespace mcp::schema
