#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "mcp/schema/describer.hpp"
#include "mcp/schema/formula.hpp"
#include "mcp/schema/validator.hpp"

namespace mcp::schema {

/// Facts about one value, sorted; what is asked is a value for which all of them are true.
using Goal = std::vector<Fact>;

/// A value, the proof that there is none, or neither.
struct Answer {
  enum class Kind : unsigned char { found, none, unknown };
  Kind kind = Kind::unknown;
  Value value;

  static Answer found(Value value) { return {Kind::found, std::move(value)}; }
  static Answer none() { return {Kind::none, {}}; }
  static Answer unknown() { return {Kind::unknown, {}}; }
  bool is(Kind wanted) const { return kind == wanted; }
};

struct SolverLimits {
  /// Goals within goals: how deep a witness may nest.
  std::size_t depth = 130;
  /// Statements looked at, in all.
  std::size_t steps = 8'000'000;
  /// Asked now and then; true ends the work (the solver itself reads no clock).
  std::function<bool()> expired;
};

/// A choice that is not made yet. `wanted`: it comes from a fact that must hold, not from one that
/// must not.
struct Clause {
  FormulaRef formula;
  bool wanted = true;
};

/// What is known of a value of one type on one branch of the search.
struct Branch {
  std::vector<Fact> facts;
  std::vector<Literal> literals;
  std::vector<Clause> clauses;
};

/// Searches values by case analysis over the formulas of a Describer: one search for each type,
/// recursion for items and members, results kept by goal. A goal that is met again inside itself
/// needs no second look: a smallest value has no part that would do in its stead.
class Solver {
 public:
  Solver(NodeTable& table, const Schema& any_schema, SolverLimits limits);

  Answer solve(Goal goal);
  /// With a generator, values differ from call to call and are fuller than need be.
  void vary(std::mt19937_64* generator) { generator_ = generator; }

  // For the solvers of one type each.
  Describer& describer() { return describer_; }
  NodeTable& table() { return table_; }
  std::mt19937_64* generator() { return generator_; }
  bool spend(std::size_t cost = 1);
  /// Up to `count` different values; complete when there are no others.
  struct Values {
    std::vector<Value> values;
    bool complete = false;
  };
  Values several(const Goal& goal, std::size_t count);

 private:
  struct Open {
    const Goal* goal;
    std::size_t lowest;  // the outermost open goal that the answer leans on
  };

  Answer solve_open(const Goal& goal);
  Answer solve_type(const Goal& goal, Type type);
  std::optional<std::vector<Value>> candidates(const Goal& goal);
  bool collect_candidates(const Node& node, std::vector<Value>& values, std::size_t depth);
  std::optional<bool> satisfies(const Goal& goal, const Value& value);
  Answer first_that_satisfies(const Goal& goal, std::span<const Value> values);
  Answer solve_string(const Goal& goal);

  Answer search(Branch branch, Type type);
  bool assume(Branch& branch, const FormulaRef& formula, Type type, bool wanted);
  bool assume_fact(Branch& branch, Fact fact, Type type);
  std::optional<std::vector<FormulaRef>> open_ways(const Branch& branch, const Clause& clause,
                                                   Type type);
  bool simplify(Branch& branch, Type type);
  std::size_t choose(const Branch& branch);
  enum class Truth : unsigned char { no, yes, open };
  Truth judge(const Branch& branch, const FormulaRef& formula, Type type);
  Truth judge_fact(const Branch& branch, Fact fact, Type type);
  Answer solve_leaf(const Branch& branch, Type type);

  NodeTable& table_;
  Describer describer_;
  Validator validator_;
  SolverLimits limits_;
  std::size_t steps_ = 0;
  bool stopped_ = false;
  std::mt19937_64* generator_ = nullptr;
  std::map<Goal, Answer> known_;
  std::vector<Open> open_;
};

/// The solvers of one type: a conjunction of literals, without any choice left.
Answer solve_number(std::span<const Literal> literals, std::mt19937_64* generator);
Answer solve_array(Solver& solver, std::span<const Literal> literals);
Answer solve_object(Solver& solver, std::span<const Literal> literals);
/// A quick look whether literals exclude each other; false is no proof that they do not.
bool contradictory(Languages& languages, const NodeTable& table, std::span<const Literal> literals,
                   const Literal& added);

}  // namespace mcp::schema
