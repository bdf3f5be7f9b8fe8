#include "probes/drift/schema_keywords.hpp"

#include <algorithm>
#include <array>

namespace probes::drift {
namespace {

struct Keyword {
  std::string_view name;
  KeywordShape shape;
};

using enum KeywordShape;

// All dialects together. Sorted by name.
constexpr std::array keywords = {
    Keyword{"$anchor", plain},
    Keyword{"$comment", annotation},
    Keyword{"$defs", schema_map},
    Keyword{"$dynamicAnchor", plain},
    Keyword{"$dynamicRef", plain},
    Keyword{"$id", annotation},
    Keyword{"$recursiveAnchor", plain},
    Keyword{"$recursiveRef", plain},
    Keyword{"$ref", plain},
    Keyword{"$schema", plain},
    Keyword{"$vocabulary", plain},
    Keyword{"additionalItems", schema},
    Keyword{"additionalProperties", schema},
    Keyword{"allOf", schemas},
    Keyword{"anyOf", schemas},
    Keyword{"const", plain},
    Keyword{"contains", schema},
    Keyword{"contentEncoding", annotation},
    Keyword{"contentMediaType", annotation},
    Keyword{"contentSchema", annotation},
    Keyword{"default", annotation},
    Keyword{"definitions", schema_map},
    Keyword{"dependencies", schema_map},
    Keyword{"dependentRequired", plain},
    Keyword{"dependentSchemas", schema_map},
    Keyword{"deprecated", annotation},
    Keyword{"description", annotation},
    Keyword{"else", schema},
    Keyword{"enum", plain},
    Keyword{"examples", annotation},
    Keyword{"exclusiveMaximum", plain},
    Keyword{"exclusiveMinimum", plain},
    Keyword{"format", annotation},
    Keyword{"if", schema},
    Keyword{"items", schema},
    Keyword{"maxContains", plain},
    Keyword{"maxItems", plain},
    Keyword{"maxLength", plain},
    Keyword{"maxProperties", plain},
    Keyword{"maximum", plain},
    Keyword{"minContains", plain},
    Keyword{"minItems", plain},
    Keyword{"minLength", plain},
    Keyword{"minProperties", plain},
    Keyword{"minimum", plain},
    Keyword{"multipleOf", plain},
    Keyword{"not", schema},
    Keyword{"oneOf", schemas},
    Keyword{"pattern", plain},
    Keyword{"patternProperties", schema_map},
    Keyword{"prefixItems", schemas},
    Keyword{"properties", schema_map},
    Keyword{"propertyNames", schema},
    Keyword{"readOnly", annotation},
    Keyword{"required", plain},
    Keyword{"then", schema},
    Keyword{"title", annotation},
    Keyword{"type", plain},
    Keyword{"unevaluatedItems", schema},
    Keyword{"unevaluatedProperties", schema},
    Keyword{"uniqueItems", plain},
    Keyword{"writeOnly", annotation},
};
static_assert(std::ranges::is_sorted(keywords, {}, &Keyword::name));

}  // namespace

KeywordShape shape_of(std::string_view keyword) {
  const auto* found = std::ranges::lower_bound(keywords, keyword, {}, &Keyword::name);
  return found != keywords.end() && found->name == keyword ? found->shape : unknown;
}

bool is_annotation(std::string_view keyword) {
  const auto shape = shape_of(keyword);
  return shape == annotation || shape == unknown;
}

}  // namespace probes::drift
