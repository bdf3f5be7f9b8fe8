#include "scenarios/loss_sentences.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

namespace scenarios {
namespace {

using mcp::format_duration;

std::string counted(std::uint64_t count, std::string_view one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

std::string counted(std::uint64_t count, Subject subject) {
  return counted(count, to_string(subject));
}

/// "2 s to 2.4 s", or one figure where both read the same.
std::string range(mcp::Duration least, mcp::Duration most) {
  auto low = format_duration(least);
  const auto high = format_duration(most);
  return low == high ? low : fmt::format("{} to {}", low, high);
}

std::string time_of_day(StartTime start, mcp::Duration at) {
  return fmt::format("{:%H:%M:%S} UTC", std::chrono::floor<std::chrono::seconds>(start + at));
}

std::string unknown_after_initialize(const AffinityFacts& facts) {
  return fmt::format("{} of {} unknown{} to the request right after initialize", facts.fresh,
                     counted(std::max(facts.sessions, facts.fresh), "session"),
                     facts.status == 0 ? "" : fmt::format(" ({})", facts.status));
}

/// "50 sessions lost within 0.4 s at 10:02:03 UTC"
std::string at_once(const LossPattern& pattern, const EventFacts& facts) {
  const auto* lost = facts.subject == Subject::session ? "lost" : "cut";
  auto who = counted(pattern.losses, facts.subject);
  if (facts.subject == Subject::session && facts.open >= pattern.losses)
    who = fmt::format("{} of {} open sessions", pattern.losses, facts.open);
  return fmt::format("{} {} within {} at {}", who, lost,
                     format_duration(pattern.last - pattern.first),
                     time_of_day(facts.start, pattern.first));
}

std::string_view cutter(CutBy by) {
  switch (by) {
    case CutBy::fin:
      return "closed in order (FIN)";
    case CutBy::rst:
      return "reset (RST)";
    case CutBy::not_found:
      return "answered 404";
    case CutBy::server:
      return "ended by a 5xx";
    case CutBy::silence:
      break;
  }
  return "silent until the deadline";
}

}  // namespace

/// Sessions that are lost at their beginning or never: the balancer may well keep to a replica, and
/// only choose it before it knows the id. Agents in step look the same by chance.
Diagnosis no_affinity(const AffinityFacts& facts) {
  const bool may_hash = facts.later == 0 && facts.revived == 0;
  auto evidence = unknown_after_initialize(facts);
  if (may_hash)
    evidence += fmt::format(", none later in {}", counted(facts.calls, "answered request"));
  if (facts.later != 0)
    evidence += fmt::format(", {} later in the middle of its requests", facts.later);
  if (facts.revived != 0)
    evidence +=
        fmt::format(", and {} answered on them afterwards", counted(facts.revived, "request"));
  return {.cause = Cause::no_affinity,
          .conclusion = fmt::format(
              "the load balancer sends a session's requests to replicas that do not know it (no "
              "affinity on Mcp-Session-Id{})",
              may_hash ? ", or one that hashes an id which initialize does not carry yet" : ""),
          .evidence = std::move(evidence)};
}

Diagnosis forgetful(const AffinityFacts& facts) {
  return {
      .cause = Cause::unknown,
      .conclusion =
          "either a load balancer without affinity on Mcp-Session-Id, or a server that "
          "forgets its sessions at once",
      .evidence = fmt::format("{}, none was ever answered on", unknown_after_initialize(facts))};
}

Diagnosis idle_limit(const LossPattern& pattern, mcp::Duration survived, std::uint64_t reconnects) {
  auto evidence = fmt::format(
      "{} lost after {} of idleness; up to {} were survived", counted(pattern.losses, "session"),
      range(pattern.idle.least, pattern.idle.most), format_duration(survived));
  if (reconnects * 2 >= pattern.losses)
    evidence +=
        fmt::format("; {}, which may have led to other replicas", counted(reconnects, "reconnect"));
  return {.cause = Cause::idle_limit,
          .conclusion = fmt::format(
              "sessions end after {} of idleness: a session TTL, or an idle timeout on the way",
              survived < std::chrono::seconds(1) ? format_duration(pattern.idle.least) + " or less"
                                                 : range(std::min(survived, pattern.idle.least),
                                                         std::max(survived, pattern.idle.least))),
          .evidence = std::move(evidence)};
}

Diagnosis age_limit(const LossPattern& pattern) {
  return {.cause = Cause::age_limit,
          .conclusion = fmt::format("a session may live for about {} only, however busy it is",
                                    format_duration(pattern.age.middle)),
          .evidence = fmt::format("{} lost {} after they were opened, at different times",
                                  counted(pattern.losses, "session"),
                                  range(pattern.age.least, pattern.age.most))};
}

Diagnosis idle_timer(Subject subject, const LossPattern& pattern,
                     const std::vector<Incident>& cuts) {
  const bool in_spite = std::ranges::all_of(cuts, &Incident::keep_alive_seen);
  const bool is_one_kind =
      std::ranges::all_of(cuts, [&](const Incident& cut) { return cut.by == cuts.front().by; });
  const auto* what = subject == Subject::stream
                         ? "an idle timeout of the server or of a proxy (as proxy_read_timeout)"
                         : "a keep-alive timeout of the server or of a proxy";
  return {.subject = subject,
          .cause = Cause::idle_limit,
          .conclusion = fmt::format("{} of {}", what, format_duration(pattern.idle.middle)),
          .evidence = fmt::format("{} {} after {} of silence{}", counted(pattern.losses, subject),
                                  is_one_kind ? cutter(cuts.front().by) : "cut",
                                  range(pattern.idle.least, pattern.idle.most),
                                  in_spite ? ", in spite of keep-alives" : "")};
}

Diagnosis one_event(const LossPattern& pattern, const EventFacts& facts) {
  const bool found_nobody = facts.broken != 0;
  const bool same_age = pattern.losses > 1 && pattern.age.least >= std::chrono::seconds(1) &&
                        pattern.age.is_one_time() && !found_nobody;
  auto evidence = at_once(pattern, facts);
  if (found_nobody)
    evidence +=
        fmt::format(", beside {} that found nobody or broke off", counted(facts.broken, "request"));
  if (same_age)
    evidence += fmt::format("; all were {} old, so that it can be a limit on their life too",
                            format_duration(pattern.age.middle));
  return {.subject = facts.subject,
          .cause = Cause::restart,
          .conclusion = found_nobody ? "the server was restarted"
                                     : "one event ended them all: a restart or a rollout",
          .evidence = std::move(evidence)};
}

Diagnosis event_or_limit(const LossPattern& pattern, const EventFacts& facts) {
  return {.subject = facts.subject,
          .cause = Cause::unknown,
          .conclusion = fmt::format("either a restart, or a limit of {} or less on idleness: more "
                                    "bursts in one run would tell",
                                    format_duration(pattern.idle.least)),
          .evidence = fmt::format("{}, all after {} of idleness", at_once(pattern, facts),
                                  range(pattern.idle.least, pattern.idle.most))};
}

Diagnosis no_cause(Subject subject, const LossPattern& pattern) {
  return {.subject = subject,
          .cause = Cause::unknown,
          .conclusion = "cause unknown",
          .evidence = fmt::format(
              "{} {}, {} into the run, idle for {}", counted(pattern.losses, subject),
              subject == Subject::session ? "lost" : "cut", range(pattern.first, pattern.last),
              range(pattern.idle.least, pattern.idle.most))};
}

}  // namespace scenarios
