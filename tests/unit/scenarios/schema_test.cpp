#include <doctest/doctest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "mcp/schema/validator.hpp"
#include "scenarios/library.hpp"
#include "scenarios/scenario_reader.hpp"

namespace scenarios {
namespace {

namespace fs = std::filesystem;

const fs::path folder = "tests/unit/scenarios/files";

std::string contents(const fs::path& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  REQUIRE_MESSAGE(stream.good(), path);
  return text.str();
}

std::vector<fs::path> files_in(const fs::path& directory) {
  std::set<fs::path> files;
  for (const auto& entry : fs::directory_iterator(directory)) files.insert(entry.path());
  REQUIRE(files.size() >= 3);
  return {files.begin(), files.end()};
}

/// Why the published schema refuses a file; empty when it accepts it.
std::string schema_refusal(std::string_view yaml) {
  static const auto schema =
      mcp::schema::Schema::compile(*mcp::schema::parse_value(scenario_schema()));
  REQUIRE_MESSAGE(schema.has_value(), schema.error().message);
  const auto file = read_yaml(yaml);
  if (!file) return file.error().message;
  const auto checked = mcp::schema::Validator(*schema).check(to_value(*file));
  REQUIRE(checked.has_value());
  return *checked ? (*checked)->instance + ": " + (*checked)->message : std::string();
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
  for (const auto& path : files_in(folder / "good")) {
    CAPTURE(path);
    CHECK(schema_refusal(contents(path)) == "");
    CHECK(reader_refusal(contents(path)) == "");
  }
}

TEST_CASE("schema: bad files are refused by the schema and by the reader") {
  for (const auto& path : files_in(folder / "bad")) {
    const auto text = contents(path);
    // Each document of a file is one scenario with one mistake.
    std::size_t start = 0;
    while (start < text.size()) {
      auto end = text.find("\n---\n", start);
      if (end == std::string::npos) end = text.size();
      const auto document = text.substr(start, end - start) + "\n";
      CAPTURE(path);
      CAPTURE(document);
      CHECK(schema_refusal(document) != "");
      CHECK(reader_refusal(document) != "");
      start = end + 5;
    }
  }
}

}  // namespace
}  // namespace scenarios
