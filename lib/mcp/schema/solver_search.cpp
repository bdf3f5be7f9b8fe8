#include <algorithm>
#include <utility>

#include "lib/mcp/schema/solver.hpp"

namespace mcp::schema {
namespace {

using Kind = Formula::Kind;

}  // namespace

/// Adds a fact and what it means for the type; false when that cannot be.
bool Solver::assume_fact(Branch& branch, Fact fact, Type type) {
  if (std::ranges::find(branch.facts, fact) != branch.facts.end()) return true;
  if (std::ranges::find(branch.facts, !fact) != branch.facts.end()) return false;
  branch.facts.push_back(fact);
  return assume(branch, describer_.describe(fact, type), type);
}

bool Solver::assume(Branch& branch, const FormulaRef& formula, Type type) {
  if (formula->kind == Kind::any) {
    branch.clauses.push_back(formula);
    return !formula->parts.empty();
  }
  if (formula->kind == Kind::all) {
    return std::ranges::all_of(formula->parts,
                               [&](const auto& part) { return assume(branch, part, type); });
  }
  const auto& literal = formula->literal;
  if (literal.kind == Literal::Kind::fits) return assume_fact(branch, literal.fact, type);
  if (contradictory(describer_.languages(), table_, branch.literals, literal)) return false;
  branch.literals.push_back(literal);
  return true;
}

Solver::Truth Solver::judge_fact(const Branch& branch, Fact fact, Type type) {
  if (std::ranges::find(branch.facts, fact) != branch.facts.end()) return Truth::yes;
  if (std::ranges::find(branch.facts, !fact) != branch.facts.end()) return Truth::no;
  const auto& meaning = *describer_.describe(fact, type);
  if (meaning.is_true()) return Truth::yes;
  if (meaning.is_false()) return Truth::no;
  return Truth::open;
}

/// What is known of a formula on this branch without any search.
Solver::Truth Solver::judge(const Branch& branch, const Formula& formula, Type type) {
  if (formula.kind == Kind::literal) {
    const auto& literal = formula.literal;
    if (literal.kind == Literal::Kind::fits) return judge_fact(branch, literal.fact, type);
    const bool out = contradictory(describer_.languages(), table_, branch.literals, literal);
    return out ? Truth::no : Truth::open;
  }
  const auto decisive = formula.kind == Kind::all ? Truth::no : Truth::yes;
  const auto otherwise = formula.kind == Kind::all ? Truth::yes : Truth::no;
  bool open = false;
  for (const auto& part : formula.parts) {
    const auto truth = judge(branch, *part, type);
    if (truth == decisive) return decisive;
    open = open || truth == Truth::open;
  }
  return open ? Truth::open : otherwise;
}

/// Drops what is decided from the clauses and takes the choices that have one way left, until
/// nothing changes; false when a clause has no way left.
bool Solver::simplify(Branch& branch, Type type) {
  for (bool changed = true; changed;) {
    changed = false;
    auto clauses = std::exchange(branch.clauses, {});
    for (const auto& clause : clauses) {
      std::vector<FormulaRef> left;
      bool done = false;
      for (const auto& way : clause->parts) {
        const auto truth = judge(branch, *way, type);
        done = done || truth == Truth::yes;
        if (truth == Truth::open) left.push_back(way);
      }
      if (done) continue;
      if (left.empty()) return false;
      if (left.size() == 1) {
        changed = true;
        if (!assume(branch, left.front(), type)) return false;
      } else {
        branch.clauses.push_back(left.size() == clause->parts.size() ? clause
                                                                     : any_of(std::move(left)));
      }
    }
  }
  return true;
}

Answer Solver::search(Branch branch, Type type) {
  if (!spend()) return Answer::unknown();
  if (!simplify(branch, type)) return Answer::none();
  if (branch.clauses.empty()) return solve_leaf(branch, type);
  auto chosen = std::ranges::min_element(
      branch.clauses, {}, [](const FormulaRef& clause) { return clause->parts.size(); });
  if (generator_ != nullptr) {
    chosen = branch.clauses.begin() +
             static_cast<std::ptrdiff_t>((*generator_)() % branch.clauses.size());
  }
  auto ways = (*chosen)->parts;
  branch.clauses.erase(chosen);
  if (generator_ != nullptr) std::ranges::shuffle(ways, *generator_);
  bool sure = true;
  for (const auto& way : ways) {
    auto next = branch;
    if (!assume(next, way, type)) continue;
    auto answer = search(std::move(next), type);
    if (answer.is(Answer::Kind::found)) return answer;
    sure = sure && answer.is(Answer::Kind::none);
    if (stopped_) break;
  }
  return sure && !stopped_ ? Answer::none() : Answer::unknown();
}

Answer Solver::solve_leaf(const Branch& branch, Type type) {
  switch (type) {
    case Type::number:
      return solve_number(branch.literals, generator_);
    case Type::array:
      return solve_array(*this, branch.literals);
    case Type::object:
      return solve_object(*this, branch.literals);
    default:
      return Answer::unknown();
  }
}

}  // namespace mcp::schema
