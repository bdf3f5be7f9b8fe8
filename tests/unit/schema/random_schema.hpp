#pragma once

#include <cstdint>
#include <random>

#include "mcp/schema/value.hpp"

namespace mcp::schema::test {

/// Small random schemas, and values, from few names, numbers and patterns, so that two of them have
/// much to do with each other.
class RandomSchema {
 public:
  explicit RandomSchema(std::uint64_t seed) : generator_(seed) {}
  Value make(int depth);
  /// The schema with a keyword added, removed or replaced somewhere.
  Value changed(const Value& schema, int depth);
  /// A value made without looking at any schema.
  Value value(int depth);

 private:
  std::size_t below(std::size_t count) { return generator_() % count; }
  Value one_of(std::initializer_list<const char*> texts);
  Value schemas(int depth);
  Value named(int depth, std::initializer_list<const char*> names);
  void add_keyword(Value::Object& schema, int depth);
  void add_applicator(Value::Object& schema, int depth);
  void add_assertion(Value::Object& schema);

  std::mt19937_64 generator_;
};

}  // namespace mcp::schema::test
