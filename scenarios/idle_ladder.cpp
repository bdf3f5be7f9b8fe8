#include "scenarios/idle_ladder.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>

namespace scenarios {
namespace {

mcp::Duration death_of(const IdleTrial& trial) {
  return trial.seen_after.value_or(trial.waited);
}

constexpr std::array<std::string_view, 5> verdicts = {"searching", "found", "never_cut",
                                                      "always_cut", "contradictory"};

}  // namespace

IdleLadder::IdleLadder(const IdleSearch& search, std::size_t lanes)
    : search_(search), lanes_(std::max<std::size_t>(lanes, 2)) {}

std::vector<mcp::Duration> IdleLadder::next_round() {
  awaited_.clear();
  round_start_ = trials_.size();
  const auto now = bounds();
  if (rounds_ >= most_rounds || (rounds_ > 0 && verdict_of(now) != Verdict::searching)) return {};
  if (rounds_++ == 0) {
    awaited_ = spread(search_.from, search_.to);
  } else if (now.cut == mcp::Duration::max()) {
    // The cuts so far were outvoted by survivals: look further out again.
    awaited_ = spread(std::max(now.survived, search_.from), search_.to);
  } else if (is_cut_from_the_start(now)) {
    awaited_.assign(lanes_, search_.from);
  } else if (now.is_narrow(search_.within)) {
    // Not at the limit itself, where both outcomes may be true.
    awaited_.assign(lanes_ / 2, std::max(now.survived - search_.within, search_.from));
    awaited_.resize(lanes_, now.cut + search_.within);
  } else {
    const auto again = contradicted(now);
    const auto gap = now.cut - now.survived;
    const auto fresh = static_cast<std::int64_t>(lanes_ - again.size());
    for (std::int64_t i = 1; i <= fresh; ++i)
      awaited_.push_back(now.survived + gap * i / (fresh + 1));
    awaited_.insert(awaited_.end(), again.begin(), again.end());
  }
  std::ranges::sort(awaited_);
  return awaited_;
}

/// Evenly in the logarithm: every factor is as likely as the other.
std::vector<mcp::Duration> IdleLadder::spread(mcp::Duration from, mcp::Duration to) const {
  std::vector<mcp::Duration> times;
  const double ratio = static_cast<double>(to.count()) / static_cast<double>(from.count());
  for (std::size_t i = 0; i < lanes_; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(lanes_ - 1);
    const double time = static_cast<double>(from.count()) * std::pow(ratio, share);
    times.emplace_back(std::min<std::int64_t>(std::llround(time), to.count()));
  }
  times.back() = to;
  return times;
}

/// Half of the lanes at most repeat what was outvoted.
std::vector<mcp::Duration> IdleLadder::contradicted(const Bounds& bounds) const {
  std::vector<mcp::Duration> times;
  if (bounds.contradictions == 0) return times;
  for (const auto& trial : trials_) {
    const bool outvoted =
        trial.survived ? trial.waited >= bounds.cut : death_of(trial) <= bounds.survived;
    if (outvoted && times.size() < lanes_ / 2) times.push_back(trial.waited);
  }
  return times;
}

void IdleLadder::add(const IdleTrial& trial) {
  trials_.push_back(trial);
  const auto awaited = std::ranges::find(awaited_, trial.waited);
  if (awaited != awaited_.end()) awaited_.erase(awaited);
}

bool IdleLadder::round_is_over() const {
  auto shortest = mcp::Duration::max();
  for (std::size_t i = round_start_; i < trials_.size(); ++i) {
    if (!trials_[i].survived) shortest = std::min(shortest, trials_[i].waited);
  }
  return std::ranges::all_of(awaited_, [&](mcp::Duration wait) { return wait > shortest; });
}

std::vector<IdleLadder::Point> IdleLadder::points() const {
  std::vector<Point> result;
  for (const auto& trial : trials_) {
    result.push_back(
        {.time = trial.survived ? trial.waited : death_of(trial), .cut = !trial.survived});
    // Whose death was seen had lived until then.
    if (trial.seen_after && *trial.seen_after > search_.within) {
      result.push_back({.time = *trial.seen_after - search_.within / 2, .cut = false});
    }
  }
  std::ranges::sort(result, {},
                    [](const Point& point) { return std::tuple(point.time, point.cut); });
  return result;
}

IdleLadder::Bounds IdleLadder::bounds() const {
  const auto sorted = points();
  // At split i the points before it should be alive, those from it on cut.
  auto wrong = static_cast<std::size_t>(std::ranges::count(sorted, false, &Point::cut));
  std::size_t best = 0;
  auto fewest = wrong;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    wrong = sorted[i].cut ? wrong + 1 : wrong - 1;
    if (wrong < fewest) {
      fewest = wrong;
      best = i + 1;
    }
  }
  Bounds result{.contradictions = fewest};
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i < best && !sorted[i].cut) result.survived = sorted[i].time;
    if (i >= best && sorted[i].cut) result.cut = std::min(result.cut, sorted[i].time);
  }
  look_near(sorted, result);
  return result;
}

