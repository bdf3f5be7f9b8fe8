#include <nlohmann/json.hpp>

#include "scenarios/diagnosis.hpp"
#include "scenarios/histogram_codec.hpp"
#include "scenarios/results.hpp"
#include "scenarios/results_fields.hpp"
#include "scenarios/results_search.hpp"
#include "scenarios/results_summary.hpp"

namespace scenarios {
namespace {

using nlohmann::json;

template <typename Owner, typename Table>
void put_counters(json& into, const Owner& owner, const Table& table) {
  for (const auto& counter : table)
    if (owner.*counter.member != 0) into[std::string(counter.name)] = owner.*counter.member;
}

json failed_json(const StepTotals& totals) {
  json failed = json::object();
  for (const auto& [failure, histogram] : totals.failed_from_start)
    failed[std::string(to_string(failure))] = encode_histogram(histogram);
  return failed;
}

json steps_json(const Recording& recording) {
  json steps = json::array();
  for (std::size_t at = 0; at < recording.steps.size(); ++at) {
    const StepTotals& totals = recording.by_step[at];
    steps.push_back({{"method", recording.steps[at].method},
                     {"name", recording.steps[at].name},
                     {"requests", totals.requests},
                     {"abandoned", totals.abandoned},
                     {"not_started", totals.not_started},
                     {"failures", failures_json(totals.failures)},
                     {"latency", encode_histogram(totals.from_intended)},
                     {"latency_from_start", encode_histogram(totals.from_start)},
                     {"failed_from_start", failed_json(totals)}});
  }
  return steps;
}

json slot_json(const Slot& slot) {
  json object = json::object();
  put_counters(object, slot, slot_counters);
  if (const json failures = failures_json(slot.failures); !failures.empty())
    object["failures"] = failures;
  if (slot.steps.empty()) return object;
  Histogram all(Digits::two);
  json steps = json::array();
  for (const auto& step : slot.steps) {
    all.merge(step.latency);
    steps.push_back({{"step", step.step}, {"latency", encode_histogram(step.latency)}});
  }
  // For programs that draw a line and decode no histogram; reading leaves them out.
  object["p50_micros"] = all.percentile(50);
  object["p99_micros"] = all.percentile(99);
  object["max_micros"] = all.max();
  object["steps"] = std::move(steps);
  return object;
}

json timeline_json(const Timeline& timeline) {
  json slots = json::array();
  for (const auto& slot : timeline.slots()) slots.push_back(slot_json(slot));
  return {{"slot_nanos", timeline.width().count()}, {"slots", std::move(slots)}};
}

json incidents_json(const IncidentLog& log) {
  json counts = json::array();
  for (const auto& [kind, count] : log.counts())
    counts.push_back({{"subject", to_string(kind.subject)},
                      {"by", to_string(kind.by)},
                      {"http_status", kind.http_status},
                      {"count", count}});
  json first = json::array();
  for (const auto& incident : log.first())
    first.push_back({{"at_nanos", incident.at.count()},
                     {"agent", incident.agent},
                     {"subject", to_string(incident.subject)},
                     {"by", to_string(incident.by)},
                     {"http_status", incident.http_status},
                     {"idle_nanos", incident.idle.count()},
                     {"keep_alive_seen", incident.keep_alive_seen},
                     {"age_nanos", incident.age.count()},
                     {"answers", incident.answers}});
  return {{"counts", std::move(counts)}, {"first", std::move(first)}};
}

json agents_json(const ActivityLog& log) {
  json agents = json::array();
  for (const auto& agent : log.sampled()) {
    json intervals = json::array();
    for (const auto& interval : agent.intervals)
      intervals.push_back({{"from_nanos", interval.from.count()},
                           {"to_nanos", interval.to.count()},
                           {"activity", to_string(interval.activity)}});
    agents.push_back(
        {{"agent", agent.id}, {"left_out", agent.left_out}, {"intervals", std::move(intervals)}});
  }
  return agents;
}

json recording_json(const Recording& recording) {
  json totals = json::object();
  put_counters(totals, recording.totals, totals_counters);
  json statuses = json::object();
  for (const auto& [status, count] : recording.statuses) statuses[std::to_string(status)] = count;
  json object = {{"ran_nanos", recording.ran.count()},
                 {"late_after_nanos", recording.late_after.count()},
                 {"threads", recording.threads},
                 {"steps", steps_json(recording)},
                 {"totals", std::move(totals)},
                 {"lag", encode_histogram(recording.lag)},
                 {"time_to_return", encode_histogram(recording.time_to_return)},
                 {"session_duration", encode_histogram(recording.session_duration)},
                 {"lost_session_duration", encode_histogram(recording.lost_session_duration)},
                 {"longest_idle_nanos", recording.longest_idle.count()},
                 {"statuses", std::move(statuses)},
                 {"incidents", incidents_json(recording.incidents)},
                 {"timeline", timeline_json(recording.timeline)},
                 {"agents", agents_json(recording.activity)}};
  if (recording.followed) object["followed"] = followed_json(*recording.followed);
  return object;
}

json losses_json(const std::vector<Diagnosis>& diagnoses) {
  json losses = json::array();
  for (const auto& one : diagnoses)
    losses.push_back({{"subject", to_string(one.subject)},
                      {"cause", to_string(one.cause)},
                      {"count", one.count},
                      {"conclusion", one.conclusion},
                      {"evidence", one.evidence}});
  return losses;
}

}  // namespace

/// A text that is no threshold cannot be judged; whoever wrote the scenario was told before.
std::vector<Judgement> judge_all(const Results& results) {
  std::vector<Threshold> thresholds;
  for (const auto& text : results.thresholds)
    if (auto threshold = parse_threshold(text)) thresholds.push_back(std::move(*threshold));
  return judge_all(thresholds, results.recording);
}

json overview_json(const Results& results) {
  json document = {{"schema_version", results_version},
                   {"scenario", results.scenario},
                   {"target", results.target},
                   {"protocol_version", results.protocol_version},
                   {"transport", results.transport},
                   {"seed", results.seed},
                   {"shards", results.shards},
                   {"shards_of", results.shards_of},
                   {"start", to_string(results.start)},
                   {"summary", summary_json(summarize(results.recording))},
                   {"thresholds", judgements_json(judge_all(results))},
                   {"losses", losses_json(diagnose(results.recording, results.start))}};
  if (results.search) document["search"] = search_json(*results.search);
  return document;
}

std::string write_results(const Results& results) {
  json document = overview_json(results);
  document["recording"] = recording_json(results.recording);
  return document.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace scenarios
