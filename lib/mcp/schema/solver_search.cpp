#include <algorithm>
#include <utility>

#include "mcp/schema/solver.hpp"

namespace mcp::schema {
namespace {

using Kind = Formula::Kind;

}  // namespace

/// Adds a fact and what it means for the type; false when that cannot be.
bool Solver::assume_fact(Branch& branch, Fact fact, Type type) {
  if (std::ranges::find(branch.facts, fact) != branch.facts.end()) return true;
  if (std::ranges::find(branch.facts, !fact) != branch.facts.end()) return false;
  branch.facts.push_back(fact);
  return assume(branch, describer_.describe(fact, type), type, fact.holds);
}

bool Solver::assume(Branch& branch, const FormulaRef& formula, Type type, bool wanted) {
  if (formula->kind == Kind::any) {
    branch.clauses.push_back({formula, wanted});
    return !formula->parts.empty();
  }
  if (formula->kind == Kind::all) {
    return std::ranges::all_of(
        formula->parts, [&](const auto& part) { return assume(branch, part, type, wanted); });
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
Solver::Truth Solver::judge(const Branch& branch, const FormulaRef& formula, Type type) {
  if (formula->kind == Kind::literal) {
    const auto& literal = formula->literal;
    spend();
    if (literal.kind == Literal::Kind::fits) return judge_fact(branch, literal.fact, type);
    spend(branch.literals.size());
    const auto excluded = [&](const Literal& each) {
      return contradictory(describer_.languages(), table_, branch.literals, each);
    };
    if (excluded(literal)) return Truth::no;
    // What must not be false is true: then its clause needs no second look.
    const auto opposite = negation(formula);
    if (opposite->is_false()) return Truth::yes;
    const bool certain = opposite->kind == Kind::literal && excluded(opposite->literal);
    return certain ? Truth::yes : Truth::open;
  }
  const auto decisive = formula->kind == Kind::all ? Truth::no : Truth::yes;
  const auto otherwise = formula->kind == Kind::all ? Truth::yes : Truth::no;
  bool open = false;
  for (const auto& part : formula->parts) {
    const auto truth = judge(branch, part, type);
    if (truth == decisive) return decisive;
    open = open || truth == Truth::open || stopped_;
    if (stopped_) break;
  }
  return open ? Truth::open : otherwise;
}

/// The ways of a clause that are still open; nullopt when one of them is true already.
std::optional<std::vector<FormulaRef>> Solver::open_ways(const Branch& branch, const Clause& clause,
                                                         Type type) {
  std::vector<FormulaRef> open;
  for (const auto& way : clause.formula->parts) {
    const auto truth = judge(branch, way, type);
    if (truth == Truth::yes) return std::nullopt;
    if (truth == Truth::open) open.push_back(way);
  }
  return open;
}

/// Drops what is decided from the clauses and takes the choices that have one way left, until
/// nothing changes; false when a clause has no way left.
bool Solver::simplify(Branch& branch, Type type) {
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& clause : std::exchange(branch.clauses, {})) {
      auto open = open_ways(branch, clause, type);
      if (!open) continue;
      if (open->empty()) return false;
      if (open->size() > 1) {
        const bool same = open->size() == clause.formula->parts.size();
        branch.clauses.push_back(same ? clause : Clause{any_of(std::move(*open)), clause.wanted});
        continue;
      }
      changed = true;
      if (!assume(branch, open->front(), type, clause.wanted)) return false;
    }
  }
  return true;
}

/// The shape of what is wanted decides most of what is not, so where both leave much open the
/// wanted side goes first; otherwise the clause with the fewest ways.
std::size_t Solver::choose(const Branch& branch) {
  const auto& clauses = branch.clauses;
  if (generator_ != nullptr) return (*generator_)() % clauses.size();
  std::size_t unwanted_ways = 0;
  for (const auto& clause : clauses) {
    if (!clause.wanted) unwanted_ways += clause.formula->parts.size();
  }
  const auto rank = [unwanted_ways](const Clause& clause) {
    const auto ways = clause.formula->parts.size();
    return std::pair{!(clause.wanted && ways <= unwanted_ways), ways};
  };
  const auto best = std::ranges::min_element(clauses, {}, rank);
  return static_cast<std::size_t>(best - clauses.begin());
}

Answer Solver::search(Branch branch, Type type) {
  if (!spend(8 + branch.literals.size() + branch.facts.size())) return Answer::unknown();
  if (!simplify(branch, type)) return Answer::none();
  if (branch.clauses.empty()) return solve_leaf(branch, type);
  const auto chosen = branch.clauses.begin() + static_cast<std::ptrdiff_t>(choose(branch));
  const bool wanted = chosen->wanted;
  auto ways = chosen->formula->parts;
  branch.clauses.erase(chosen);
  if (generator_ != nullptr) std::ranges::shuffle(ways, *generator_);
  bool sure = true;
  for (const auto& way : ways) {
    auto next = branch;
    if (!assume(next, way, type, wanted)) continue;
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
