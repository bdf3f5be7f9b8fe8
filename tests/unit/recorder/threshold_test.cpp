#include "scenarios/threshold.hpp"

#include <doctest/doctest.h>

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/recorder/simulation.hpp"

using namespace scenarios;
using simulation::at;

namespace {

struct Refusal {
  std::string message;
  std::string hint;
  friend bool operator==(const Refusal&, const Refusal&) = default;
};
std::ostream& operator<<(std::ostream& out, const Refusal& refusal) {
  return out << refusal.message << " | " << refusal.hint;
}

Refusal refusal(const std::string& text) {
  const auto parsed = parse_threshold(text);
  if (parsed) return {"accepted", ""};
  const std::string prefix = "threshold \"" + text + "\", ";
  REQUIRE(parsed.error().message.starts_with(prefix));
  return {parsed.error().message.substr(prefix.size()), parsed.error().hint};
}

/// 1,000 calls of echo of 1 … 1,000 ms, 100 of add of 5 ms, 11 failures of 1,111 requests.
Recorder some_run() {
  Recorder notes(simulation::options());
  for (int index = 0; index < 1000; ++index)
    notes.request({.step = 1,
                   .intended = at(index * 0.01),
                   .started = at(index * 0.01),
                   .ended = at(index * 0.01 + 0.001 * (index + 1))});
  for (int index = 0; index < 100; ++index)
    notes.request({.step = 2, .intended = at(1), .started = at(1), .ended = at(1.005)});
  for (int index = 0; index < 11; ++index)
    notes.request({.step = 1,
                   .intended = at(1),
                   .started = at(1),
                   .ended = at(1.005),
                   .failure = index == 0 ? Failure::reset : Failure::refused});
  notes.cut({.at = at(2), .subject = Subject::session, .by = CutBy::not_found});
  notes.schedule_ended(at(20));
  return notes;
}

Judgement judged(const std::string& text, const Recording& recording) {
  const auto parsed = parse_threshold(text);
  REQUIRE(parsed.has_value());
  return judge(*parsed, recording, summarize(recording));
}

}  // namespace

TEST_CASE("threshold: what is written is what is meant") {
  const auto latency = parse_threshold(" p99.9(tools/call:echo)<=1.5s ").value();
  CHECK(latency.text == "p99.9(tools/call:echo)<=1.5s");
  CHECK(latency.metric == Metric::percentile);
  CHECK(latency.percent == 99.9);
  CHECK(latency.subject == "tools/call:echo");
  CHECK(latency.relation == Relation::at_most);
  CHECK(latency.value == 1'500'000);

  const auto errors = parse_threshold("errors( timeout ) == 0").value();
  CHECK(errors.metric == Metric::errors);
  CHECK(errors.failure == Failure::timeout);
  CHECK(errors.relation == Relation::equal);

  CHECK(parse_threshold("error_rate < 0.1%").value().value == doctest::Approx(0.001));
  CHECK(parse_threshold("error_rate == 0").value().value == 0);
  CHECK(parse_threshold("rate >= 95%").value().unit == Unit::share);
  CHECK(parse_threshold("rate >= 950/s").value().unit == Unit::per_second);
  CHECK(parse_threshold("p75 < 100us").value().percent == 75);
  CHECK(parse_threshold("max < 1m").value().value == 60'000'000);
  CHECK(parse_threshold("requests(tools/call) > 100").value().relation == Relation::more);
}

TEST_CASE("threshold: an error names the column and the fix") {
  using R = Refusal;
  CHECK(refusal("") == R{"column 1: a threshold begins with what is measured",
                         "begin with p99, max, mean, error_rate, errors, rate, sessions_lost, "
                         "reconnects or requests"});
  CHECK(refusal("sesions_lost == 0") ==
        R{"column 1: \"sesions_lost\" is nothing that is measured", "did you mean sessions_lost?"});
  CHECK(refusal("p101 < 1s") ==
        R{"column 1: a percentile lies between 0 and 100", "write p99, for example"});
  CHECK(refusal("p99(tools/call < 1s") ==
        R{"column 4: the bracket is not closed", "write ) after the name"});
  CHECK(refusal("p99() < 1s") ==
        R{"column 4: nothing is in the brackets", "leave them out to mean all requests"});
  CHECK(refusal("rate(echo) > 1%") ==
        R{"column 5: rate counts for the whole run", "write rate without brackets"});
  CHECK(refusal("errors(timeouts) == 0") ==
        R{"column 8: \"timeouts\" is no class of failures", "did you mean timeout?"});
  CHECK(refusal("p99 = 1s") == R{"column 5: = is no comparison", "write =="});
  CHECK(refusal("p99 1s") == R{"column 5: a comparison is missing", "write <, <=, ==, >= or >"});
  CHECK(refusal("p99 < fast") ==
        R{"column 7: a number is missing", "write a time with its unit, such as 250ms"});
  CHECK(refusal("p99 < 250") ==
        R{"column 10: the unit is missing", "write a time with its unit, such as 250ms"});
  CHECK(refusal("p99 < 250 parsecs") ==
        R{"column 11: \"parsecs\" is no unit of p99", "write a time with its unit, such as 250ms"});
  CHECK(refusal("error_rate < 0.001") ==
        R{"column 19: the unit is missing", "write a percentage, such as 0.1%"});
  CHECK(refusal("sessions_lost < 1.5").hint == "write a whole number without a unit");
  CHECK(refusal("rate > 95").hint ==
        "write a share of the intended rate, such as 95%, or a rate, such as 950/s");
}

