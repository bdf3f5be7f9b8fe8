#pragma once

#include <span>
#include <string>

#include "cli/render/document.hpp"

namespace cli {

/// Metrics in Prometheus' text exposition format 0.0.4, those of one name together.
std::string exposition(std::span<const Metric> metrics);

/// What an answer with such a text says that it is.
inline constexpr auto exposition_type = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace cli
