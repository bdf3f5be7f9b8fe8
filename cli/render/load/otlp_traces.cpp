#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/render/load/otlp.hpp"
#include "cli/render/load/otlp_attributes.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

using nlohmann::json;
using scenarios::Failure;

// trace.proto: SPAN_KIND_CLIENT, STATUS_CODE_ERROR; W3C flag "sampled".
constexpr int client = 3;
constexpr int error = 2;
constexpr int sampled = 1;

/// "tools/call search"; a URI would make too many names.
std::string span_name(const scenarios::Step& step) {
  const bool has_target = step.method == "tools/call" || step.method == "prompts/get";
  if (!has_target || step.name.empty()) return mcp::printable(step.method);
  return mcp::printable(step.method + " " + step.name);
}

std::vector<Label> attributes_of(const scenarios::TracedRequest& trace,
                                 const scenarios::Step& step) {
  auto attributes = step_attributes(step);
  if (!trace.failure) return attributes;
  if (trace.http_status != 0)
    attributes.push_back({"http.response.status_code", fmt::to_string(trace.http_status)});
  attributes.push_back({"error.type", std::string(to_string(*trace.failure))});
  return attributes;
}

json span_json(const scenarios::TracedRequest& trace, const OtlpContext& context) {
  const auto& step = context.steps.at(trace.step);
  const auto wall = [&](mcp::TimePoint time) {
    return otlp_time(context.start + (time - context.start_on_loop));
  };
  json span = {{"traceId", trace_id(trace.ids)},
               {"spanId", span_id(trace.ids)},
               {"name", span_name(step)},
               {"kind", client},
               {"flags", sampled},
               {"startTimeUnixNano", wall(trace.started)},
               {"endTimeUnixNano", wall(trace.ended)},
               {"attributes", otlp_attributes(attributes_of(trace, step), context.peer)}};
  if (trace.failure) span["status"] = {{"code", error}};
  return span;
}

}  // namespace

std::string otlp_traces(std::span<const scenarios::TracedRequest> traces,
                        const OtlpContext& context) {
  json list = json::array();
  for (const auto& trace : traces) list.push_back(span_json(trace, context));
  return otlp_document("resourceSpans", "scopeSpans", "spans", std::move(list), context);
}

}  // namespace cli
