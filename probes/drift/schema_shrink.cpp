#include "probes/drift/schema_shrink.hpp"

#include <utility>

namespace probes::drift {

using mcp::schema::Type;
using mcp::schema::Value;

namespace {

class Shrinker {
 public:
  using Test = std::function<bool(const Value&)>;

  Value shrink(Value value, const Test& test, std::size_t depth) {
    if (depth > deepest) return value;
    if (value.is(Type::object)) return members(std::move(value), test, depth);
    if (value.is(Type::array)) return items(std::move(value), test, depth);
    return value;
  }

 private:
  static constexpr std::size_t deepest = 20;
  static constexpr std::size_t most_tests = 300;

  bool passes(const Test& test, const Value& value) { return tests_++ < most_tests && test(value); }

  Value members(Value value, const Test& test, std::size_t depth) {
    const auto names = value.object();
    for (const auto& [name, unused] : names) {
      auto fewer = value.object();
      fewer.erase(name);
      Value candidate(std::move(fewer));
      if (passes(test, candidate)) {
        value = std::move(candidate);
        continue;
      }
      const auto with = [&value, &key = name](const Value& inner) {
        auto all = value.object();
        all.insert_or_assign(key, inner);
        return Value(std::move(all));
      };
      const auto inner_test = [&](const Value& inner) { return test(with(inner)); };
      value = with(shrink(value.object().at(name), inner_test, depth + 1));
    }
    return value;
  }

  Value items(Value value, const Test& test, std::size_t depth) {
    for (auto index = value.array().size(); index-- > 0;) {
      auto fewer = value.array();
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(index));
      Value candidate(std::move(fewer));
      if (passes(test, candidate)) {
        value = std::move(candidate);
        continue;
      }
      const auto with = [&value, index](const Value& inner) {
        auto all = value.array();
        all[index] = inner;
        return Value(std::move(all));
      };
      const auto inner_test = [&](const Value& inner) { return test(with(inner)); };
      value = with(shrink(value.array()[index], inner_test, depth + 1));
    }
    return value;
  }

  std::size_t tests_ = 0;
};

}  // namespace

Value shrunk(Value value, const std::function<bool(const Value&)>& test) {
  return Shrinker().shrink(std::move(value), test, 0);
}

}  // namespace probes::drift
