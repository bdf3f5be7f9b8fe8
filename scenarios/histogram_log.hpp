#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/base/time.hpp"
#include "scenarios/histogram.hpp"
#include "scenarios/recording.hpp"

namespace scenarios {

/// One line of an HdrHistogram log.
struct HistogramInterval {
  std::string tag;       // empty: none
  mcp::Duration from{};  // from the log's start
  mcp::Duration length{};
  Histogram histogram{Digits::two};
  friend bool operator==(const HistogramInterval&, const HistogramInterval&) = default;
};

/// An `.hlog` file, as HdrHistogram's own tools (HistogramLogAnalyzer, the plotter, …) read it.
struct HistogramLog {
  /// Seconds since 1970.
  double start = 0;
  std::vector<HistogramInterval> intervals;
};

std::string write_histogram_log(const HistogramLog& log);
/// Errors are of kind usage and name the line. Lines that begin with '#' or '"' carry nothing but
/// the start time.
mcp::Result<HistogramLog> read_histogram_log(std::string_view text);

/// The latencies of a run from the intended start, by slot of time, with one tag a step.
HistogramLog histogram_log_of(const Recording& recording, double start);

}  // namespace scenarios
