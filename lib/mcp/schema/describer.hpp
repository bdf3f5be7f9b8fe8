#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "mcp/schema/formula.hpp"
#include "mcp/schema/node_table.hpp"
#include "mcp/schema/pattern.hpp"

namespace mcp::schema {

/// Says what a node means for values of one type: as a formula, and for strings as a language.
/// What it says is exact, or `incomplete` is set (only unevaluated* with very many ways to get
/// there is not spelled out).
class Describer {
 public:
  explicit Describer(NodeTable& table) : table_(table) {}

  FormulaRef describe(Fact fact, Type type);
  LanguageId strings(Fact fact);
  NodeTable& table() { return table_; }
  Languages& languages() { return patterns_.languages(); }
  bool incomplete() const { return incomplete_; }

 private:
  /// One way in which a node can hold: its conditions, and what it evaluates then.
  struct Outcome {
    std::vector<FormulaRef> conditions;
    LanguageId names = Languages::none;
    std::size_t items = 0;
    bool all_items = false;
    std::vector<NodeTable::Id> contains;
  };
  using Outcomes = std::vector<Outcome>;

  FormulaRef fits(NodeRef node, bool holds = true) const;
  std::vector<FormulaRef> all_fit(const std::vector<NodeRef>& nodes) const;
  FormulaRef build(const Node& node, Type type, bool to_negate);
  FormulaRef exactly_one(const Node& node, bool to_negate);
  FormulaRef equal_to(const Value& value, Type type);
  void add_values(const Node& node, Type type, std::vector<FormulaRef>& parts);
  void add_applicators(const Node& node, bool to_negate, std::vector<FormulaRef>& parts);
  void add_numbers(const Node& node, std::vector<FormulaRef>& parts) const;
  void add_arrays(const Node& node, std::vector<FormulaRef>& parts);
  void add_objects(const Node& node, std::vector<FormulaRef>& parts);
  void add_members(const ObjectRules& rules, std::vector<FormulaRef>& parts);
  FormulaRef has(std::string_view name);
  FormulaRef lacks(std::string_view name);
  Fact fact_of(NodeRef node, bool holds = true) const { return {table_.id(node), holds}; }

  std::vector<LanguageId> all_strings(const std::vector<NodeRef>& nodes);
  LanguageId node_strings(const Node& node);
  LanguageId at_least_long(std::uint64_t count);
  LanguageId value_strings(const Node& node);
  LanguageId applied_strings(const Node& node);
  LanguageId known_names(const ObjectRules& rules);

  FormulaRef unevaluated(const Node& node, Type type);
  Outcomes outcomes(const Node& node, Type type, std::size_t depth, bool with_unevaluated);
  Outcomes child_outcomes(NodeRef child, Type type, std::size_t depth);
  Outcomes product(const Outcomes& left, const Outcomes& right);
  bool evaluates(const Outcomes& outcomes) const;
  void add_conditional(const Node& node, Type type, std::size_t depth, Outcomes& ways);

  NodeTable& table_;
  PatternMatcher patterns_;
  bool incomplete_ = false;
  std::map<std::pair<Fact, Type>, FormulaRef> formulas_;
  std::map<NodeTable::Id, LanguageId> strings_;
  std::set<NodeTable::Id> open_strings_;
};

}  // namespace mcp::schema
