#include "scenarios/diagnosis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "scenarios/loss_pattern.hpp"
#include "scenarios/loss_sentences.hpp"

namespace scenarios {
namespace {

/// Less than that between two requests is no silence.
constexpr std::chrono::seconds silence{1};
/// How long before the first loss a restart can have begun.
constexpr std::chrono::seconds outage{5};

std::vector<Incident> take_if(std::vector<Incident>& from, bool (*wanted)(const Incident&)) {
  const auto rest = std::stable_partition(from.begin(), from.end(), wanted);
  std::vector<Incident> taken(from.begin(), rest);
  from.erase(from.begin(), rest);
  return taken;
}

bool was_in_use(const Incident& loss) {
  return loss.by == CutBy::not_found && loss.idle < silence;
}
bool was_new(const Incident& loss) {
  return was_in_use(loss) && loss.answers == 0;
}

std::uint64_t calls_answered(const Recording& recording) {
  std::uint64_t answered = 0;
  // The first step is to connect (Plan::connect_step).
  for (std::size_t step = 1; step < recording.steps.size(); ++step) {
    const auto& totals = recording.by_step[step];
    answered += totals.requests - failed_requests(totals.failures);
  }
  return answered;
}

/// One run's losses of one subject on their way to a diagnosis each.
class Inquiry {
 public:
  Inquiry(const Recording& recording, StartTime start)
      : recording_(recording),
        start_(start),
        sessions_(recording.totals.sessions_opened + recording.totals.sessions_reinitialised) {}

  std::vector<Diagnosis> of_sessions(std::vector<Incident> losses) {
    find_no_affinity(losses);
    find_limit(losses);
    find_events(losses);
    give_up(Subject::session, losses);
    return std::move(found_);
  }

  std::vector<Diagnosis> of_links(Subject subject, std::vector<Incident> cuts) {
    find_timer(subject, cuts);
    find_events(cuts);
    give_up(subject, cuts);
    return std::move(found_);
  }

 private:
  /// A session that is unknown to the request right after initialize has come to another server.
  void find_no_affinity(std::vector<Incident>& losses) {
    const auto fresh = std::ranges::count_if(losses, was_new);
    const auto used = std::ranges::count_if(losses, was_in_use);
    if (fresh < 2 || fresh * 2 < used || is_restart(losses)) return;
    const auto taken = take_if(losses, was_in_use);
    const AffinityFacts facts{.fresh = static_cast<std::uint64_t>(fresh),
                              .later = taken.size() - static_cast<std::uint64_t>(fresh),
                              .status = taken.front().http_status,
                              .sessions = sessions_,
                              .calls = calls_answered(recording_),
                              .revived = recording_.totals.answered_after_loss};
    if (facts.calls == 0) return add(forgetful(facts), taken.size());
    add(no_affinity(facts), taken.size());
  }

  bool is_restart(const std::vector<Incident>& losses) const {
    const auto pattern = pattern_of(losses);
    return pattern.is_one_event() && broken(pattern) != 0;
  }
  std::uint64_t broken(const LossPattern& pattern) const {
    return broken_requests(recording_, pattern.first - outage, pattern.last);
  }

  /// Several times, so that no single event explains it, and always after as long.
  void find_limit(std::vector<Incident>& losses) {
    const auto pattern = pattern_of(losses);
    if (pattern.losses < 2 || pattern.is_one_event()) return;
    if (pattern.idle.least >= silence) {
      if (!can_be_limit(pattern.idle.least)) return;
      add(idle_limit(pattern, recording_.longest_idle, recording_.totals.reconnects),
          losses.size());
    } else if (pattern.age.least >= silence && pattern.age.is_one_time()) {
      add(age_limit(pattern), losses.size());
    } else {
      return;
    }
    losses.clear();
  }

  /// No longer idleness was survived, but for a tenth: servers look at their timers now and then,
  /// and what is idle for us is so a little earlier than for them.
  bool can_be_limit(mcp::Duration least) const {
    return recording_.longest_idle < least + least / 10;
  }

  void find_timer(Subject subject, std::vector<Incident>& cuts) {
    const auto pattern = pattern_of(cuts);
    if (pattern.losses < 2 || pattern.idle.least < silence || !pattern.idle.is_one_time()) return;
    add(idle_timer(subject, pattern, cuts), cuts.size());
    cuts.clear();
  }

  void find_events(std::vector<Incident>& losses) {
    std::vector<Incident> rest;
    for (auto& event : split_by_event(std::move(losses))) {
      if (!add_event(event)) rest.insert(rest.end(), event.begin(), event.end());
    }
    losses = std::move(rest);
  }

  bool add_event(const std::vector<Incident>& event) {
    const auto pattern = pattern_of(event);
    const auto broken = this->broken(pattern);
    const bool could_be_idleness =
        pattern.idle.least >= silence && can_be_limit(pattern.idle.least);
    const EventFacts facts{.subject = event.front().subject,
                           .start = start_,
                           .broken = broken,
                           .open = open_sessions(recording_, pattern.first)};
    if (!pattern.is_one_event() || (pattern.losses < 2 && broken == 0)) return false;
    const bool is_clear = broken != 0 || !could_be_idleness;
    add(is_clear ? one_event(pattern, facts) : event_or_limit(pattern, facts), event.size());
    return true;
  }

  void give_up(Subject subject, const std::vector<Incident>& losses) {
    if (!losses.empty()) add(no_cause(subject, pattern_of(losses)), losses.size());
  }

  void add(Diagnosis diagnosis, std::size_t count) {
    diagnosis.count = count;
    found_.push_back(std::move(diagnosis));
  }

  const Recording& recording_;
  StartTime start_;
  std::uint64_t sessions_;
  std::vector<Diagnosis> found_;
};

}  // namespace

std::string_view to_string(Cause cause) {
  static constexpr std::array<std::string_view, 5> names = {"no_affinity", "idle_limit",
                                                            "age_limit", "restart", "unknown"};
  return names[static_cast<std::size_t>(cause)];
}

std::vector<Diagnosis> diagnose(const Recording& recording, StartTime start) {
  std::array<std::vector<Incident>, 3> by_subject;
  for (const auto& incident : recording.incidents.first())
    by_subject[static_cast<std::size_t>(incident.subject)].push_back(incident);
  std::vector<Diagnosis> all = Inquiry(recording, start).of_sessions(by_subject[0]);
  for (const Subject subject : {Subject::connection, Subject::stream}) {
    const auto& cuts = by_subject[static_cast<std::size_t>(subject)];
    auto found = Inquiry(recording, start).of_links(subject, cuts);
    all.insert(all.end(), found.begin(), found.end());
  }
  return all;
}

}  // namespace scenarios
