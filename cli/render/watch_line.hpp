#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>

#include "cli/render/document.hpp"
#include "cli/render/format.hpp"
#include "mcp/base/time.hpp"

namespace cli {

/// What is known of a server that is probed again and again: bounded, however long it goes on.
class Uptime {
 public:
  using Time = std::chrono::system_clock::time_point;
  /// So many of the newest latencies are drawn.
  static constexpr std::size_t drawn = 20;

  void add(Time time, bool up, mcp::Duration latency);

  std::size_t runs() const { return runs_; }
  std::size_t good() const { return good_; }
  bool is_up() const { return up_; }
  /// When it came to be as it is now, as far as this was seen.
  Time since() const { return since_; }
  /// Of the good runs.
  std::optional<mcp::Duration> fastest() const { return fastest_; }
  std::optional<mcp::Duration> slowest() const { return slowest_; }
  std::optional<mcp::Duration> mean() const;
  /// The newest latencies as bars; a run that was not good is a cross.
  std::string drawing() const;
  /// "100 %", "99.9 %": never rounded up to all, nor down to nothing.
  std::string share() const;

 private:
  std::size_t runs_ = 0;
  std::size_t good_ = 0;
  bool up_ = false;
  Time since_;
  mcp::Duration sum_{};
  std::optional<mcp::Duration> fastest_;
  std::optional<mcp::Duration> slowest_;
  std::deque<std::optional<double>> newest_;
};

/// One line for one run; `uptime` has it already.
std::string watch_line(const Document& document, const Uptime& uptime, Uptime::Time time,
                       Colour colour);
/// One line for all of them.
std::string watch_summary(const Uptime& uptime, mcp::Duration watched);

}  // namespace cli
