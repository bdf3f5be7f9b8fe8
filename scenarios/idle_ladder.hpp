#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "mcp/base/time.hpp"
#include "scenarios/incident.hpp"
#include "scenarios/scenario.hpp"

namespace scenarios {

/// What one idle wait showed.
struct IdleTrial {
  mcp::Duration waited{};
  bool survived = true;
  /// Of a cut: who cut, and the moment where it was seen by itself (FIN, RST), counted from the
  /// beginning of the wait. Without it the cut was found out by the request after the wait.
  CutBy by = CutBy::fin;
  int http_status = 0;
  std::optional<mcp::Duration> seen_after;
  bool keep_alive_seen = false;
  /// Between two of them, on the average; where there were two.
  std::optional<mcp::Duration> keep_alive_every;
  /// N of `Keep-Alive: timeout=N`, where it was told.
  std::optional<std::chrono::seconds> announced;
};

/// Finds the time after which something idle is cut. Each round waits for several times side by
/// side: spread over the whole range at first, then within what is left. It ends when the longest
/// survival and the shortest cut lie within the tolerance. Trials that contradict each other (cut
/// at 5 s, alive at 8 s) are outvoted, repeated, and told; what one trial alone says is confirmed.
class IdleLadder {
 public:
  static constexpr std::size_t usual_lanes = 8;

  /// `lanes`: how many waits go on side by side.
  explicit IdleLadder(const IdleSearch& search, std::size_t lanes = usual_lanes);

  /// The times to wait for now; empty when the search has ended.
  std::vector<mcp::Duration> next_round();
  void add(const IdleTrial& trial);
  /// Nothing is learnt from the waits that still go on: all are longer than a cut of this round.
  bool round_is_over() const;

  enum class Verdict : std::uint8_t {
    searching,
    found,          // between `survived` and `cut`
    never_cut,      // not up to the longest wait
    always_cut,     // even after the shortest
    contradictory,  // no single time explains the trials
  };
  struct Result {
    Verdict verdict = Verdict::searching;
    mcp::Duration survived{};  // the longest wait that is sure to survive
    mcp::Duration cut{};       // the shortest wait that was cut, or the moment that was seen
    CutBy by = CutBy::fin;     // what most of the cuts were
    int http_status = 0;
    /// The middle of the moments in which cuts were seen, and how far the others were from it.
    std::optional<mcp::Duration> seen;
    mcp::Duration seen_spread{};
    bool keep_alive_seen = false;
    std::optional<mcp::Duration> keep_alive_every;
    std::optional<std::chrono::seconds> announced;
    std::size_t trials = 0;
    std::size_t contradictions = 0;

    /// After how long it is cut, and how far that may be off; only of `found`.
    mcp::Duration time() const { return seen.value_or(survived + (cut - survived) / 2); }
    mcp::Duration tolerance() const { return seen ? seen_spread : (cut - survived) / 2; }
    friend bool operator==(const Result&, const Result&) = default;
  };
  Result result() const;

 private:
  /// A time at which it was known to live, or to be cut.
  struct Point {
    mcp::Duration time{};
    bool cut = false;
  };
  struct Bounds {
    mcp::Duration survived{};
    mcp::Duration cut = mcp::Duration::max();
    std::size_t contradictions = 0;
    /// Trials near the limit that say so: a few may be chance.
    std::size_t lived = 0;
    std::size_t died = 0;
    /// Those near the limit that say otherwise are more than a fifth of all near it.
    bool blurred = false;
    bool is_narrow(mcp::Duration within) const {
      return cut != mcp::Duration::max() && cut - survived <= within;
    }
  };
  /// The split of the trials that the fewest contradict.
  Bounds bounds() const;
  bool is_cut_from_the_start(const Bounds& bounds) const {
    return bounds.survived == mcp::Duration::zero() && bounds.cut <= search_.from;
  }
  Verdict verdict_of(const Bounds& bounds) const;
  void add_sightings(Result& result) const;
  std::vector<Point> points() const;
  void look_near(const std::vector<Point>& sorted, Bounds& bounds) const;
  std::vector<mcp::Duration> spread(mcp::Duration from, mcp::Duration to) const;
  std::vector<mcp::Duration> contradicted(const Bounds& bounds) const;

  static constexpr std::size_t most_rounds = 12;

  IdleSearch search_;
  std::size_t lanes_;
  std::size_t rounds_ = 0;
  std::vector<mcp::Duration> awaited_;
  std::vector<IdleTrial> trials_;
  std::size_t round_start_ = 0;  // among the trials
};

/// "found", "never_cut", …
std::string_view to_string(IdleLadder::Verdict verdict);
std::optional<IdleLadder::Verdict> idle_verdict_named(std::string_view name);

}  // namespace scenarios
