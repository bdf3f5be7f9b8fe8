#include "cli/render/load/otlp_attributes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "cli/version.hpp"

namespace cli {
namespace {

using nlohmann::json;

bool is_number(std::string_view name) {
  constexpr std::array<std::string_view, 2> numbers = {"server.port", "http.response.status_code"};
  return std::ranges::find(numbers, name) != numbers.end();
}

}  // namespace

json otlp_attributes(const std::vector<Label>& labels, const std::vector<Label>& more) {
  json attributes = json::array();
  for (const auto* list : {&labels, &more})
    for (const auto& label : *list)
      attributes.push_back(
          {{"key", label.name},
           {"value", {{is_number(label.name) ? "intValue" : "stringValue", label.value}}}});
  return attributes;
}

std::string otlp_document(const char* resources, const char* scopes, const char* items, json list,
                          const OtlpContext& context) {
  json scope = {{"scope", {{"name", "mcpctl.load"}, {"version", std::string(version())}}}};
  scope[items] = std::move(list);
  json resource = {{"resource", {{"attributes", otlp_attributes(context.resource, {})}}}};
  resource[scopes] = json::array({std::move(scope)});
  json document = json::object();
  document[resources] = json::array({std::move(resource)});
  return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string otlp_time(OtlpContext::Wall time) {
  return fmt::to_string(time.time_since_epoch().count());
}

}  // namespace cli
