#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "mcp/schema/inclusion.hpp"
#include "mcp/schema/sampler.hpp"
#include "tests/unit/schema/test_data.hpp"

namespace mcp::schema {
namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

Dialect dialect_named(const std::string& name) {
  if (name == "draft7") return {.draft = Dialect::Draft::draft7};
  if (name == "draft4") return {.draft = Dialect::Draft::draft4};
  return {};
}

/// A pair of schemas that stands in the file with a label.
struct Case {
  std::string id;
  Result<Schema> original;
  Result<Schema> updated;
  bool safe;
};

Case read_case(const Value& line) {
  const CompileOptions options{.dialect = dialect_named(line.find("dialect")->string())};
  return {.id = line.find("id")->string(),
          .original = Schema::compile(*line.find("original"), options),
          .updated = Schema::compile(*line.find("updated"), options),
          .safe = line.find("expected")->string() == "safe"};
}

/// Instances that prove a label wrong, by the id of the case.
std::map<std::string, Value> wrong_labels() {
  std::istringstream lines(test::read_file("tests/unit/schema/wrong_labels.jsonl"));
  std::map<std::string, Value> out;
  for (std::string line; std::getline(lines, line);) {
    const auto parsed = parse_value(line);
    REQUIRE(parsed.has_value());
    out.emplace(parsed->find("id")->string(), *parsed->find("instance"));
  }
  return out;
}

struct Tally {
  std::size_t right = 0;
  std::set<std::string> falsely_safe;
  std::set<std::string> falsely_breaking;
  std::vector<std::string> undecided;
  double slowest = 0;
  std::string slowest_name;
  double total = 0;
};

void judge(const Value& line, const std::map<std::string, Value>& wrong, Tally& tally) {
  const auto before = std::chrono::steady_clock::now();
  const auto each = read_case(line);
  REQUIRE_MESSAGE(each.original.has_value(), each.id);
  REQUIRE_MESSAGE(each.updated.has_value(), each.id);
  const auto inclusion = compare(*each.original, *each.updated);
  const double millis = Milliseconds(std::chrono::steady_clock::now() - before).count();
  tally.total += millis;
  if (millis > tally.slowest) {
    tally.slowest = millis;
    tally.slowest_name = each.id;
  }
  const bool safe = each.safe != wrong.contains(each.id);
  if (inclusion.verdict == Verdict::undecided) {
    tally.undecided.push_back(each.id + ": " + inclusion.reason);
  } else if ((inclusion.verdict == Verdict::included) == safe) {
    ++tally.right;
  } else if (safe) {
    tally.falsely_breaking.insert(each.id + ": " + inclusion.witness->text());
  } else {
    tally.falsely_safe.insert(each.id);
  }
}

/// "Breaking" is refuted by its own witness, which both sides accept; "safe" by an instance that
/// the updated side rejects.
void check_refuted(const Value& line, const Value& instance) {
  const auto each = read_case(line);
  CHECK_MESSAGE(Validator(*each.original).accepts(instance).value(), each.id);
  CHECK_MESSAGE(Validator(*each.updated).accepts(instance).value() != each.safe, each.id);
  if (!each.safe) CHECK_MESSAGE(*line.find("witness") == instance, each.id);
}

TEST_CASE("cases: the verdicts on all recorded pairs are right") {
  const auto root = test::shared_data("drift-cases", "MCPCTL_DRIFT_CASES");
  if (!root) return;
  std::istringstream lines(test::read_file(*root / "cases.jsonl"));
  Tally tally;
  const auto wrong = wrong_labels();
  for (std::string line; std::getline(lines, line);) {
    const auto parsed = parse_value(line);
    REQUIRE(parsed.has_value());
    judge(*parsed, wrong, tally);
    const auto refuted = wrong.find(parsed->find("id")->string());
    if (refuted != wrong.end()) check_refuted(*parsed, refuted->second);
  }
  MESSAGE(tally.right, " right, ", tally.falsely_safe.size(), " falsely safe, ",
          tally.falsely_breaking.size(), " falsely breaking, ", tally.undecided.size(),
          " undecided; ", tally.total, " ms, slowest ", tally.slowest, " ms: ", tally.slowest_name);
  CHECK(tally.falsely_safe == std::set<std::string>{});
  CHECK(tally.falsely_breaking == std::set<std::string>{});
  CHECK(tally.undecided == std::vector<std::string>{});
#ifdef NDEBUG  // no promise for a build with sanitizers
  CHECK(tally.total < 10'000);
#endif
}

// A build with sanitizers looks for faults in the code: a tenth of the samples does.
#ifdef NDEBUG
constexpr std::size_t share = 1;
#else
constexpr std::size_t share = 10;
#endif

/// How many samples of the original the updated one rejects, of that many.
std::size_t check_samples(const Case& each, std::size_t count) {
  Sampler sampler(*each.original, {.seed = 1, .depth = 20, .steps = 100'000});
  Validator updated(*each.updated);
  std::size_t checked = 0;
  for (; checked < count; ++checked) {
    const auto sample = sampler.next();
    if (!sample) break;
    const auto accepted = updated.accepts(*sample);
    CHECK_MESSAGE(accepted.value_or(true), each.id << " but for " << sample->text());
  }
  return checked;
}

TEST_CASE("cases: samples never contradict what is called safe") {
  const auto root = test::shared_data("drift-cases", "MCPCTL_DRIFT_CASES");
  if (!root) return;
  std::istringstream lines(test::read_file(*root / "cases.jsonl"));
  std::size_t safe = 0;
  std::size_t samples = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto each = read_case(*parse_value(line));
    if (compare(*each.original, *each.updated).verdict != Verdict::included) continue;
    constexpr std::size_t every = 15;  // a selection that stays the same
    samples += check_samples(each, (++safe % every == 0 ? 1000 : 20) / share);
  }
  MESSAGE(samples, " samples of ", safe, " safe cases");
  CHECK(safe > 2000);
  CHECK(samples > 50'000 / share);
}

}  // namespace
}  // namespace mcp::schema
