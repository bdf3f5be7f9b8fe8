#include "mcp/schema/inclusion.hpp"

#include <array>
#include <random>
#include <set>
#include <utility>

#include "mcp/schema/solver.hpp"

namespace mcp::schema {
namespace {

Inclusion undecided(std::string reason) {
  return {.verdict = Verdict::undecided, .reason = std::move(reason)};
}

/// The verdict for a value that should be a witness; only the validator's word counts.
std::optional<Inclusion> confirmed(Validator& inner, Validator& outer, const Value& value) {
  const auto accepted = inner.accepts(value);
  if (!accepted || !*accepted) return std::nullopt;
  auto rejected = outer.check(value);
  if (!rejected || !*rejected) return std::nullopt;
  return Inclusion{
      .verdict = Verdict::not_included, .witness = value, .violation = std::move(*rejected)};
}

/// Values that the schemas themselves name, and the simplest ones: worth a try where the search
/// has no answer.
std::set<Value> plain_values(const Schema& schema) {
  std::set<Value> values = {Value(),
                            Value(true),
                            Value(Decimal(0)),
                            Value(Decimal(1)),
                            Value(std::string()),
                            Value(std::string("a")),
                            Value(Value::Array{}),
                            Value(Value::Object{})};
  schema.each_node([&values](const Node& node) {
    if (node.constant) values.insert(*node.constant);
    if (node.choices) values.insert(node.choices->begin(), node.choices->end());
  });
  return values;
}

/// Instances of the inner schema, made by chance: where little of it is allowed, most of them are
/// witnesses. All of them together have a fraction of the steps.
std::optional<Inclusion> try_samples(const Schema& inner, const Schema& outer,
                                     const InclusionLimits& limits) {
  constexpr int most_samples = 30;
  constexpr std::size_t share = 20;
  const std::array roots = {&inner.root()};
  NodeTable table(roots);
  std::mt19937_64 generator(1);  // the same answer each time
  Solver solver(table, inner,
                {.depth = limits.depth, .steps = limits.steps / share, .expired = limits.expired});
  solver.vary(&generator);
  Validator inner_validator(inner, {.depth = 700, .steps = 100'000});
  Validator outer_validator(outer, {.depth = 700, .steps = 100'000});
  for (int count = 0; count < most_samples && solver.spend(); ++count) {
    const auto answer = solver.solve({{table.id(roots[0]), true}});
    if (!answer.is(Answer::Kind::found)) continue;
    if (auto found = confirmed(inner_validator, outer_validator, answer.value)) return found;
  }
  return std::nullopt;
}

Inclusion try_plain_values(const Schema& inner, const Schema& outer) {
  Validator inner_validator(inner, {.depth = 300, .steps = 100'000});
  Validator outer_validator(outer, {.depth = 300, .steps = 100'000});
  auto values = plain_values(inner);
  values.merge(plain_values(outer));
  for (const auto& value : values) {
    if (auto found = confirmed(inner_validator, outer_validator, value)) return *found;
  }
  return undecided("neither a proof nor a witness within the bounds");
}

}  // namespace

Inclusion compare(const Schema& inner, const Schema& outer, const InclusionLimits& limits) {
  const std::array roots = {&inner.root(), &outer.root()};
  NodeTable table(roots);
  Solver solver(table, inner,
                {.depth = limits.depth, .steps = limits.steps, .expired = limits.expired});
  const auto answer = solver.solve({{table.id(roots[0]), true}, {table.id(roots[1]), false}});
  if (answer.is(Answer::Kind::none)) return {.verdict = Verdict::included};
  if (answer.is(Answer::Kind::unknown)) {
    auto found = try_plain_values(inner, outer);
    if (found.verdict == Verdict::not_included) return found;
    auto sampled = try_samples(inner, outer, limits);
    return sampled ? std::move(*sampled) : std::move(found);
  }
  Validator inner_validator(inner);
  Validator outer_validator(outer);
  auto found = confirmed(inner_validator, outer_validator, answer.value);
  return found ? std::move(*found) : undecided("the validator does not confirm the witness");
}

}  // namespace mcp::schema
