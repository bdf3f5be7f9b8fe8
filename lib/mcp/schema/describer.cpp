#include "mcp/schema/describer.hpp"

#include <algorithm>

namespace mcp::schema {
namespace {

using Kind = Literal::Kind;

FormulaRef size(Kind kind, std::uint64_t count) {
  return state({.kind = kind, .count = count});
}

FormulaRef bound(Kind kind, const Decimal& number, bool inclusive) {
  return state({.kind = kind, .number = number, .inclusive = inclusive});
}

}  // namespace

FormulaRef Describer::fits(NodeRef node, bool holds) const {
  return state({.kind = Kind::fits, .fact = fact_of(node, holds)});
}

std::vector<FormulaRef> Describer::all_fit(const std::vector<NodeRef>& nodes) const {
  std::vector<FormulaRef> out;
  out.reserve(nodes.size());
  for (const auto* node : nodes) out.push_back(fits(node));
  return out;
}

FormulaRef Describer::describe(Fact fact, Type type) {
  const auto known = formulas_.find({fact, type});
  if (known != formulas_.end()) return known->second;
  auto formula = build(table_.node(fact.node), type, !fact.holds);
  if (!fact.holds) formula = negation(formula);
  formulas_.emplace(std::pair{fact, type}, formula);
  return formula;
}

FormulaRef Describer::build(const Node& node, Type type, bool to_negate) {
  if (node.rejects_all || !node.types.contains(type)) return any_of({});
  std::vector<FormulaRef> parts;
  add_values(node, type, parts);
  if (type == Type::number) add_numbers(node, parts);
  if (type == Type::array) add_arrays(node, parts);
  if (type == Type::object) add_objects(node, parts);
  add_applicators(node, to_negate, parts);
  if (node.array.unevaluated != nullptr && type == Type::array) {
    parts.push_back(unevaluated(node, type));
  }
  if (node.object.unevaluated != nullptr && type == Type::object) {
    parts.push_back(unevaluated(node, type));
  }
  return all_of(std::move(parts));
}

FormulaRef Describer::equal_to(const Value& value, Type type) {
  if (!value.is(type)) return any_of({});
  std::vector<FormulaRef> parts;
  if (type == Type::number) {
    return state({.kind = Kind::equals, .number = value.number()});
  }
  if (type == Type::array) {
    const auto& array = value.array();
    parts = {size(Kind::at_least, array.size()), size(Kind::at_most, array.size())};
    for (std::size_t index = 0; index < array.size(); ++index) {
      parts.push_back(state({.kind = Kind::item_exists,
                             .fact = {table_.constant(array[index]), true},
                             .count = index}));
    }
  }
  if (type == Type::object) {
    std::vector<LanguageId> names;
    for (const auto& [name, member] : value.object()) {
      names.push_back(languages().literal(name));
      parts.push_back(state({.kind = Kind::some_name,
                             .fact = {table_.constant(member), true},
                             .names = names.back()}));
    }
    parts.push_back(state({.kind = Kind::every_name,
                           .fact = {table_.nothing(), true},
                           .names = languages().complement(languages().unite(names))}));
  }
  return all_of(std::move(parts));
}

void Describer::add_values(const Node& node, Type type, std::vector<FormulaRef>& parts) {
  if (node.constant) parts.push_back(equal_to(*node.constant, type));
  if (!node.choices) return;
  std::vector<FormulaRef> choices;
  choices.reserve(node.choices->size());
  for (const auto& choice : *node.choices) choices.push_back(equal_to(choice, type));
  parts.push_back(any_of(std::move(choices)));
}

/// The form that has the fewest ways where it stands: one way for each branch; or, where it will be
/// negated, "some, and no two", whose negation is "none, or some two".
FormulaRef Describer::exactly_one(const Node& node, bool to_negate) {
  constexpr std::size_t most_paired = 60;
  const auto& branches = node.one_of;
  std::vector<FormulaRef> parts;
  if (to_negate && branches.size() <= most_paired) {
    std::vector<FormulaRef> both = {any_of(all_fit(branches))};
    for (std::size_t one = 0; one < branches.size(); ++one) {
      for (std::size_t two = one + 1; two < branches.size(); ++two) {
        both.push_back(any_of({fits(branches[one], false), fits(branches[two], false)}));
      }
    }
    return all_of(std::move(both));
  }
  for (std::size_t chosen = 0; chosen < branches.size(); ++chosen) {
    std::vector<FormulaRef> way;
    way.reserve(branches.size());
    for (std::size_t other = 0; other < branches.size(); ++other) {
      way.push_back(fits(branches[other], other == chosen));
    }
    parts.push_back(all_of(std::move(way)));
  }
  return any_of(std::move(parts));
}

void Describer::add_applicators(const Node& node, bool to_negate, std::vector<FormulaRef>& parts) {
  for (const auto* each : node.references) parts.push_back(fits(each));
  for (const auto* each : node.all_of) parts.push_back(fits(each));
  if (!node.any_of.empty()) {
    parts.push_back(any_of(all_fit(node.any_of)));
  }
  if (!node.one_of.empty()) parts.push_back(exactly_one(node, to_negate));
  if (node.negated != nullptr) parts.push_back(fits(node.negated, false));
  if (node.condition == nullptr) return;
  std::vector<FormulaRef> yes = {fits(node.condition)};
  std::vector<FormulaRef> no = {fits(node.condition, false)};
  if (node.then_branch != nullptr) yes.push_back(fits(node.then_branch));
  if (node.else_branch != nullptr) no.push_back(fits(node.else_branch));
  if (yes.size() + no.size() > 2) {
    parts.push_back(any_of({all_of(std::move(yes)), all_of(std::move(no))}));
  }
}

void Describer::add_numbers(const Node& node, std::vector<FormulaRef>& parts) const {
  const auto& rules = node.number;
  if (node.integers_only) parts.push_back(bound(Kind::multiple, Decimal(1), true));
  if (rules.minimum) parts.push_back(bound(Kind::above, *rules.minimum, true));
  if (rules.exclusive_minimum) parts.push_back(bound(Kind::above, *rules.exclusive_minimum, false));
  if (rules.maximum) parts.push_back(bound(Kind::below, *rules.maximum, true));
  if (rules.exclusive_maximum) parts.push_back(bound(Kind::below, *rules.exclusive_maximum, false));
  if (rules.multiple_of) parts.push_back(bound(Kind::multiple, *rules.multiple_of, true));
}

void Describer::add_arrays(const Node& node, std::vector<FormulaRef>& parts) {
  const auto& rules = node.array;
  for (std::size_t index = 0; index < rules.prefix_items.size(); ++index) {
    parts.push_back(
        state({.kind = Kind::item, .fact = fact_of(rules.prefix_items[index]), .count = index}));
  }
  if (rules.items != nullptr) {
    parts.push_back(state({.kind = Kind::every_item,
                           .fact = fact_of(rules.items),
                           .count = rules.prefix_items.size()}));
  }
  if (rules.min_items && *rules.min_items > 0) {
    parts.push_back(size(Kind::at_least, *rules.min_items));
  }
  if (rules.max_items) parts.push_back(size(Kind::at_most, *rules.max_items));
  if (rules.unique_items) parts.push_back(state({.kind = Kind::unique}));
  if (rules.contains == nullptr) return;
  const auto fact = fact_of(rules.contains);
  if (rules.min_contains > 0) {
    parts.push_back(
        state({.kind = Kind::contains_least, .fact = fact, .count = rules.min_contains}));
  }
  if (rules.max_contains) {
    parts.push_back(
        state({.kind = Kind::contains_most, .fact = fact, .count = *rules.max_contains}));
  }
}

FormulaRef Describer::has(std::string_view name) {
  return state({.kind = Kind::some_name,
                .fact = {table_.anything(), true},
                .names = languages().literal(name)});
}

FormulaRef Describer::lacks(std::string_view name) {
  return negation(has(name));
}

LanguageId Describer::known_names(const ObjectRules& rules) {
  std::vector<LanguageId> names;
  names.reserve(rules.properties.size() + rules.pattern_properties.size());
  for (const auto& [name, node] : rules.properties) names.push_back(languages().literal(name));
  for (const auto& [pattern, node] : rules.pattern_properties) {
    names.push_back(patterns_.language(pattern));
  }
  return languages().unite(std::move(names));
}

void Describer::add_members(const ObjectRules& rules, std::vector<FormulaRef>& parts) {
  const auto every = [&](LanguageId names, NodeRef node) {
    if (fact_of(node).node == table_.anything()) return;
    parts.push_back(state({.kind = Kind::every_name, .fact = fact_of(node), .names = names}));
  };
  for (const auto& [name, node] : rules.properties) every(languages().literal(name), node);
  for (const auto& [pattern, node] : rules.pattern_properties) {
    every(patterns_.language(pattern), node);
  }
  if (rules.additional != nullptr) {
    every(languages().complement(known_names(rules)), rules.additional);
  }
  if (rules.names == nullptr) return;
  const auto allowed = strings(fact_of(rules.names));
  parts.push_back(state({.kind = Kind::every_name,
                         .fact = {table_.nothing(), true},
                         .names = languages().complement(allowed)}));
}

void Describer::add_objects(const Node& node, std::vector<FormulaRef>& parts) {
  const auto& rules = node.object;
  for (const auto& name : rules.required) parts.push_back(has(name));
  add_members(rules, parts);
  if (rules.min_properties && *rules.min_properties > 0) {
    parts.push_back(size(Kind::at_least, *rules.min_properties));
  }
  if (rules.max_properties) parts.push_back(size(Kind::at_most, *rules.max_properties));
  for (const auto& [name, needed] : rules.dependent_required) {
    for (const auto& other : needed) parts.push_back(any_of({lacks(name), has(other)}));
  }
  for (const auto& [name, schema] : rules.dependent_schemas) {
    parts.push_back(any_of({lacks(name), fits(schema)}));
  }
}

LanguageId Describer::strings(Fact fact) {
  if (!fact.holds) return languages().complement(strings(!fact));
  if (const auto known = strings_.find(fact.node); known != strings_.end()) return known->second;
  // A reference that leads to itself without a step into the value has no meaning.
  if (!open_strings_.insert(fact.node).second) return languages().opaque("$ref to itself");
  const auto id = node_strings(table_.node(fact.node));
  open_strings_.erase(fact.node);
  strings_.emplace(fact.node, id);
  return id;
}

std::vector<LanguageId> Describer::all_strings(const std::vector<NodeRef>& nodes) {
  std::vector<LanguageId> out;
  out.reserve(nodes.size());
  for (const auto* node : nodes) out.push_back(strings(fact_of(node)));
  return out;
}

LanguageId Describer::node_strings(const Node& node) {
  if (node.rejects_all || !node.types.contains(Type::string)) return Languages::none;
  std::vector<LanguageId> parts = {value_strings(node), applied_strings(node)};
  const auto& rules = node.string;
  if (rules.min_length) parts.push_back(at_least_long(*rules.min_length));
  if (rules.max_length && *rules.max_length < UINT64_MAX) {
    parts.push_back(languages().complement(at_least_long(*rules.max_length + 1)));
  }
  if (rules.pattern) parts.push_back(patterns_.language(*rules.pattern));
  return languages().intersect(std::move(parts));
}

/// The texts of at least so many characters. What no text can have is known by its number only.
LanguageId Describer::at_least_long(std::uint64_t count) {
  if (count < Languages::unbounded) {
    return languages().lengths(static_cast<std::uint32_t>(count), Languages::unbounded);
  }
  return languages().opaque("minLength " + std::to_string(count));
}

LanguageId Describer::value_strings(const Node& node) {
  std::vector<LanguageId> parts;
  const auto text_of = [&](const Value& value) {
    return value.is(Type::string) ? languages().literal(value.string()) : Languages::none;
  };
  if (node.constant) parts.push_back(text_of(*node.constant));
  if (node.choices) {
    std::vector<LanguageId> choices;
    for (const auto& choice : *node.choices) choices.push_back(text_of(choice));
    parts.push_back(languages().unite(std::move(choices)));
  }
  return languages().intersect(std::move(parts));
}

LanguageId Describer::applied_strings(const Node& node) {
  std::vector<LanguageId> parts = {languages().intersect(all_strings(node.references)),
                                   languages().intersect(all_strings(node.all_of))};
  if (!node.any_of.empty()) parts.push_back(languages().unite(all_strings(node.any_of)));
  if (!node.one_of.empty()) {
    std::vector<LanguageId> ways;
    for (std::size_t chosen = 0; chosen < node.one_of.size(); ++chosen) {
      std::vector<LanguageId> way;
      way.reserve(node.one_of.size());
      for (std::size_t other = 0; other < node.one_of.size(); ++other) {
        way.push_back(strings(fact_of(node.one_of[other], other == chosen)));
      }
      ways.push_back(languages().intersect(std::move(way)));
    }
    parts.push_back(languages().unite(std::move(ways)));
  }
  if (node.negated != nullptr) parts.push_back(strings(fact_of(node.negated, false)));
  if (node.condition != nullptr) {
    std::vector<LanguageId> yes = {strings(fact_of(node.condition))};
    std::vector<LanguageId> no = {strings(fact_of(node.condition, false))};
    if (node.then_branch != nullptr) yes.push_back(strings(fact_of(node.then_branch)));
    if (node.else_branch != nullptr) no.push_back(strings(fact_of(node.else_branch)));
    parts.push_back(languages().unite(
        {languages().intersect(std::move(yes)), languages().intersect(std::move(no))}));
  }
  return languages().intersect(std::move(parts));
}

}  // namespace mcp::schema
