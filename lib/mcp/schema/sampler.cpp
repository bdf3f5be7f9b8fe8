#include "mcp/schema/sampler.hpp"

#include <array>
#include <random>
#include <utility>

#include "mcp/schema/solver.hpp"

namespace mcp::schema {
namespace {

/// Chance may lead into a corner that has nothing to offer; another try may not.
constexpr int most_tries = 4;

}  // namespace

struct Sampler::State {
  Schema schema;
  SampleOptions options;
  std::mt19937_64 generator;
  std::array<NodeRef, 1> roots;
  NodeTable table;
  Validator validator;
  std::optional<Result<Value>> smallest;

  State(Schema from, SampleOptions with)
      : schema(std::move(from)),
        options(with),
        generator(with.seed),
        roots{&schema.root()},
        table(roots),
        validator(schema) {}

  Answer solve(std::mt19937_64* by_chance) {
    Solver solver(table, schema, {.depth = options.depth, .steps = options.steps, .expired = {}});
    solver.vary(by_chance);
    return solver.solve({{table.id(roots.front()), true}});
  }

  Result<Value> find_smallest() {
    auto answer = solve(nullptr);
    if (answer.is(Answer::Kind::none)) {
      return fail(ErrorKind::empty, "the schema has no instance: it excludes every value");
    }
    if (answer.is(Answer::Kind::unknown) || !validator.accepts(answer.value).value_or(false)) {
      return fail(ErrorKind::limit, "no instance of the schema was found within the bounds");
    }
    return std::move(answer.value);
  }
};

Sampler::Sampler(Schema schema, SampleOptions options)
    : state_(std::make_unique<State>(std::move(schema), options)) {}

Sampler::Sampler(Sampler&&) noexcept = default;
Sampler& Sampler::operator=(Sampler&&) noexcept = default;
Sampler::~Sampler() = default;

Result<Value> Sampler::next() {
  auto& state = *state_;
  if (!state.smallest) {
    state.smallest = state.find_smallest();
    return *state.smallest;
  }
  if (!*state.smallest) return *state.smallest;
  for (int tries = 0; tries < most_tries; ++tries) {
    auto answer = state.solve(&state.generator);
    if (answer.is(Answer::Kind::found) && state.validator.accepts(answer.value).value_or(false)) {
      return std::move(answer.value);
    }
  }
  return *state.smallest;
}

}  // namespace mcp::schema
