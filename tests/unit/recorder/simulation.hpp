#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "scenarios/recorder.hpp"

/// Runs in virtual time for the tests of the recorder and of all that is made from it.
namespace simulation {

using Seconds = std::chrono::duration<double>;

inline constexpr mcp::TimePoint start{std::chrono::hours{1000}};

inline mcp::Duration seconds(double count) {
  return std::chrono::duration_cast<mcp::Duration>(Seconds{count});
}
inline mcp::TimePoint at(double count) {
  return start + seconds(count);
}

inline scenarios::RecorderOptions options() {
  return {.steps = {{"initialize", ""}, {"tools/call", "echo"}, {"tools/call", "add"}},
          .start = start};
}

/// Something to note; a run is a list of these, in the order of time.
using Event = std::function<void(scenarios::Recorder&)>;

/// Requests, failures, sessions, cuts, bursts and all else, `count` of them over `length`.
std::vector<Event> random_run(std::uint64_t seed, std::size_t count, double length);

/// Plays every event into the recorder that `which` names; all of them end at `ended`.
std::vector<scenarios::Recorder> play(const std::vector<Event>& events, std::size_t recorders,
                                      const std::function<std::size_t(std::size_t)>& which,
                                      double ended);

/// One recorder that saw everything.
scenarios::Recording record(const std::vector<Event>& events, double ended);

/// A server that answers one request after the other and stands still for a while.
struct Queue {
  double rate = 100;   // requests a second, evenly spaced
  double length = 10;  // of the schedule, in seconds
  double service = 0.002;
  double noise = 0;  // standard deviation of the service time, as a share of it
  double frozen_from = 0;
  double frozen_for = 0;
  double stalls = 0;     // how many there are in the whole run on average, at random times,
  double stall_for = 0;  // and how long each of them is
  double failing = 0;    // share of tool errors
  std::uint64_t seed = 1;
};
/// Shard `shard` of `shards` takes every so many-th request; the server is simulated for all.
scenarios::Recording run(const Queue& queue, std::size_t shard = 0, std::size_t shards = 1);

}  // namespace simulation