TEST_CASE("threshold: a step that the scenario does not have is named") {
  const auto steps = simulation::options().steps;
  const auto check = [&](const char* text) {
    return check_threshold(parse_threshold(text).value(), steps);
  };
  CHECK(check("p99 < 1s").has_value());
  CHECK(check("p99(tools/call) < 1s").has_value());
  CHECK(check("p99(tools/call:echo) < 1s").has_value());
  CHECK(check("p99(lag) < 1ms").has_value());
  const auto unknown = check("p99(tools/call:ecko) < 1s");
  REQUIRE_FALSE(unknown.has_value());
  CHECK(unknown.error().message ==
        "threshold \"p99(tools/call:ecko) < 1s\", column 5: the scenario has no step "
        "\"tools/call:ecko\"");
  CHECK(unknown.error().hint == "did you mean tools/call:echo?");
}

TEST_CASE("threshold: each metric is judged by its own figure") {
  const auto run = some_run();
  const std::vector<std::pair<const char*, Verdict>> cases = {
      {"p50(tools/call:echo) < 502ms", Verdict::met},
      {"p50(tools/call:echo) < 498ms", Verdict::missed},
      {"p99(tools/call:add) < 6ms", Verdict::met},
      {"p99(tools/call) > 900ms", Verdict::met},
      {"max >= 1s", Verdict::met},
      {"mean(tools/call:add) < 5.1ms", Verdict::met},
      {"mean(tools/call:add) < 4.9ms", Verdict::missed},
      {"error_rate < 1%", Verdict::met},
      {"error_rate(tools/call:echo) < 1%", Verdict::missed},
      {"error_rate(tools/call:add) == 0", Verdict::met},
      {"errors == 11", Verdict::met},
      {"errors(reset) <= 1", Verdict::met},
      {"errors(refused) == 0", Verdict::missed},
      {"sessions_lost == 0", Verdict::missed},
      {"reconnects == 0", Verdict::met},
      {"requests == 1111", Verdict::met},
      {"rate >= 99%", Verdict::met},
      {"rate >= 99.1%", Verdict::missed},
      {"rate >= 55/s", Verdict::met},
      {"rate > 55/s", Verdict::missed},
      {"p99(lag) < 1ms", Verdict::met},
  };
  for (const auto& [text, verdict] : cases) {
    CAPTURE(text);
    CHECK(to_string(judged(text, run.recording()).verdict) == to_string(verdict));
  }
}

TEST_CASE("threshold: the reason has the figure") {
  const auto run = some_run();
  CHECK(judged("p50(tools/call:add) < 1ms", run.recording()).reason ==
        "p50(tools/call:add) is 5 ms");
  CHECK(judged("error_rate < 0.1%", run.recording()).reason == "error_rate is 0.99 %");
  CHECK(judged("rate >= 99.9%", run.recording()).reason == "rate is 99 %");
  CHECK(judged("sessions_lost == 0", run.recording()).reason == "sessions_lost is 1");
}

TEST_CASE("threshold: latencies do not pass when the generator was saturated") {
  auto run = some_run();
  run.request(
      {.step = 1, .intended = at(1), .started = at(1), .ended = at(1), .failure = Failure::local});
  const auto latency = judged("p99 < 60m", run.recording());
  CHECK(latency.verdict == Verdict::not_judged);
  CHECK(latency.reason ==
        "not judged: generator saturated (this machine could not send 1 requests)");
  CHECK(judged("p99(lag) < 1ms", run.recording()).verdict == Verdict::met);
  CHECK(judged("sessions_lost <= 1", run.recording()).verdict == Verdict::met);
}

TEST_CASE("threshold: what was never measured does not pass") {
  const auto nothing = judged("p99(initialize) < 1s", some_run().recording());
  CHECK(nothing.verdict == Verdict::not_judged);
  CHECK(nothing.reason == "not judged: there was nothing to measure p99(initialize) of");
  CHECK(judged("max(time_to_return) < 1s", some_run().recording()).verdict == Verdict::not_judged);
  CHECK(judged("max(time_to_return) < 1s", Recorder(simulation::options()).recording()).verdict ==
        Verdict::met);
}
