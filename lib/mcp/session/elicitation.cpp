#include "mcp/session/elicitation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "mcp/base/text.hpp"

namespace mcp {
namespace {

using nlohmann::json;

/// Whether a selection is one of `enum`, or of the `const`s of `titled`; true where the schema
/// gives no such list.
bool is_offered(const json& schema, const char* titled, const json& value) {
  if (!schema.is_object()) return true;
  if (const auto list = schema.find("enum"); list != schema.end()) {
    return list->is_array() && std::ranges::find(*list, value) != list->end();
  }
  const auto options = schema.find(titled);
  if (options == schema.end()) return true;
  return options->is_array() && std::ranges::any_of(*options, [&value](const json& option) {
           return option.is_object() && option.contains("const") && option["const"] == value;
         });
}

bool is_integral(const json& value) {
  return value.is_number_integer() ||
         (value.is_number_float() && value.get<double>() == std::floor(value.get<double>()));
}

/// 2025-11-25 elicitation, "Requested Schema": the primitive types and the two kinds of enum.
bool is_valid_default(const json& schema, const json& value) {
  const auto type = schema.find("type");
  if (type == schema.end()) return is_offered(schema, "oneOf", value);
  if (*type == "string") return value.is_string() && is_offered(schema, "oneOf", value);
  if (*type == "number") return value.is_number();
  if (*type == "integer") return is_integral(value);
  if (*type == "boolean") return value.is_boolean();
  if (*type != "array" || !value.is_array()) return false;
  const auto items = schema.value("items", json::object());
  return std::ranges::all_of(value, [&items](const json& each) {
    return each.is_string() && is_offered(items, "anyOf", each);
  });
}

ElicitationAnswer decline(std::string described) {
  return {.result = json{{"action", "decline"}}, .described = std::move(described)};
}

}  // namespace

bool is_form_elicitation(const Json& params) {
  // 2025-11-25 elicitation: "Clients MUST treat requests without a mode field as form mode."
  return !params->is_object() || !params->contains("mode") || (*params)["mode"] == "form";
}

ElicitationAnswer answer_elicitation(const Json& params, ElicitationPolicy policy) {
  if (policy == ElicitationPolicy::decline) return decline("declined");
  const json schema = params->is_object() ? params->value("requestedSchema", json()) : json();
  if (!schema.is_object()) return decline("declined: it has no requestedSchema");
  json content = json::object();
  const auto properties = schema.value("properties", json());
  if (properties.is_object()) {
    for (const auto& [name, property] : properties.items()) {
      if (!property.is_object() || !property.contains("default")) continue;
      if (is_valid_default(property, property["default"])) content[name] = property["default"];
    }
  }
  for (const auto& name : schema.value("required", json::array())) {
    if (!name.is_string() || content.contains(name.get_ref<const std::string&>())) continue;
    return decline(fmt::format("declined: {} is required and has no default",
                               quoted(name.get_ref<const std::string&>(), 100)));
  }
  return {.result = json{{"action", "accept"}, {"content", std::move(content)}},
          .described = "accepted with the schema's defaults"};
}

}  // namespace mcp
