#include <algorithm>
#include <vector>

#include "mcp/schema/solver.hpp"

namespace mcp::schema {
namespace {

using Kind = Literal::Kind;

bool outside(const Decimal& value, const Literal& bound) {
  if (bound.kind == Kind::above) {
    return bound.inclusive ? value < bound.number : value <= bound.number;
  }
  return bound.inclusive ? value > bound.number : value >= bound.number;
}

bool numbers_exclude(const Literal& one, const Literal& two) {
  switch (one.kind) {
    case Kind::above:
      return two.kind == Kind::below &&
             (one.number > two.number ||
              (one.number == two.number && !(one.inclusive && two.inclusive)));
    case Kind::multiple:
      return two.kind == Kind::not_multiple && is_multiple(one.number, two.number);
    case Kind::equals:
      if (two.kind == Kind::above || two.kind == Kind::below) return outside(one.number, two);
      if (two.kind == Kind::equals) return one.number != two.number;
      if (two.kind == Kind::multiple) return !is_multiple(one.number, two.number);
      if (two.kind == Kind::not_multiple) return is_multiple(one.number, two.number);
      return two.kind == Kind::differs && one.number == two.number;
    default:
      return false;
  }
}

bool sizes_exclude(const Literal& one, const Literal& two) {
  if (one.kind == Kind::at_least) return two.kind == Kind::at_most && one.count > two.count;
  if (one.kind == Kind::contains_least) {
    return two.kind == Kind::contains_most && one.fact == two.fact && one.count > two.count;
  }
  if (one.kind == Kind::item_exists && two.kind == Kind::at_most) return one.count >= two.count;
  return one.kind == Kind::unique && two.kind == Kind::repeated;
}

bool lists(const Node& node, const Value& value) {
  if (node.constant) return *node.constant == value;
  return !node.choices || std::ranges::find(*node.choices, value) != node.choices->end();
}

bool values_exclude(const Node& one, const Node& two) {
  if (one.constant) return !lists(two, *one.constant);
  return one.choices && std::ranges::none_of(
                            *one.choices, [&two](const Value& value) { return lists(two, value); });
}

/// Whether no value can have both facts, as far as a glance tells.
bool facts_exclude(const NodeTable& table, Fact one, Fact two) {
  if (one == !two) return true;
  const auto& first = table.node(one.node);
  const auto& second = table.node(two.node);
  if ((one.holds && first.rejects_all) || (two.holds && second.rejects_all)) return true;
  if (!one.holds || !two.holds) return false;
  const bool no_type = (first.types.bits() & second.types.bits()) == 0;
  return no_type || values_exclude(first, second) || values_exclude(second, first);
}

bool items_exclude(const NodeTable& table, const Literal& one, const Literal& two) {
  if (one.kind != Kind::item_exists && one.kind != Kind::some_item) return false;
  const bool both_at = one.kind == Kind::item_exists && two.kind == Kind::item;
  const bool reaches = two.kind == Kind::every_item && one.count >= two.count;
  return ((both_at && one.count == two.count) || reaches) &&
         facts_exclude(table, one.fact, two.fact);
}

bool names_exclude(Languages& languages, const NodeTable& table, const Literal& one,
                   const Literal& two) {
  if (one.kind != Kind::some_name || two.kind != Kind::every_name) return false;
  const bool same = one.names == two.names;
  if (!same && languages.is_single_text(two.names)) return false;
  if (!facts_exclude(table, one.fact, two.fact)) return false;
  if (same) return true;
  const auto name = languages.single_text(one.names);
  return name && languages.matches(two.names, *name).value_or(false);
}

/// Whether two rules for one name exclude each other, and there is a member of that name: so the
/// tags of a union's branches tell them apart.
bool tags_exclude(const NodeTable& table, std::span<const Literal> literals, const Literal& added) {
  if (added.kind != Kind::some_name && added.kind != Kind::every_name) return false;
  std::vector<Fact> facts = {added.fact};
  bool present = added.kind == Kind::some_name;
  for (const auto& each : literals) {
    const bool rule = each.kind == Kind::every_name;
    if ((!rule && each.kind != Kind::some_name) || each.names != added.names) continue;
    present = present || !rule;
    facts.push_back(each.fact);
  }
  if (!present || facts.size() > 50) return false;
  for (std::size_t one = 0; one < facts.size(); ++one) {
    for (std::size_t two = one + 1; two < facts.size(); ++two) {
      if (facts_exclude(table, facts[one], facts[two])) return true;
    }
  }
  return false;
}

bool exclude(Languages& languages, const NodeTable& table, const Literal& one, const Literal& two) {
  return numbers_exclude(one, two) || sizes_exclude(one, two) || items_exclude(table, one, two) ||
         names_exclude(languages, table, one, two);
}

}  // namespace

bool contradictory(Languages& languages, const NodeTable& table, std::span<const Literal> literals,
                   const Literal& added) {
  if (added.kind == Kind::some_name && added.names == Languages::none) return true;
  if (languages.is_single_text(added.names) && tags_exclude(table, literals, added)) return true;
  return std::ranges::any_of(literals, [&](const Literal& each) {
    return exclude(languages, table, each, added) || exclude(languages, table, added, each);
  });
}

}  // namespace mcp::schema
