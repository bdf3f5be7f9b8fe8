#include "cli/arguments.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/cli/fake_world.hpp"

using nlohmann::json;

namespace {

const json schema = json::parse(R"({
  "type": "object",
  "properties": {
    "name": {"type": "string"},
    "count": {"type": "integer"},
    "ratio": {"type": "number"},
    "deep": {"type": "boolean"},
    "maybe": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    "limit": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
    "id": {"type": ["integer", "string"]},
    "labels": {"type": "array", "items": {"type": "string"}},
    "numbers": {"type": "array", "items": {"type": "integer"}},
    "filter": {"$ref": "#/$defs/Filter"},
    "level": {"enum": ["low", "high"]},
    "dotted.name": {"type": "integer"},
    "anything": {}
  },
  "required": ["name", "count"],
  "$defs": {"Filter": {"type": "object", "properties": {"since": {"type": "integer"},
                                                        "owner": {"type": "string"}}}}
})");

json added(const std::vector<std::string>& words, const json& to = schema) {
  json arguments = json::object();
  const auto done = cli::add_arguments(words, cli::SchemaOutline(to), arguments);
  return done ? arguments : json(done.error().message + " | " + done.error().hint);
}

}  // namespace

TEST_CASE("arguments: a word is cut at its first equals sign") {
  using cli::ValueForm;
  CHECK(*cli::parse_argument_word("a=b=c") == cli::ArgumentWord{"a", ValueForm::text, "b=c"});
  CHECK(*cli::parse_argument_word("a:=[1]") == cli::ArgumentWord{"a", ValueForm::json, "[1]"});
  CHECK(*cli::parse_argument_word("a=@f.txt") == cli::ArgumentWord{"a", ValueForm::file, "f.txt"});
  CHECK(*cli::parse_argument_word("a=") == cli::ArgumentWord{"a", ValueForm::text, ""});
  CHECK(*cli::parse_argument_word("a=@") == cli::ArgumentWord{"a", ValueForm::text, "@"});
  CHECK(*cli::parse_argument_word("u=x:=y") == cli::ArgumentWord{"u", ValueForm::text, "x:=y"});
  CHECK_FALSE(cli::parse_argument_word("lonely"));
  CHECK_FALSE(cli::parse_argument_word("=value"));
  CHECK_FALSE(cli::parse_argument_word(":=1"));
}

TEST_CASE("arguments: a value takes the type of its property") {
  CHECK(added({"name=42"}) == json{{"name", "42"}});
  CHECK(added({"count=42"}) == json{{"count", 42}});
  CHECK(added({"count=-7"}) == json{{"count", -7}});
  CHECK(added({"count=3.0"}) == json{{"count", 3}});
  CHECK(added({"ratio=2"}) == json{{"ratio", 2}});
  CHECK(added({"ratio=0.25"}) == json{{"ratio", 0.25}});
  CHECK(added({"deep=true"}) == json{{"deep", true}});
  CHECK(added({"level=high"}) == json{{"level", "high"}});
  CHECK(added({"anything=[1,2]"}) == json{{"anything", {1, 2}}});
  CHECK(added({"anything=plain words"}) == json{{"anything", "plain words"}});
}

TEST_CASE("arguments: the number that is sent is the number that was written") {
  CHECK(added({"count=9007199254740993"})["count"].dump() == "9007199254740993");
  CHECK(added({"count=18446744073709551615"})["count"].dump() == "18446744073709551615");
}

TEST_CASE("arguments: a string is preferred to null, and any other type to a string") {
  CHECK(added({"maybe=null"}) == json{{"maybe", "null"}});
  CHECK(added({"limit=null"}) == json{{"limit", nullptr}});
  CHECK(added({"limit=5"}) == json{{"limit", 5}});
  CHECK(added({"id=5"}) == json{{"id", 5}});
  CHECK(added({"id=x5"}) == json{{"id", "x5"}});
}

TEST_CASE("arguments: an array is JSON, one item, or a key that is repeated") {
  CHECK(added({R"(labels=["a","b"])"}) == json{{"labels", {"a", "b"}}});
  CHECK(added({"labels=a"}) == json{{"labels", json::array({"a"})}});
  CHECK(added({"labels=a", "labels=b", "labels=c"}) == json{{"labels", {"a", "b", "c"}}});
  CHECK(added({"numbers=1", "numbers=2"}) == json{{"numbers", {1, 2}}});
}

TEST_CASE("arguments: dots lead into objects, unless a property is named so") {
  CHECK(added({"filter.since=5", "filter.owner=6"}) ==
        json{{"filter", {{"since", 5}, {"owner", "6"}}}});
  CHECK(added({"dotted.name=5"}) == json{{"dotted.name", 5}});
  CHECK(added({R"(filter={"since": 1})", "filter.owner=me"}) ==
        json{{"filter", {{"since", 1}, {"owner", "me"}}}});
}

TEST_CASE("arguments: KEY:=JSON is sent as it is, known or not") {
  CHECK(added({"count:=\"x\""}) == json{{"count", "x"}});
  CHECK(added({"other:=null"}) == json{{"other", nullptr}});
  CHECK(added({"a.b:=1"}) == json{{"a", {{"b", 1}}}});
  CHECK(added({"count:=x"}) == R"(count: "x" is not JSON | )");
}

TEST_CASE("arguments: KEY=@FILE is the file's text, typed like any other") {
  const FakeWorld fake;
  CHECK(added({"name=@" + fake.file("text", "line\n")}) == json{{"name", "line\n"}});
  CHECK(added({"numbers=@" + fake.file("json", "[1, 2]\n")}) == json{{"numbers", {1, 2}}});
  const auto missing = added({"name=@" + (fake.directory / "none").string()}).get<std::string>();
  CHECK(missing.find("No such file") != std::string::npos);
}

TEST_CASE("arguments: what does not fit is refused by name") {
  CHECK(added({"count=abc"}) == R"(count: "abc" is not an integer | )");
  CHECK(added({"count=1.5"}) == R"(count: "1.5" is not an integer | )");
  CHECK(added({"deep=yes"}) == R"(deep: "yes" is not a boolean | )");
  CHECK(added({"name=a", "name=b"}) == "name: given twice, and it takes one value | ");
  CHECK(added({"name.x=1"}) == "name.x: what stands before .x is no object but string | ");
}

TEST_CASE("arguments: an unknown key gets a suggestion") {
  CHECK(added({"cuont=1"}) ==
        "cuont: no such argument | did you mean count? (cuont:=JSON sends it anyway)");
  CHECK(added({"filter.sinse=1"}) ==
        "filter.sinse: no such argument | did you mean since? (sinse:=JSON sends it anyway)");
  CHECK(added({"completely=1"},
              json{{"properties", json::object()}, {"additionalProperties", false}}) ==
        "completely: no such argument | it takes none");
}

TEST_CASE("arguments: other keys are taken where the schema asks for them") {
  const json open = {{"properties", {{"a", {{"type", "string"}}}}},
                     {"additionalProperties", {{"type", "integer"}}}};
  CHECK(added({"b=5"}, open) == json{{"b", 5}});
  CHECK(added({"b=5"}, json()) == json{{"b", 5}});
}

TEST_CASE("arguments: what is required and missing is named") {
  const cli::SchemaOutline outline(schema);
  CHECK(cli::check_required({{"name", "x"}, {"count", 1}}, outline));
  const auto missing = cli::check_required(json::object(), outline);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().message == "missing arguments: name, count");
  CHECK(missing.error().hint.starts_with("it takes: count=integer name=string [anything=any]"));
}
