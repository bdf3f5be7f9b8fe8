#include <doctest/doctest.h>

#include <array>
#include <filesystem>
#include <string>

#include "scenarios/library.hpp"
#include "scenarios/scenario_reader.hpp"
#include "tests/unit/sample_files.hpp"

namespace scenarios {
namespace {

namespace fs = std::filesystem;

const fs::path folder = "tests/unit/scenarios/files";

/// Why the published schema refuses a file; empty when it accepts it.
std::string schema_refusal(std::string_view yaml) {
  static const auto schema =
      mcp::schema::Schema::compile(*mcp::schema::parse_value(scenario_schema()));
  return refusal_by(schema, yaml);
}

std::string reader_refusal(std::string_view yaml) {
  const ReadOptions options{
      .environment = [](const std::string&) { return std::nullopt; },
      .read_file = [](const std::string&) -> mcp::Result<std::string> { return "{}"; }};
  const auto scenario = read_scenario(yaml, options);
  return scenario ? std::string() : to_text("f", scenario.error());
}

TEST_CASE("library: the program holds the files of scenarios/library") {
  std::vector<std::string> names;
  for (const auto& file : library()) {
    names.emplace_back(file.name);
    CHECK(file.text == contents("scenarios/library/" + std::string(file.name) + ".yaml"));
  }
  CHECK(names == std::vector<std::string>{"burst-idle", "capacity", "churn", "cold-start",
                                          "idle-cut", "many-idle", "ramp", "rollout", "soak",
                                          "spike", "steady"});
  CHECK(scenario_schema() == contents("scenarios/library/scenario.schema.json"));
  CHECK(find_in_library("steady") != nullptr);
  CHECK(find_in_library("steadier") == nullptr);
}

TEST_CASE("library: every file is valid, loads, names its schema and says what it shows") {
  for (const auto& file : library()) {
    CAPTURE(file.name);
    CHECK(schema_refusal(file.text) == "");
    CHECK(reader_refusal(file.text) == "");
    CHECK(file.text.starts_with("# yaml-language-server: $schema=scenario.schema.json\n"));
    const auto scenario = read_scenario(file.text);
    REQUIRE(scenario.has_value());
    CHECK(scenario->name == file.name);
    CHECK(scenario->description.size() > 20);
  }
}

TEST_CASE("schema: good files are valid and load") {
  for (const auto& path : files_in(folder / "good", 3)) {
    CAPTURE(path);
    CHECK(schema_refusal(contents(path)) == "");
    CHECK(reader_refusal(contents(path)) == "");
  }
}

TEST_CASE("schema: bad files are refused by the schema and by the reader") {
  for (const auto& path : files_in(folder / "bad", 3)) {
    for (const auto& document : documents_of(contents(path))) {
      CAPTURE(path);
      CAPTURE(document);
      CHECK(schema_refusal(document) != "");
      CHECK(reader_refusal(document) != "");
    }
  }
}

}  // namespace
}  // namespace scenarios
