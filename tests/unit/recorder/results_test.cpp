#include "scenarios/results.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "scenarios/summary.hpp"
#include "tests/unit/recorder/simulation.hpp"

using namespace scenarios;

namespace {

Results results_of(Recording recording) {
  return {.scenario = "burst-idle",
          .target = "http://127.0.0.1:8000/mcp",
          .seed = 42,
          .start = Results::Start(std::chrono::milliseconds(1'795'238'172'250)),
          .thresholds = {"p99(tools/call) < 250ms", "sessions_lost == 0"},
          .recording = std::move(recording)};
}

/// The document with one member changed, and what is said of it.
std::string error_after(const std::string& pointer, const nlohmann::json& value) {
  auto document = nlohmann::json::parse(
      write_results(results_of(simulation::record(simulation::random_run(5, 400, 30), 30))));
  document[nlohmann::json::json_pointer(pointer)] = value;
  const auto read = read_results(document.dump());
  return read ? "accepted" : read.error().message;
}

Results shard(std::uint32_t number) {
  const simulation::Queue queue{
      .rate = 400, .length = 20, .noise = 0.5, .frozen_from = 5, .frozen_for = 2, .failing = 0.05};
  auto results = results_of(simulation::run(queue, number - 1, 4));
  results.shards = {number};
  results.shards_of = 4;
  return results;
}

}  // namespace

TEST_CASE("results: what was written is read back without loss") {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const double length = 30.0 * static_cast<double>(1U << seed);
    const auto results =
        results_of(simulation::record(simulation::random_run(seed, 4000, length), length));
    const auto read = read_results(write_results(results));
    REQUIRE(read.has_value());
    CHECK(*read == results);
    CHECK(write_results(*read) == write_results(results));
  }
}

TEST_CASE("results: an empty run is read back too") {
  const auto results = results_of(Recorder(simulation::options()).recording());
  CHECK(read_results(write_results(results)).value() == results);
}

TEST_CASE("results: the figures beside the recording are those of the summary") {
  const auto recording = simulation::run({.frozen_from = 4, .frozen_for = 3});
  const auto document = nlohmann::json::parse(write_results(results_of(recording)));
  const auto summary = summarize(recording);
  CHECK(document["schema_version"] == 1);
  CHECK(document["start"] == "2026-11-21T05:16:12.250Z");
  CHECK(document["summary"]["all"]["latency_micros"]["p90"] == summary.all.from_intended.p90);
  CHECK(document["summary"]["rate"]["intended_per_second"] == 100.0);
  CHECK(document["thresholds"][0]["verdict"] == "missed");
  CHECK(document["thresholds"][1]["verdict"] == "met");
  CHECK(document["recording"]["timeline"]["slots"][4]["p99_micros"] > 2'900'000);
}

TEST_CASE("results: what is no results file is refused, and the member is named") {
  const std::string head = "not a results file: ";
  CHECK(read_results("{").error().message == head + "it is no JSON");
  CHECK(read_results("[]").error().message == head + "the document is no object");
  CHECK(read_results("{}").error().message == head + "schema_version is missing");
  CHECK(error_after("/schema_version", 2) ==
        head + "its schema_version is 2, and this program reads 1");
  CHECK(error_after("/recording/threads", -1) ==
        head + "recording.threads is no whole number from 0");
  CHECK(error_after("/recording/steps/1/latency", "HISTF") ==
        head + "recording.steps[1].latency is not an HdrHistogram in V2 form: it is no base64");
  CHECK(error_after("/recording/incidents/first/0/by", "me") ==
        head + "recording.incidents.first[0].by is a word that this version does not know");
  CHECK(error_after("/recording/timeline/slot_nanos", 3'000'000'000) ==
        head + "recording.timeline has slots that are no second, two, four, …");
  CHECK(error_after("/start", "yesterday") == head +
                                                  "start is no time such as "
                                                  "2026-11-21T05:16:12.250Z");
  CHECK(error_after("/shards/0", 2) == head + "shards[0] is more than 1");
}

TEST_CASE("results: a file cut anywhere is refused") {
  const std::string whole =
      write_results(results_of(simulation::record(simulation::random_run(5, 50, 3), 3)));
  for (std::size_t length = 0; length + 2 < whole.size(); length += 97)
    CHECK_FALSE(read_results(whole.substr(0, length)).has_value());
}

TEST_CASE("results: four shards merged equal one run, from their files and in any order") {
  std::vector<Results> parts;
  for (const std::uint32_t number : {3U, 1U, 4U, 2U})
    parts.push_back(read_results(write_results(shard(number))).value());
  const auto merged = merge_results(parts).value();

  auto one = simulation::run({.rate = 400,
                              .length = 20,
                              .noise = 0.5,
                              .frozen_from = 5,
                              .frozen_for = 2,
                              .failing = 0.05});
  one.threads = 4;
  CHECK(merged.recording == one);
  CHECK(merged.shards == std::vector<std::uint32_t>{1, 2, 3, 4});
  const auto left = summarize(merged.recording).all;
  const auto right = summarize(one).all;
  CHECK(left.requests == right.requests);
  CHECK(left.failures == right.failures);
  CHECK(left.from_intended.p99_9 == right.from_intended.p99_9);
}

TEST_CASE("results: what is not of one run is not merged") {
  const auto refused = [](Results other) {
    return merge_results({shard(1), std::move(other)}).error().message;
  };
  const std::string head = "these results are not of one run: ";
  CHECK(refused(shard(1)) == "shard 1 of 4 is there twice");
  auto other = shard(2);
  other.seed = 43;
  CHECK(refused(other) == head + "the seeds 42 and 43");
  other = shard(2);
  other.scenario = "soak";
  CHECK(refused(other) == head + "the scenarios \"burst-idle\" and \"soak\"");
  other = shard(2);
  other.recording.steps[0].method = "ping";
  CHECK(refused(other) == head + "different steps");
  CHECK(merge_results({}).error().message == "there is nothing to merge");
}
