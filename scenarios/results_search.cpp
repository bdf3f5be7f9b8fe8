#include "scenarios/results_search.hpp"

#include <array>
#include <chrono>
#include <nlohmann/json.hpp>
#include <string>

namespace scenarios {
namespace {

using nlohmann::json;
using Node = ResultsNode;

constexpr std::array<std::string_view, 3> ends = {"complete", "interrupted", "out_of_time"};
constexpr std::array<std::string_view, 3> subjects = {"session", "connection", "stream"};
constexpr std::array<std::string_view, 5> cutters = {"fin", "rst", "not_found", "server",
                                                     "silence"};

json finding_json(const IdleFinding& finding) {
  const auto& result = finding.result;
  json object = {{"subject", to_string(finding.subject)},
                 {"verdict", to_string(result.verdict)},
                 {"text", to_text(finding)},
                 {"survived_nanos", result.survived.count()},
                 {"keep_alive_seen", result.keep_alive_seen},
                 {"trials", result.trials},
                 {"contradictions", result.contradictions},
                 {"failed", finding.failed}};
  if (!finding.absent.empty()) object["absent"] = finding.absent;
  if (result.keep_alive_every) object["keep_alive_every_nanos"] = result.keep_alive_every->count();
  if (result.announced) object["announced_seconds"] = result.announced->count();
  if (result.cut == mcp::Duration::max()) return object;
  object["cut_nanos"] = result.cut.count();
  object["by"] = to_string(result.by);
  object["http_status"] = result.http_status;
  if (result.seen) {
    object["seen_nanos"] = result.seen->count();
    object["seen_spread_nanos"] = result.seen_spread.count();
  }
  if (result.verdict != IdleLadder::Verdict::found) return object;
  object["seconds"] = std::chrono::duration<double>(result.time()).count();
  object["within_seconds"] = std::chrono::duration<double>(result.tolerance()).count();
  return object;
}

json idle_json(const IdleReport& report) {
  json findings = json::array();
  for (const auto& finding : report.findings) findings.push_back(finding_json(finding));
  return findings;
}

json rate_json(const Rate& rate) {
  return {
      {"count", rate.count}, {"per_nanos", rate.per.count()}, {"per_second", rate.per_second()}};
}

json step_json(const CapacityStep& step) {
  return {{"rate", rate_json(step.rate)},
          {"kept", step.kept},
          {"saturated", step.saturated},
          {"p99_nanos", step.p99.count()},
          {"answered_per_second", step.answered_per_second},
          {"reason", step.reason}};
}

json capacity_json(const CapacityReport& report) {
  const auto& result = report.result;
  json steps = json::array();
  for (const auto& step : report.steps) steps.push_back(step_json(step));
  json object = {{"verdict", to_string(result.verdict)},
                 {"text", to_text(result)},
                 {"reason", result.reason},
                 {"steps", std::move(steps)}};
  const auto put = [&](const char* name, const std::optional<Rate>& rate) {
    if (rate) object[name] = rate_json(*rate);
  };
  put("kept", result.kept);
  put("broken", result.broken);
  put("knee", result.knee);
  put("saturated", result.saturated);
  return object;
}

IdleFinding read_finding(const Node& node) {
  IdleFinding finding{.subject = static_cast<Subject>(node.member("subject").one_of(subjects)),
                      .failed = node.member("failed").count()};
  auto& result = finding.result;
  const auto verdict = idle_verdict_named(node.member("verdict").text());
  if (!verdict) node.refuse("has a verdict that this version does not know");
  result.verdict = verdict.value_or(IdleLadder::Verdict::searching);
  result.survived = node.member("survived_nanos").nanos();
  result.keep_alive_seen = node.member("keep_alive_seen").boolean();
  result.trials = node.member("trials").count();
  result.contradictions = node.member("contradictions").count();
  if (node.has("absent")) finding.absent = node.member("absent").text();
  if (node.has("keep_alive_every_nanos"))
    result.keep_alive_every = node.member("keep_alive_every_nanos").nanos();
  if (node.has("announced_seconds"))
    result.announced = std::chrono::seconds(node.member("announced_seconds").count(INT32_MAX));
  result.cut = mcp::Duration::max();
  if (!node.has("cut_nanos")) return finding;
  result.cut = node.member("cut_nanos").nanos();
  result.by = static_cast<CutBy>(node.member("by").one_of(cutters));
  result.http_status = static_cast<int>(node.member("http_status").count(999));
  if (!node.has("seen_nanos")) return finding;
  result.seen = node.member("seen_nanos").nanos();
  result.seen_spread = node.member("seen_spread_nanos").nanos();
  return finding;
}

Rate read_rate_of(const Node& node) {
  const Rate rate{.count = static_cast<std::int64_t>(node.member("count").count(INT64_MAX)),
                  .per = node.member("per_nanos").nanos()};
  if (rate.per <= mcp::Duration::zero()) node.refuse("is no rate");
  return rate.per <= mcp::Duration::zero() ? Rate{} : rate;
}

CapacityReport read_capacity(const Node& node) {
  CapacityReport report;
  auto& result = report.result;
  const auto verdict = capacity_verdict_named(node.member("verdict").text());
  if (!verdict) node.refuse("has a verdict that this version does not know");
  result.verdict = verdict.value_or(CapacityFinder::Verdict::searching);
  result.reason = node.member("reason").text();
  const auto get = [&](const char* name, std::optional<Rate>& rate) {
    if (node.has(name)) rate = read_rate_of(node.member(name));
  };
  get("kept", result.kept);
  get("broken", result.broken);
  get("knee", result.knee);
  get("saturated", result.saturated);
  node.member("steps").each([&](const Node& step) {
    report.steps.push_back({.rate = read_rate_of(step.member("rate")),
                            .kept = step.member("kept").boolean(),
                            .saturated = step.member("saturated").boolean(),
                            .p99 = step.member("p99_nanos").nanos(),
                            .answered_per_second = step.member("answered_per_second").number(),
                            .reason = step.member("reason").text()});
  });
  return report;
}

json loss_json(const SessionLoss& loss) {
  json object = {{"agent", loss.agent},
                 {"lost_nanos", loss.lost.count()},
                 {"by", to_string(loss.by)},
                 {"http_status", loss.http_status},
                 {"last_answer_nanos", loss.last_answer.count()}};
  if (loss.back) object["back_nanos"] = loss.back->count();
  return object;
}

}  // namespace

json search_json(const SearchReport& report) {
  json object = {{"end", to_string(report.end)}};
  if (const auto* idle = std::get_if<IdleReport>(&report.found)) object["idle"] = idle_json(*idle);
  if (const auto* capacity = std::get_if<CapacityReport>(&report.found))
    object["capacity"] = capacity_json(*capacity);
  return object;
}

json followed_json(const FollowedSessions& followed) {
  json by_status = json::array();
  for (const auto& [status, count] : followed.by_status)
    by_status.push_back({{"http_status", status}, {"count", count}});
  json losses = json::array();
  for (const auto& loss : followed.losses) losses.push_back(loss_json(loss));
  return {{"sessions", followed.sessions},     {"lost", followed.lost},
          {"never_back", followed.never_back}, {"unsure", followed.unsure},
          {"by_status", std::move(by_status)}, {"losses", std::move(losses)}};
}

SearchReport read_search(const Node& node) {
  SearchReport report{.found = {}, .end = static_cast<SearchEnd>(node.member("end").one_of(ends))};
  if (node.has("capacity")) {
    report.found = read_capacity(node.member("capacity"));
    return report;
  }
  IdleReport idle;
  node.member("idle").each(
      [&](const Node& finding) { idle.findings.push_back(read_finding(finding)); });
  report.found = std::move(idle);
  return report;
}

FollowedSessions read_followed(const Node& node) {
  FollowedSessions followed{.sessions = node.member("sessions").count(),
                            .lost = node.member("lost").count(),
                            .never_back = node.member("never_back").count(),
                            .unsure = node.member("unsure").count()};
  node.member("by_status").each([&](const Node& one) {
    followed.by_status[static_cast<int>(one.member("http_status").count(999))] =
        one.member("count").count();
  });
  node.member("losses").each([&](const Node& one) {
    SessionLoss loss{.agent = one.member("agent").count(),
                     .lost = one.member("lost_nanos").nanos(),
                     .by = static_cast<CutBy>(one.member("by").one_of(cutters)),
                     .http_status = static_cast<int>(one.member("http_status").count(999)),
                     .last_answer = one.member("last_answer_nanos").nanos()};
    if (one.has("back_nanos")) loss.back = one.member("back_nanos").nanos();
    followed.losses.push_back(loss);
  });
  return followed;
}

}  // namespace scenarios
