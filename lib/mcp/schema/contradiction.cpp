#include <algorithm>

#include "lib/mcp/schema/solver.hpp"

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

/// Whether no value can have both facts, as far as a glance tells.
bool facts_exclude(const NodeTable& table, Fact one, Fact two) {
  const auto is_impossible = [&table](Fact fact) {
    return fact.holds && table.node(fact.node).rejects_all;
  };
  return one == !two || is_impossible(one) || is_impossible(two);
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
  if (!facts_exclude(table, one.fact, two.fact)) return false;
  if (one.names == two.names) return true;
  const auto name = languages.single_text(one.names);
  return name && languages.matches(two.names, *name).value_or(false);
}

bool exclude(Languages& languages, const NodeTable& table, const Literal& one, const Literal& two) {
  return numbers_exclude(one, two) || sizes_exclude(one, two) || items_exclude(table, one, two) ||
         names_exclude(languages, table, one, two);
}

}  // namespace

bool contradictory(Languages& languages, const NodeTable& table, std::span<const Literal> literals,
                   const Literal& added) {
  if (added.kind == Kind::some_name && added.names == Languages::none) return true;
  return std::ranges::any_of(literals, [&](const Literal& each) {
    return exclude(languages, table, each, added) || exclude(languages, table, added, each);
  });
}

}  // namespace mcp::schema
