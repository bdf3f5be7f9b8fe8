#include "mcp/schema/solver.hpp"

#include <algorithm>
#include <array>

namespace mcp::schema {
namespace {

constexpr std::array small_first = {Type::null,   Type::boolean, Type::number,
                                    Type::string, Type::array,   Type::object};

}  // namespace

Solver::Solver(NodeTable& table, const Schema& any_schema, SolverLimits limits)
    : table_(table),
      describer_(table),
      validator_(any_schema, {.depth = 500, .steps = 100'000}),
      limits_(std::move(limits)) {
  describer_.languages().stop_when(limits_.expired);
}

bool Solver::spend(std::size_t cost) {
  constexpr std::size_t between_questions = 1024;
  const auto before = steps_ / between_questions;
  steps_ += cost;
  if (steps_ > limits_.steps || describer_.languages().exhausted()) stopped_ = true;
  const bool ask = steps_ / between_questions != before && limits_.expired;
  if (ask && limits_.expired()) stopped_ = true;
  return !stopped_;
}

Answer Solver::solve(Goal goal) {
  std::ranges::sort(goal);
  const auto rest = std::ranges::unique(goal);
  goal.erase(rest.begin(), rest.end());
  std::erase(goal, Fact{table_.anything(), true});
  std::erase(goal, Fact{table_.nothing(), false});
  for (const auto fact : goal) {
    const bool impossible = fact == Fact{table_.nothing(), true} ||
                            fact == Fact{table_.anything(), false} ||
                            std::ranges::binary_search(goal, !fact);
    if (impossible) return Answer::none();
  }
  if (const auto known = known_.find(goal); known != known_.end()) return known->second;
  for (std::size_t index = 0; index < open_.size(); ++index) {
    if (*open_[index].goal != goal) continue;
    open_.back().lowest = std::min(open_.back().lowest, index);
    return Answer::none();
  }
  if (open_.size() >= limits_.depth || !spend()) return Answer::unknown();
  open_.push_back({.goal = &goal, .lowest = open_.size()});
  auto answer = solve_open(goal);
  // An exhausted automaton gives no definite answers.
  if (describer_.languages().exhausted()) stopped_ = true;
  if (stopped_ && answer.is(Answer::Kind::none)) answer = Answer::unknown();
  const auto lowest = open_.back().lowest;
  open_.pop_back();
  // "None" that leans on an open goal holds only while that goal is open.
  const bool leans = lowest < open_.size();
  if (leans) open_.back().lowest = std::min(open_.back().lowest, lowest);
  const bool keep = answer.is(Answer::Kind::found) ? generator_ == nullptr : !leans && !stopped_;
  if (keep) known_.emplace(std::move(goal), answer);
  return answer;
}

Answer Solver::solve_open(const Goal& goal) {
  if (const auto values = candidates(goal)) return first_that_satisfies(goal, *values);
  auto types = small_first;
  if (generator_ != nullptr) std::ranges::shuffle(types, *generator_);
  bool sure = true;
  for (const auto type : types) {
    auto answer = solve_type(goal, type);
    if (answer.is(Answer::Kind::found)) return answer;
    sure = sure && answer.is(Answer::Kind::none);
  }
  return sure ? Answer::none() : Answer::unknown();
}

Answer Solver::solve_type(const Goal& goal, Type type) {
  if (type == Type::null) return first_that_satisfies(goal, std::array{Value()});
  if (type == Type::boolean) {
    std::array both = {Value(true), Value(false)};
    if (generator_ != nullptr) std::ranges::shuffle(both, *generator_);
    return first_that_satisfies(goal, both);
  }
  if (type == Type::string) return solve_string(goal);
  Branch branch;
  const bool consistent =
      std::ranges::all_of(goal, [&](Fact fact) { return assume_fact(branch, fact, type); });
  auto answer = consistent ? search(std::move(branch), type) : Answer::none();
  if (describer_.incomplete() && !answer.is(Answer::Kind::found)) return Answer::unknown();
  return answer;
}

/// The values of an enum or const that all answers are among; nullopt where there is none.
std::optional<std::vector<Value>> Solver::candidates(const Goal& goal) {
  for (const auto fact : goal) {
    std::vector<Value> values;
    if (fact.holds && collect_candidates(table_.node(fact.node), values, 0)) return values;
  }
  return std::nullopt;
}

bool Solver::collect_candidates(const Node& node, std::vector<Value>& values, std::size_t depth) {
  if (node.constant || node.choices) {
    values = node.constant ? std::vector{*node.constant} : *node.choices;
    return true;
  }
  if (depth > 10) return false;
  for (const auto* list : {&node.references, &node.all_of}) {
    for (const auto* inner : *list) {
      if (collect_candidates(*inner, values, depth + 1)) return true;
    }
  }
  if (node.any_of.empty()) return false;
  std::vector<Value> united;
  for (const auto* branch : node.any_of) {
    if (!collect_candidates(*branch, values, depth + 1)) return false;
    united.insert(united.end(), values.begin(), values.end());
  }
  values = std::move(united);
  return true;
}

std::optional<bool> Solver::satisfies(const Goal& goal, const Value& value) {
  bool sure = true;
  for (const auto fact : goal) {
    const auto accepted = validator_.accepts(table_.node(fact.node), value);
    if (accepted && *accepted != fact.holds) return false;
    sure = sure && accepted.has_value();
  }
  return sure ? std::optional(true) : std::nullopt;
}

Answer Solver::first_that_satisfies(const Goal& goal, std::span<const Value> values) {
  bool sure = true;
  const auto shift = generator_ == nullptr || values.empty() ? 0 : (*generator_)() % values.size();
  for (std::size_t index = 0; index < values.size(); ++index) {
    const auto& value = values[(index + shift) % values.size()];
    if (!spend(10)) return Answer::unknown();
    const auto fits = satisfies(goal, value);
    if (fits && *fits) return Answer::found(value);
    sure = sure && fits.has_value();
  }
  return sure ? Answer::none() : Answer::unknown();
}

Answer Solver::solve_string(const Goal& goal) {
  std::vector<LanguageId> parts;
  for (const auto fact : goal) parts.push_back(describer_.strings(fact));
  auto& languages = describer_.languages();
  const auto all = languages.intersect(std::move(parts));
  const auto word =
      generator_ == nullptr ? languages.shortest(all) : languages.random(all, *generator_);
  switch (word.answer) {
    case Languages::Answer::found:
      return Answer::found(Value(word.text));
    case Languages::Answer::empty:
      return Answer::none();
    case Languages::Answer::unknown:
      return Answer::unknown();
  }
  std::unreachable();
}

Solver::Values Solver::several(const Goal& goal, std::size_t count) {
  Values out;
  auto rest = goal;
  while (out.values.size() < count) {
    auto answer = solve(rest);
    out.complete = answer.is(Answer::Kind::none);
    if (!answer.is(Answer::Kind::found)) return out;
    rest.push_back({table_.constant(answer.value), false});
    out.values.push_back(std::move(answer.value));
  }
  return out;
}

}  // namespace mcp::schema