void IdleLadder::look_near(const std::vector<Point>& sorted, Bounds& bounds) const {
  const auto near = 4 * search_.within;
  std::size_t around = 0;
  std::size_t otherwise = 0;
  for (const auto& [time, cut] : sorted) {
    const bool should_live = time <= bounds.survived;
    if (!cut && should_live && bounds.survived - time <= near) ++bounds.lived;
    if (cut && time >= bounds.cut && time - bounds.cut <= near) ++bounds.died;
    // Within a factor of two: chance further away says nothing about the limit itself.
    if (time < bounds.survived / 2 || time / 2 > bounds.cut) continue;
    ++around;
    if (cut == should_live) ++otherwise;
  }
  bounds.blurred = otherwise * 5 > around;
}

IdleLadder::Verdict IdleLadder::verdict_of(const Bounds& bounds) const {
  const auto enough = lanes_ / 2;
  const bool vague = bounds.blurred || bounds.contradictions * 3 > trials_.size();
  if (!vague && bounds.survived >= search_.to) return Verdict::never_cut;
  if (!vague && is_cut_from_the_start(bounds) && bounds.died > enough) return Verdict::always_cut;
  const bool confirmed = bounds.lived > enough && bounds.died > enough;
  if (!vague && bounds.is_narrow(search_.within) && confirmed) return Verdict::found;
  return rounds_ >= most_rounds ? Verdict::contradictory : Verdict::searching;
}

IdleLadder::Result IdleLadder::result() const {
  const auto now = bounds();
  Result result{.verdict = trials_.empty() ? Verdict::searching : verdict_of(now),
                .survived = now.survived,
                .cut = now.cut,
                .trials = trials_.size(),
                .contradictions = now.contradictions};
  std::map<std::pair<CutBy, int>, int> votes;
  for (const auto& trial : trials_) {
    if (!trial.survived) ++votes[{trial.by, trial.http_status}];
    result.keep_alive_seen = result.keep_alive_seen || trial.keep_alive_seen;
    if (trial.keep_alive_every) result.keep_alive_every = trial.keep_alive_every;
    if (trial.announced) result.announced = trial.announced;
  }
  add_sightings(result);
  const auto most =
      std::ranges::max_element(votes, {}, [](const auto& vote) { return vote.second; });
  if (most != votes.end()) std::tie(result.by, result.http_status) = most->first;
  return result;
}

/// Only of cuts near the time that was found: others are chance.
void IdleLadder::add_sightings(Result& result) const {
  std::vector<mcp::Duration> seen;
  for (const auto& trial : trials_) {
    const bool counts = !trial.survived && trial.seen_after;
    if (counts && *trial.seen_after >= result.cut &&
        *trial.seen_after <= result.cut + search_.within) {
      seen.push_back(*trial.seen_after);
    }
  }
  if (seen.empty()) return;
  std::ranges::sort(seen);
  result.seen = seen[seen.size() / 2];
  result.seen_spread = std::max(seen.back() - *result.seen, *result.seen - seen.front());
}

std::string_view to_string(IdleLadder::Verdict verdict) {
  return verdicts[static_cast<std::size_t>(verdict)];
}

std::optional<IdleLadder::Verdict> idle_verdict_named(std::string_view name) {
  const auto* found = std::ranges::find(verdicts, name);
  if (found == verdicts.end()) return std::nullopt;
  return static_cast<IdleLadder::Verdict>(found - verdicts.begin());
}

}  // namespace scenarios
