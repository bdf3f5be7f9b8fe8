#pragma once

#include <span>

#include "cli/render/load/metrics.hpp"
#include "scenarios/histogram.hpp"

namespace cli {

/// The bounds that the conventions give for mcp.client.operation.duration, in seconds; used for
/// everything that lasts.
std::span<const double> convention_bounds();
/// Finer below, for latencies and lags.
std::span<const double> fine_bounds();

/// Microseconds become seconds. A bucket of the histogram (0.1 % wide) in which a bound lies counts
/// as below it.
Distribution distribution_of(const scenarios::Histogram& histogram, std::span<const double> bounds);
/// What is left without `part`, which must have been counted in it.
void subtract(Distribution& from, const Distribution& part);

}  // namespace cli
