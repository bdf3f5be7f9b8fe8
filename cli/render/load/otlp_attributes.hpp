#pragma once

#include <nlohmann/json_fwd.hpp>

#include "cli/render/load/otlp.hpp"

namespace cli {

/// KeyValues; those that the conventions have as numbers become intValue.
nlohmann::json otlp_attributes(const std::vector<Label>& labels, const std::vector<Label>& more);
/// A message with one resource and one scope: {"resourceMetrics": […]} or {"resourceSpans": […]}.
std::string otlp_document(const char* resources, const char* scopes, const char* items,
                          nlohmann::json list, const OtlpContext& context);
std::string otlp_time(OtlpContext::Wall time);

}  // namespace cli
