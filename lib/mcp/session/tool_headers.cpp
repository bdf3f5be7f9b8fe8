#include "mcp/session/tool_headers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/wire/json_text.hpp"

namespace mcp {
namespace {

using nlohmann::json;
constexpr const char* annotation_keyword = "x-mcp-header";

/// Keywords whose value is a schema or an array of schemas, and those whose value maps names to
/// schemas (JSON Schema 2020-12 core section 10, and its predecessors' names). What lies under any
/// other keyword but `properties` is data, not a schema.
constexpr std::array<std::string_view, 17> schema_keywords = {"items",
                                                              "prefixItems",
                                                              "additionalItems",
                                                              "contains",
                                                              "additionalProperties",
                                                              "not",
                                                              "propertyNames",
                                                              "unevaluatedProperties",
                                                              "unevaluatedItems",
                                                              "allOf",
                                                              "anyOf",
                                                              "oneOf",
                                                              "if",
                                                              "then",
                                                              "else",
                                                              "contentSchema",
                                                              "extends"};
constexpr std::array<std::string_view, 5> schema_map_keywords = {
    "$defs", "definitions", "patternProperties", "dependentSchemas", "dependencies"};

bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char symbol) {
    return (symbol >= '0' && symbol <= '9') || (symbol >= 'a' && symbol <= 'z') ||
           (symbol >= 'A' && symbol <= 'Z') || marks.find(symbol) != std::string_view::npos;
  });
}

bool is_mirrored_type(const json& type) {
  return type == "string" || type == "integer" || type == "boolean";
}

/// A primitive type, or the union of one with null: a null argument gives no field.
bool has_mirrored_type(const json& schema) {
  const auto type = schema.find("type");
  if (type == schema.end()) return false;
  if (!type->is_array()) return is_mirrored_type(*type);
  const auto null_count = std::ranges::count(*type, json("null"));
  return type->size() == 1U + static_cast<std::size_t>(null_count) &&
         std::ranges::any_of(*type, is_mirrored_type);
}

/// One pass over a schema for the constraints of "Schema Extension".
class AnnotationCheck {
 public:
  enum class Place { statically_reachable, elsewhere };

  /// The first constraint that is broken; empty where none is.
  std::string visit(const json& schema, Place place) {
    if (schema.is_array()) {
      for (const auto& each : schema) {
        if (auto broken = visit(each, Place::elsewhere); !broken.empty()) return broken;
      }
    }
    if (!schema.is_object()) return {};
    if (const auto found = schema.find(annotation_keyword); found != schema.end()) {
      if (auto broken = check_annotation(*found, schema, place); !broken.empty()) return broken;
    }
    for (const auto& [keyword, value] : schema.items()) {
      if (auto broken = visit_keyword(keyword, value, place); !broken.empty()) return broken;
    }
    return {};
  }

 private:
  std::string visit_keyword(const std::string& keyword, const json& value, Place place) {
    if (std::ranges::find(schema_keywords, keyword) != schema_keywords.end()) {
      return visit(value, Place::elsewhere);
    }
    const bool is_properties = keyword == "properties";
    const bool is_map = is_properties || std::ranges::find(schema_map_keywords, keyword) !=
                                             schema_map_keywords.end();
    if (!is_map || !value.is_object()) return {};
    for (const auto& each : value) {
      auto broken = visit(each, is_properties ? place : Place::elsewhere);
      if (!broken.empty()) return broken;
    }
    return {};
  }

  std::string check_annotation(const json& name, const json& schema, Place place) {
    const auto shown = excerpt(json_text(name), 100);
    if (!name.is_string()) return fmt::format("x-mcp-header {} is not a string", shown);
    const auto& text = name.get_ref<const std::string&>();
    if (text.empty()) return "x-mcp-header is empty";
    if (!is_token(text)) return fmt::format("x-mcp-header {} is not an HTTP field name", shown);
    if (place == Place::elsewhere) {
      return fmt::format("x-mcp-header {} is not reachable by properties alone", shown);
    }
    if (!has_mirrored_type(schema)) {
      return fmt::format(
          "x-mcp-header {} is on a parameter that is not a string, integer or "
          "boolean",
          shown);
    }
    auto key = to_lower(text);
    if (std::ranges::find(seen_, key) != seen_.end()) {
      return fmt::format("x-mcp-header {} is used twice", shown);
    }
    seen_.push_back(std::move(key));
    return {};
  }

  std::vector<std::string> seen_;
};

/// Nothing for values that have no header form; the server judges those by its schema.
std::string header_text(const json& value) {
  if (value.is_number_float() && value.get<double>() == std::floor(value.get<double>())) {
    return fmt::format("{:.0f}", value.get<double>());
  }
  return value.dump();
}

void collect(const json& schema, const json& arguments, HeaderList& headers) {
  const auto properties = schema.find("properties");
  if (properties == schema.end() || !properties->is_object() || !arguments.is_object()) return;
  for (const auto& [name, property] : properties->items()) {
    const auto value = arguments.find(name);
    if (value == arguments.end() || !property.is_object()) continue;
    const auto* header = property.contains(annotation_keyword)
                             ? property[annotation_keyword].get_ptr<const std::string*>()
                             : nullptr;
    if (header == nullptr) {
      collect(property, *value, headers);
    } else if (value->is_string()) {
      headers.push_back({"Mcp-Param-" + *header, encode_header_value(value->get<std::string>())});
    } else if (value->is_number() || value->is_boolean()) {
      headers.push_back({"Mcp-Param-" + *header, header_text(*value)});
    }
  }
}

}  // namespace

std::string encode_header_value(const std::string& value) {
  // RFC 9110 section 5.5 allows a tab inside a value; encoding it is safe with every server.
  const bool plain =
      std::ranges::all_of(value, [](unsigned char byte) { return byte >= 0x20 && byte <= 0x7e; });
  const bool padded = value.starts_with(' ') || value.ends_with(' ');
  const bool is_sentinel = value.starts_with("=?base64?") && value.ends_with("?=");
  if (plain && !padded && !is_sentinel) return value;
  return "=?base64?" + base64(value) + "?=";
}

Result<void> check_tool_headers(const Json& input_schema) {
  auto broken =
      AnnotationCheck().visit(*input_schema, AnnotationCheck::Place::statically_reachable);
  if (!broken.empty()) return fail(ErrorKind::protocol, std::move(broken));
  return {};
}

HeaderList tool_headers(const Json& input_schema, const Json& arguments) {
  HeaderList headers;
  if (input_schema->is_object()) collect(*input_schema, *arguments, headers);
  return headers;
}

}  // namespace mcp
