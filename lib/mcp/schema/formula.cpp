#include "mcp/schema/formula.hpp"

#include <utility>

namespace mcp::schema {
namespace {

using Kind = Literal::Kind;

FormulaRef combine(Formula::Kind kind, std::vector<FormulaRef> parts) {
  const auto opposite = kind == Formula::Kind::all ? Formula::Kind::any : Formula::Kind::all;
  auto out = std::make_shared<Formula>();
  out->kind = kind;
  for (auto& part : parts) {
    if (part->kind == opposite && part->parts.empty()) return part;
    if (part->kind == kind) {
      out->parts.insert(out->parts.end(), part->parts.begin(), part->parts.end());
    } else {
      out->parts.push_back(std::move(part));
    }
  }
  if (out->parts.size() == 1) return out->parts.front();
  return out;
}

FormulaRef negated_size(Literal literal, Kind opposite) {
  // not (size >= 0) is false; not (size <= n) is size >= n + 1.
  const bool lower = literal.kind == Kind::at_least || literal.kind == Kind::contains_least;
  if (lower && literal.count == 0) return any_of({});
  literal.count = lower ? literal.count - 1 : literal.count + 1;
  literal.kind = opposite;
  return state(std::move(literal));
}

FormulaRef negated(Literal literal) {
  const auto with_kind = [&literal](Kind kind) {
    literal.kind = kind;
    return state(std::move(literal));
  };
  const auto with_opposite_fact = [&](Kind kind) {
    literal.fact = !literal.fact;
    return with_kind(kind);
  };
  switch (literal.kind) {
    case Kind::fits:
      return with_opposite_fact(Kind::fits);
    case Kind::above:
    case Kind::below:
      literal.inclusive = !literal.inclusive;
      return with_kind(literal.kind == Kind::above ? Kind::below : Kind::above);
    case Kind::multiple:
      return with_kind(Kind::not_multiple);
    case Kind::not_multiple:
      return with_kind(Kind::multiple);
    case Kind::equals:
      return with_kind(Kind::differs);
    case Kind::differs:
      return with_kind(Kind::equals);
    case Kind::at_least:
      return negated_size(std::move(literal), Kind::at_most);
    case Kind::at_most:
      return negated_size(std::move(literal), Kind::at_least);
    case Kind::contains_least:
      return negated_size(std::move(literal), Kind::contains_most);
    case Kind::contains_most:
      return negated_size(std::move(literal), Kind::contains_least);
    case Kind::every_name:
      return with_opposite_fact(Kind::some_name);
    case Kind::some_name:
      return with_opposite_fact(Kind::every_name);
    case Kind::item:
      return with_opposite_fact(Kind::item_exists);
    case Kind::item_exists:
      return with_opposite_fact(Kind::item);
    case Kind::every_item:
      return with_opposite_fact(Kind::some_item);
    case Kind::some_item:
      return with_opposite_fact(Kind::every_item);
    case Kind::unique:
      return with_kind(Kind::repeated);
    case Kind::repeated:
      return with_kind(Kind::unique);
  }
  std::unreachable();
}

}  // namespace

FormulaRef state(Literal literal) {
  auto out = std::make_shared<Formula>();
  out->kind = Formula::Kind::literal;
  out->literal = std::move(literal);
  return out;
}

FormulaRef all_of(std::vector<FormulaRef> parts) {
  return combine(Formula::Kind::all, std::move(parts));
}

FormulaRef any_of(std::vector<FormulaRef> parts) {
  return combine(Formula::Kind::any, std::move(parts));
}

FormulaRef negation(const FormulaRef& formula) {
  if (formula->kind == Formula::Kind::literal) return negated(formula->literal);
  std::vector<FormulaRef> parts;
  for (const auto& part : formula->parts) parts.push_back(negation(part));
  return formula->kind == Formula::Kind::all ? any_of(std::move(parts)) : all_of(std::move(parts));
}

}  // namespace mcp::schema
