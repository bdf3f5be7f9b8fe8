#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "mcp/base/error.hpp"
#include "mcp/schema/schema.hpp"

namespace mcp::schema {

struct SampleOptions {
  /// The same seed gives the same instances in the same order.
  std::uint64_t seed = 1;
  std::size_t depth = 40;
  /// Bounds the work for one instance.
  std::size_t steps = 500'000;
};

/// Makes instances of a schema. The first one is the smallest that the search finds, the others
/// vary: they have optional members, longer arrays and other branches.
class Sampler {
 public:
  explicit Sampler(Schema schema, SampleOptions options = {});
  Sampler(Sampler&&) noexcept;
  Sampler& operator=(Sampler&&) noexcept;
  ~Sampler();

  /// An instance that the validator accepts. Errors: kind empty when the schema has no instance,
  /// kind limit when none was found within the bounds.
  Result<Value> next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mcp::schema
