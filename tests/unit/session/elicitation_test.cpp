#include "mcp/session/elicitation.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

using namespace mcp;
using nlohmann::json;

namespace {

json answered(const json& schema, ElicitationPolicy policy = ElicitationPolicy::accept_defaults) {
  return *answer_elicitation(json{{"message", "m"}, {"requestedSchema", schema}}, policy).result;
}

json property(const json& schema) {
  return answered({{"type", "object"}, {"properties", {{"p", schema}}}});
}

json accepted(const json& content) {
  return {{"action", "accept"}, {"content", content}};
}

const json declined = {{"action", "decline"}};

}  // namespace

TEST_CASE("elicitation: the policy to decline declines everything") {
  const json schema = {{"type", "object"},
                       {"properties", {{"p", {{"type", "string"}, {"default", "x"}}}}}};
  CHECK(answered(schema, ElicitationPolicy::decline) == declined);
  CHECK(answer_elicitation({}, ElicitationPolicy::decline).described == "declined");
}

TEST_CASE("elicitation: the defaults of all primitive types are given (SEP-1034)") {
  CHECK(answered({{"type", "object"},
                  {"properties",
                   {{"name", {{"type", "string"}, {"default", "John Doe"}}},
                    {"age", {{"type", "integer"}, {"default", 30}}},
                    {"score", {{"type", "number"}, {"default", 95.5}}},
                    {"status",
                     {{"type", "string"}, {"enum", {"active", "inactive"}}, {"default", "active"}}},
                    {"verified", {{"type", "boolean"}, {"default", true}}},
                    {"nothing", {{"type", "string"}}}}},
                  {"required", json::array()}}) == accepted({{"name", "John Doe"},
                                                             {"age", 30},
                                                             {"score", 95.5},
                                                             {"status", "active"},
                                                             {"verified", true}}));
}

TEST_CASE("elicitation: the defaults of enums with titles and of multiple choices are given") {
  const json titled = {{{"const", "#f00"}, {"title", "Red"}},
                       {{"const", "#0f0"}, {"title", "Green"}}};
  CHECK(property({{"type", "string"}, {"oneOf", titled}, {"default", "#f00"}}) ==
        accepted({{"p", "#f00"}}));
  CHECK(property(
            {{"type", "array"}, {"items", {{"anyOf", titled}}}, {"default", {"#f00", "#0f0"}}}) ==
        accepted({{"p", {"#f00", "#0f0"}}}));
  CHECK(property({{"type", "array"},
                  {"items", {{"type", "string"}, {"enum", {"a", "b"}}}},
                  {"default", {"b"}}}) == accepted({{"p", {"b"}}}));
}

TEST_CASE("elicitation: falsy defaults are defaults") {
  CHECK(property({{"type", "boolean"}, {"default", false}}) == accepted({{"p", false}}));
  CHECK(property({{"type", "integer"}, {"default", 0}}) == accepted({{"p", 0}}));
  CHECK(property({{"type", "string"}, {"default", ""}}) == accepted({{"p", ""}}));
  CHECK(
      property({{"type", "array"}, {"items", {{"type", "string"}}}, {"default", json::array()}}) ==
      accepted({{"p", json::array()}}));
}

TEST_CASE("elicitation: a default that its own schema forbids is not given") {
  const json nothing = accepted(json::object());
  CHECK(property({{"type", "string"}, {"default", 5}}) == nothing);
  CHECK(property({{"type", "integer"}, {"default", 1.5}}) == nothing);
  CHECK(property({{"type", "number"}, {"default", "5"}}) == nothing);
  CHECK(property({{"type", "boolean"}, {"default", 1}}) == nothing);
  CHECK(property({{"type", "string"}, {"enum", {"a"}}, {"default", "b"}}) == nothing);
  CHECK(property({{"type", "string"}, {"oneOf", {{{"const", "a"}}}}, {"default", "b"}}) == nothing);
  CHECK(property({{"type", "array"}, {"items", {{"enum", {"a"}}}}, {"default", {"a", "b"}}}) ==
        nothing);
  CHECK(property({{"type", "array"}, {"default", {1}}}) == nothing);
  CHECK(property({{"type", "object"}, {"default", json::object()}}) == nothing);
  CHECK(property("text") == nothing);
}

TEST_CASE("elicitation: a required property without a default makes it a decline") {
  const json schema = {
      {"type", "object"},
      {"properties", {{"a", {{"type", "string"}, {"default", "x"}}}, {"b", {{"type", "string"}}}}},
      {"required", {"a", "b"}}};
  const auto answer =
      answer_elicitation(json{{"requestedSchema", schema}}, ElicitationPolicy::accept_defaults);
  CHECK(*answer.result == declined);
  CHECK(answer.described == "declined: \"b\" is required and has no default");
}

TEST_CASE("elicitation: a form without a schema is declined") {
  for (const json& params : {json(), json::object(), json{{"requestedSchema", 1}}}) {
    const auto answer = answer_elicitation(params, ElicitationPolicy::accept_defaults);
    CHECK(*answer.result == declined);
    CHECK(answer.described == "declined: it has no requestedSchema");
  }
}

TEST_CASE("elicitation: schemas of odd shapes do no harm") {
  CHECK(answered({{"properties", 5}, {"required", 7}}) == accepted(json::object()));
  CHECK(answered({{"required", {1, nullptr}}}) == accepted(json::object()));
  CHECK(answered(json::object()) == accepted(json::object()));
}

TEST_CASE("elicitation: a request without a mode is a form") {
  CHECK(is_form_elicitation({}));
  CHECK(is_form_elicitation(json{{"message", "m"}}));
  CHECK(is_form_elicitation(json{{"mode", "form"}}));
  CHECK(!is_form_elicitation(json{{"mode", "url"}}));
  CHECK(!is_form_elicitation(json{{"mode", 5}}));
}
