#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/render/metric_family.hpp"
#include "scenarios/recording.hpp"
#include "scenarios/results.hpp"

namespace cli {

using LoadMetric = MetricFamily;

/// What was counted so far; of a run that goes on, or one that is over.
std::vector<LoadMetric> load_metrics(const scenarios::Recording& recording);
/// Of what belongs to one step: mcp.method.name, gen_ai.tool.name, …
std::vector<Label> step_attributes(const scenarios::Step& step);
/// Of all its metrics: what was loaded and how it was spoken to, as far as it is known.
std::vector<Label> peer_attributes(const scenarios::Results& results);
/// What only a whole run has: rates, thresholds, whether the generator was saturated.
std::vector<LoadMetric> verdict_metrics(const scenarios::Results& results);

/// In the Prometheus text format 0.0.4, with names and units translated as OpenTelemetry's
/// exporters do it; each sample names the scenario and the target.
std::string render_load_prometheus(const scenarios::Results& results);

}  // namespace cli
