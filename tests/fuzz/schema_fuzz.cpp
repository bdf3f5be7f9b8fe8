#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "mcp/schema/inclusion.hpp"
#include "mcp/schema/sampler.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace {

using namespace mcp::schema;

// Generous, since sanitizers slow everything down by ten: what has no bound takes far longer.
constexpr auto budget = std::chrono::seconds(10);

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

void check_value(const Value& value) {
  const auto text = value.text();
  const auto again = parse_value(text);
  require(again.has_value(), "a value's text can be read");
  require(*again == value && again->text() == text, "reading and writing change nothing");
}

void check_sample(const Schema& schema) {
  Sampler sampler(schema, {.seed = 1, .depth = 20, .steps = 10'000});
  Validator validator(schema);
  for (int count = 0; count < 3; ++count) {
    const auto sample = sampler.next();
    if (!sample) return;
    require(validator.accepts(*sample).value_or(false), "a sample is an instance");
  }
}

void check_inclusion(const Schema& one, const Schema& two, const std::vector<Value>& instances) {
  const auto inclusion = compare(one, two, {.depth = 60, .steps = 100'000, .expired = {}});
  Validator inner(one);
  Validator outer(two);
  if (inclusion.verdict == Verdict::not_included) {
    require(inner.accepts(*inclusion.witness).value_or(false), "the inner one accepts a witness");
    require(!outer.accepts(*inclusion.witness).value_or(true), "the outer one rejects a witness");
  }
  if (inclusion.verdict == Verdict::undecided) {
    require(!inclusion.reason.empty(), "undecided has a reason");
  }
  if (inclusion.verdict != Verdict::included) return;
  for (const auto& instance : instances) {
    if (!inner.accepts(instance).value_or(false)) continue;
    require(outer.accepts(instance).value_or(true), "no instance contradicts a proof");
  }
}

}  // namespace

/// Each line is a JSON text: the first two are schemas, all are instances too.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<Value> values;
  for (const auto line : lines_of({reinterpret_cast<const char*>(data), size})) {
    auto value = parse_value(line);
    if (!value) return 0;
    check_value(*value);
    values.push_back(std::move(*value));
  }
  if (values.size() < 2) return 0;
  const auto one = Schema::compile(values[0], {.most_nodes = 2000});
  const auto two = Schema::compile(values[1], {.most_nodes = 2000});
  if (!one || !two) return 0;
  check_inclusion(*one, *two, values);
  check_sample(*one);
  require(std::chrono::steady_clock::now() - start < budget, "the work ends within its budget");
  return 0;
}
