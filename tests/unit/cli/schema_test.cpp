#include <doctest/doctest.h>

#include <regex>
#include <string>
#include <vector>

#include "tests/unit/cli/fake_world.hpp"

namespace {

struct Outcome {
  int status = 0;
  std::string out;
  std::string err;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome run(FakeWorld& fake, std::vector<std::string> arguments, const std::string& in = {}) {
  fake.in = std::istringstream(in);
  fake.out.str("");
  fake.err.str("");
  const int status = fake.run(std::move(arguments));
  return {status, fake.out.str(), fake.err.str()};
}

std::string without_millis(const std::string& text) {
  return std::regex_replace(text, std::regex(R"("millis":[0-9.]+)"), R"("millis":T)");
}

constexpr auto any_number = R"({"properties": {"n": {"type": "integer"}}})";
constexpr auto large_number = R"({"properties": {"n": {"type": "integer", "minimum": 5}}})";

}  // namespace

TEST_CASE("schema: compare says first that it breaks, then shows on what and where") {
  FakeWorld fake;
  const auto old_file = fake.file("old.json", any_number);
  const auto new_file = fake.file("new.json", large_number);
  CHECK(run(fake, {"schema", "compare", old_file, new_file}) ==
        Outcome{1,
                "BREAKING input: NEW rejects something that OLD accepts\n"
                "  witness   {\"n\":0}\n"
                "  fails at  /n\n"
                "  because   0 is not at least 5\n"
                "  keyword   #/properties/n/minimum of NEW\n",
                ""});
  CHECK(run(fake, {"schema", "compare", old_file, new_file, "--direction", "output"}) ==
        Outcome{0, "SAFE output: NEW allows nothing that OLD forbids\n", ""});
}

TEST_CASE("schema: what compare cannot decide is a finding, and never safe") {
  FakeWorld fake;
  const auto old_file = fake.file("old.json", R"x({"type": "string", "pattern": "^(a)\\1$"})x");
  const auto new_file = fake.file("new.json", R"({"minLength": 2})");
  CHECK(run(fake, {"schema", "compare", old_file, new_file}) ==
        Outcome{1,
                "UNDECIDED input: neither a proof nor a witness within the bounds\n"
                "  do not take it for safe: somebody has to look at it\n",
                ""});
}

TEST_CASE("schema: compare for a program has the same as JSON") {
  FakeWorld fake;
  const auto old_file = fake.file("old.json", any_number);
  CHECK(run(fake, {"schema", "compare", "-", old_file, "--direction=output", "-o", "json"},
            large_number) == Outcome{1,
                                     "{\n  \"schema_version\": 1,\n"
                                     "  \"verdict\": \"breaking\",\n"
                                     "  \"direction\": \"output\",\n"
                                     "  \"witness\": {\"n\":0},\n"
                                     "  \"fails_at\": \"/n\",\n"
                                     "  \"keyword\": \"#/properties/n/minimum\",\n"
                                     "  \"because\": \"0 is not at least 5\"\n}\n",
                                     ""});
}

TEST_CASE("schema: a pointer into a list of tools leads through the tool's name") {
  FakeWorld fake;
  const auto list =
      fake.file("list.json",
                R"({"tools": [{"name": "a/b", "inputSchema": {"type": "null"}}, {"name": "c"}]})");
  CHECK(run(fake, {"schema", "sample", list + "#/tools/a~1b/inputSchema"}).out == "null\n");
  CHECK(run(fake, {"schema", "sample", list + "#/tools/0/inputSchema"}).out == "null\n");
  CHECK(run(fake, {"schema", "sample", list + "#/tools/d/inputSchema"}) ==
        Outcome{2, "", "mcpctl: " + list + ": has nothing at /tools/d\n"});
}

TEST_CASE("schema: validate says where the instance fails, and numbers are exact") {
  FakeWorld fake;
  const auto schema = fake.file("schema.json", R"({"items": {"const": 9007199254740993}})");
  CHECK(run(fake, {"schema", "validate", schema, "-"}, "[9007199254740993]") ==
        Outcome{0, "VALID\n", ""});
  CHECK(run(fake, {"schema", "validate", schema, "-"}, "[9007199254740992]") ==
        Outcome{1,
                "INVALID at /0: 9007199254740992 is not 9007199254740993\n"
                "  keyword  #/items/const\n",
                ""});
}

TEST_CASE("schema: what cannot be read is a usage error that names the file and the place") {
  FakeWorld fake;
  const auto good = fake.file("good.json", "{}");
  const auto text = fake.file("text.json", "nonsense");
  const auto bad = fake.file("bad.json", R"({"properties": {"a": {"minimum": "1"}}})");
  const auto lost = fake.file("lost.json", R"({"items": {"$ref": "#/$defs/a"}})");
  const auto refusal = [&](const std::string& first) {
    const auto outcome = run(fake, {"schema", "compare", first, good});
    CHECK(outcome.status == 2);
    CHECK(outcome.out.empty());
    return outcome.err;
  };
  CHECK(refusal("nowhere.json") == "mcpctl: nowhere.json: No such file or directory\n");
  CHECK(refusal(text).starts_with("mcpctl: " + text + ": not JSON: line 1, column 2: "));
  CHECK(refusal(bad) ==
        "mcpctl: " + bad + ": the schema at #/properties/a/minimum: it must be a number\n");
  CHECK(refusal(lost) ==
        "mcpctl: " + lost + ": the reference #/$defs/a leads nowhere (at /items/$ref)\n");
}

TEST_CASE("schema: an option of another action, or an unknown action, is refused") {
  FakeWorld fake;
  CHECK(run(fake, {"schema", "sample", "x", "--batch", "y"})
            .err.starts_with("mcpctl: --batch: is not an option of 'schema sample'\n"));
  CHECK(run(fake, {"schema", "compre"}).err ==
        "mcpctl: schema: compre: unknown action\n  did you mean 'mcpctl schema compare'?\n");
  CHECK(run(fake, {"schema", "compare", "x", "y", "--direction", "in"}).status == 2);
}

TEST_CASE("schema: a schema without instances has no sample") {
  FakeWorld fake;
  const auto none = fake.file("none.json", R"({"type": "string", "const": 1})");
  CHECK(run(fake, {"schema", "sample", none}) ==
        Outcome{1, "",
                "mcpctl: " + none + ": the schema has no instance: it excludes every value\n"});
}

TEST_CASE("schema: each case of a batch has its line, whatever is wrong with it") {
  FakeWorld fake;
  const auto outcome = run(fake, {"schema", "compare", "--batch", "-"},
                           R"({"id": "b", "dialect": "draft7", "original": true, "updated": false}
{"id": 1, "original": {"const": 9007199254740993}, "updated": {"minimum": 9007199254740993}}

{"id": "o", "original": {}, "updated": {"type": "null"}, "direction": "output"}
{"id": "x", "original": {"$ref": "#/a"}, "updated": {}}
nonsense
{"id": "y", "updated": {}}
{"id": "z", "original": {}, "updated": {}, "dialect": "draft3"}
)");
  CHECK(outcome.status == 2);
  CHECK(without_millis(outcome.out) ==
        R"~({"id":"b","verdict":"breaking","witness":null,"millis":T}
{"id":1,"verdict":"safe","millis":T}
{"id":"o","verdict":"safe","millis":T}
{"id":"x","verdict":"undecided","error":"line 5: original: the reference #/a leads nowhere (at /$ref)"}
{"id":null,"verdict":"undecided","error":"line 6: not JSON: line 1, column 2: syntax error while parsing value - invalid literal; last read: 'no'"}
{"id":"y","verdict":"undecided","error":"line 7: the case has no original"}
{"id":"z","verdict":"undecided","error":"line 8: the dialect \"draft3\" is not supported; supported are 2020-12, 2019-09, draft-07, draft-06 and draft-04"}
)~");
}

TEST_CASE("schema: a batch of instances is judged line by line") {
  FakeWorld fake;
  CHECK(
      run(fake, {"schema", "validate", "--batch", "-"},
          R"({"id": "a", "schema": {"maximum": 3, "exclusiveMaximum": true}, "instance": 3, "dialect": "draft4"}
{"id": "b", "schema": {"type": "object"}, "instance": {}}
{"id": "c", "schema": {"type": "object"}}
)") == Outcome{2,
               "{\"id\":\"a\",\"valid\":false}\n{\"id\":\"b\",\"valid\":true}\n"
               "{\"id\":\"c\",\"error\":\"line 3: the case has no instance\"}\n",
               ""});
}
