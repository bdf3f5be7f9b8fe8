#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "mcp/schema/decimal.hpp"
#include "mcp/schema/languages.hpp"
#include "mcp/schema/node_table.hpp"

namespace mcp::schema {

/// That a value fits a node, or that it does not.
struct Fact {
  NodeTable::Id node = 0;
  bool holds = true;
  Fact operator!() const { return {node, !holds}; }
  friend auto operator<=>(const Fact&, const Fact&) = default;
};

/// One statement about a value of a known type. Each kind stands beside its negation.
struct Literal {
  enum class Kind : unsigned char {
    fits,   // `fact`
    above,  // number: > `number`, or >= where `inclusive`
    below,
    multiple,
    not_multiple,
    equals,
    differs,
    at_least,  // array, object: size >= `count`
    at_most,
    every_name,   // object: each member whose name is in `names` has a value of `fact`
    some_name,    // object: there is such a member
    item,         // array: the item at `count`, if there is one, is of `fact`
    item_exists,  // array: there is an item at `count`, and it is of `fact`
    every_item,   // array: the items from `count` on are of `fact`
    some_item,
    contains_least,  // array: at least `count` items are of `fact`
    contains_most,
    unique,
    repeated,
  };
  Kind kind = Kind::fits;
  Fact fact;
  Decimal number;
  bool inclusive = true;
  std::uint64_t count = 0;
  LanguageId names = 0;
};

/// A statement in negation normal form: a literal, all of the parts, or any of them; no part is
/// "true" for all and "false" for any. Parts are shared (hence the shared_ptr) and immutable.
struct Formula {
  enum class Kind : unsigned char { literal, all, any };
  Kind kind = Kind::all;
  Literal literal;
  std::vector<std::shared_ptr<const Formula>> parts;

  bool is_true() const { return kind == Kind::all && parts.empty(); }
  bool is_false() const { return kind == Kind::any && parts.empty(); }
};
using FormulaRef = std::shared_ptr<const Formula>;

FormulaRef state(Literal literal);
/// Simplified: nested ones are flattened, true and false parts are resolved.
FormulaRef all_of(std::vector<FormulaRef> parts);
FormulaRef any_of(std::vector<FormulaRef> parts);
FormulaRef negation(const FormulaRef& formula);

}  // namespace mcp::schema
