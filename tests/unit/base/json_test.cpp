#include "mcp/base/json.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <utility>

using mcp::Json;

TEST_CASE("json: a fresh value is null") {
  CHECK(Json()->is_null());
}

TEST_CASE("json: a copy is a value of its own") {
  Json original = nlohmann::json{{"a", 1}};
  Json copy = original;
  (*copy)["a"] = 2;
  CHECK(*original == nlohmann::json{{"a", 1}});
  CHECK(*copy == nlohmann::json{{"a", 2}});
}

TEST_CASE("json: assignment from itself keeps the value") {
  Json value = nlohmann::json{{"a", 1}};
  const Json& alias = value;
  value = alias;
  CHECK(*value == nlohmann::json{{"a", 1}});
}

TEST_CASE("json: a value that was moved from can be assigned to") {
  Json from = nlohmann::json(7);
  Json to = std::move(from);
  from = Json(nlohmann::json(8));
  CHECK(*to == 7);
  CHECK(*from == 8);
}

TEST_CASE("json: equality compares the values") {
  CHECK(Json(nlohmann::json{{"a", 1}}) == Json(nlohmann::json{{"a", 1}}));
  CHECK(!(Json(nlohmann::json{{"a", 1}}) == Json()));
}

TEST_CASE("json: an array is taken as it is, not wrapped in another") {
  const nlohmann::json array = {1, 2};
  CHECK(*Json(array) == array);
}
