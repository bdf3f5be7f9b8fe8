#include <fmt/core.h>

#include <array>
#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>

#include "scenarios/results.hpp"
#include "scenarios/results_fields.hpp"
#include "scenarios/results_node.hpp"
#include "scenarios/results_search.hpp"

namespace scenarios {
namespace {

using Node = ResultsNode;

/// Steps are numbered by 16 bits, and each is two histograms.
constexpr std::size_t most_steps = 4096;
/// 3,600 of them are more than seven years, and still far from what a Duration can hold.
constexpr std::chrono::seconds widest_slot{65536};
constexpr std::array<std::string_view, 3> subjects = {"session", "connection", "stream"};
constexpr std::array<std::string_view, 5> cutters = {"fin", "rst", "not_found", "server",
                                                     "silence"};
constexpr std::array<std::string_view, 2> activities = {"burst", "idle"};

template <typename Owner, typename Table>
void get_counters(const Node& node, Owner& owner, const Table& table) {
  for (const auto& counter : table)
    if (node.has(counter.name)) owner.*counter.member = node.member(counter.name).count();
}

FailureCounts read_failures(const Node& node) {
  FailureCounts failures{};
  node.each_member([&](const std::string& name, const Node& count) {
    const auto failure = failure_named(name);
    if (!failure) return count.refuse("is no class of failures");
    failures[index_of(*failure)] = count.count();
  });
  return failures;
}

std::map<Failure, Histogram> read_failed(const Node& node) {
  std::map<Failure, Histogram> failed;
  node.each_member([&](const std::string& name, const Node& one) {
    const auto failure = failure_named(name);
    if (!failure || is_stray(*failure)) return one.refuse("is no class of failed requests");
    failed[*failure] = one.histogram(Digits::three);
  });
  return failed;
}

/// Members that came after the first files were written.
Histogram read_later(const Node& node, std::string_view name) {
  return node.has(name) ? node.member(name).histogram(Digits::three) : Histogram(Digits::three);
}

void read_steps(const Node& node, Recording& recording) {
  node.each([&](const Node& step) {
    if (recording.steps.size() == most_steps) return node.refuse("has too many steps");
    recording.steps.push_back(
        {.method = step.member("method").text(), .name = step.member("name").text()});
    StepTotals totals;
    totals.requests = step.member("requests").count();
    totals.abandoned = step.member("abandoned").count();
    totals.not_started = step.member("not_started").count();
    totals.failures = read_failures(step.member("failures"));
    totals.from_intended = step.member("latency").histogram(Digits::three);
    totals.from_start = step.member("latency_from_start").histogram(Digits::three);
    if (step.has("failed_from_start"))
      totals.failed_from_start = read_failed(step.member("failed_from_start"));
    recording.by_step.push_back(std::move(totals));
  });
}

std::map<int, std::uint64_t> read_statuses(const Node& node) {
  std::map<int, std::uint64_t> statuses;
  node.each_member([&](const std::string& name, const Node& count) {
    int status = 0;
    const auto* end = name.data() + name.size();
    const auto [last, error] = std::from_chars(name.data(), end, status);
    if (error != std::errc{} || last != end || status < 0 || status > 999)
      return count.refuse("is no HTTP status");
    statuses[status] = count.count();
  });
  return statuses;
}

IncidentLog read_incidents(const Node& node) {
  std::map<IncidentLog::Kind, std::uint64_t> counts;
  node.member("counts").each([&](const Node& one) {
    const IncidentLog::Kind kind{
        .subject = static_cast<Subject>(one.member("subject").one_of(subjects)),
        .by = static_cast<CutBy>(one.member("by").one_of(cutters)),
        .http_status = static_cast<int>(one.member("http_status").count(999))};
    counts[kind] = one.member("count").count();
  });
  std::vector<Incident> first;
  node.member("first").each([&](const Node& one) {
    first.push_back({.at = one.member("at_nanos").nanos(),
                     .agent = one.member("agent").count(),
                     .subject = static_cast<Subject>(one.member("subject").one_of(subjects)),
                     .by = static_cast<CutBy>(one.member("by").one_of(cutters)),
                     .http_status = static_cast<int>(one.member("http_status").count(999)),
                     .idle = one.member("idle_nanos").nanos(),
                     .keep_alive_seen = one.member("keep_alive_seen").boolean(),
                     .age = one.member("age_nanos").nanos(),
                     .answers = one.member("answers").count()});
  });
  return IncidentLog::restore(std::move(counts), first);
}

Slot read_slot(const Node& node, std::size_t steps) {
  Slot slot;
  get_counters(node, slot, slot_counters);
  if (node.has("failures")) slot.failures = read_failures(node.member("failures"));
  if (!node.has("steps")) return slot;
  node.member("steps").each([&](const Node& one) {
    const std::uint64_t step = one.member("step").count();
    if (step >= steps) return one.refuse("belongs to a step that there is not");
    slot.latency(static_cast<StepId>(step)).merge(one.member("latency").histogram(Digits::two));
  });
  return slot;
}

Timeline read_timeline(const Node& node, std::size_t steps) {
  const auto width = node.member("slot_nanos").nanos();
  mcp::Duration possible = std::chrono::seconds{1};
  while (possible < width && possible < widest_slot) possible *= 2;
  if (possible != width) node.refuse("has slots that are no second, two, four, …");
  std::vector<Slot> slots;
  node.member("slots").each([&](const Node& slot) {
    if (slots.size() == Timeline::most) return node.refuse("has too many slots");
    slots.push_back(read_slot(slot, steps));
  });
  return Timeline::restore(possible, std::move(slots));
}

ActivityLog read_agents(const Node& node) {
  std::vector<ActivityLog::Agent> agents;
  node.each([&](const Node& one) {
    ActivityLog::Agent agent{.id = one.member("agent").count(),
                             .left_out = one.member("left_out").count()};
    one.member("intervals").each([&](const Node& interval) {
      agent.intervals.push_back(
          {.from = interval.member("from_nanos").nanos(),
           .to = interval.member("to_nanos").nanos(),
           .activity = static_cast<Activity>(interval.member("activity").one_of(activities))});
    });
    agents.push_back(std::move(agent));
  });
  return ActivityLog::restore(agents);
}

Recording read_recording(const Node& node) {
  Recording recording;
  recording.ran = node.member("ran_nanos").nanos();
  recording.late_after = node.member("late_after_nanos").nanos();
  recording.threads = node.member("threads").count();
  read_steps(node.member("steps"), recording);
  get_counters(node.member("totals"), recording.totals, totals_counters);
  recording.lag = node.member("lag").histogram(Digits::three);
  recording.time_to_return = node.member("time_to_return").histogram(Digits::three);
  recording.session_duration = read_later(node, "session_duration");
  recording.lost_session_duration = read_later(node, "lost_session_duration");
  recording.longest_idle = node.member("longest_idle_nanos").nanos();
  recording.statuses = read_statuses(node.member("statuses"));
  recording.incidents = read_incidents(node.member("incidents"));
  recording.timeline = read_timeline(node.member("timeline"), recording.steps.size());
  recording.activity = read_agents(node.member("agents"));
  if (node.has("followed")) recording.followed = read_followed(node.member("followed"));
  return recording;
}

Results::Start read_start(const Node& node) {
  const std::string text = node.text();
  const auto digits = [&](std::size_t from, std::size_t length) {
    int number = -1;
    if (text.size() >= from + length)
      std::from_chars(text.data() + from, text.data() + from + length, number);
    return number;
  };
  using namespace std::chrono;
  const year_month_day day{year(digits(0, 4)), month(static_cast<unsigned>(digits(5, 2))),
                           std::chrono::day(static_cast<unsigned>(digits(8, 2)))};
  const Results::Start start = sys_days(day) + hours(digits(11, 2)) + minutes(digits(14, 2)) +
                               seconds(digits(17, 2)) + milliseconds(digits(20, 3));
  if (!day.ok() || to_string(start) != text) {
    node.refuse("is no time such as 2026-11-21T05:16:12.250Z");
    return {};
  }
  return start;
}

std::unexpected<mcp::Error> refuse(const std::string& why) {
  return mcp::fail(mcp::ErrorKind::usage, fmt::format("not a results file: {}", why),
                   "give a file that `mcpctl load run` wrote with -o json");
}

}  // namespace

mcp::Result<Results> read_results(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (json.is_discarded()) return refuse("it is no JSON");
  std::string problem;
  const Node node(json, "", problem);
  const std::uint64_t version = node.member("schema_version").count();
  if (problem.empty() && version != results_version)
    return refuse(fmt::format("its schema_version is {}, and this program reads {}", version,
                              results_version));
  Results results;
  results.scenario = node.member("scenario").text();
  results.target = node.member("target").text();
  if (node.has("protocol_version"))
    results.protocol_version = node.member("protocol_version").text();
  if (node.has("transport")) results.transport = node.member("transport").text();
  results.seed = node.member("seed").count();
  results.shards_of = static_cast<std::uint32_t>(node.member("shards_of").count(UINT32_MAX));
  results.shards.clear();
  node.member("shards").each([&](const Node& shard) {
    results.shards.push_back(static_cast<std::uint32_t>(shard.count(results.shards_of)));
    if (results.shards.back() == 0) shard.refuse("is no shard: they count from 1");
  });
  results.start = read_start(node.member("start"));
  node.member("thresholds").each([&](const Node& threshold) {
    results.thresholds.push_back(threshold.member("text").text());
  });
  results.recording = read_recording(node.member("recording"));
  if (node.has("search")) results.search = read_search(node.member("search"));
  if (!problem.empty()) return refuse(problem);
  return results;
}

}  // namespace scenarios
