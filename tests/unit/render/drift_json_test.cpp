#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "cli/render/drift/format.hpp"
#include "mcp/schema/value.hpp"
#include "tests/unit/render/drift_documents.hpp"

using nlohmann::json;

TEST_CASE("drift formats: each is found by its name, and an unknown one tells what there is") {
  for (const auto& format : cli::drift_formats())
    CHECK(cli::find_drift_format(format.name)->name == format.name);
  const auto unknown = cli::find_drift_format("html");
  REQUIRE_FALSE(unknown.has_value());
  CHECK(unknown.error().hint == "choose one of text, json, markdown, sarif, junit, github");
}

TEST_CASE("drift formats: each tells what could not be compared") {
  auto document = equal_drift_document();
  document.diff.notes = {"The older snapshot has no list of prompts."};
  for (const auto& format : cli::drift_formats()) {
    CAPTURE(format.name);
    CHECK(format.render(document, {}).find("The older snapshot has no list of prompts.") !=
          std::string::npos);
  }
}

TEST_CASE("drift json: the whole document, worst change first") {
  const auto text = cli::render_drift_json(drift_document(), {});
  CHECK(text.starts_with("{\n  \"schema_version\": 1,\n"));
  const auto report = json::parse(text);
  CHECK(report["exit_code"] == 1);
  CHECK(report["verdict"] == "breaking");
  CHECK(report["counts"] ==
        json({{"breaking", 1}, {"dangerous", 1}, {"safe", 1}, {"approved", 0}}));
  CHECK(report["changes"].size() == 3);
  CHECK(report["changes"][0]["witness"] == json({{"value", {{"limit", 11}}},
                                                 {"accepted_by", "older"},
                                                 {"pointer", "/limit"},
                                                 {"reason", "must be at most 10"}}));
  CHECK(report["changes"][0]["fails"] == true);
  CHECK(report["changes"][1]["fails"] == false);
  CHECK(report["approvals"][0]["state"] == "expired");
  CHECK(report["not_compared"] == json::array());
  CHECK(report["semver"]["needed"] == "major");
}

TEST_CASE("drift json: a witness keeps every digit, and hidden characters are escaped") {
  auto document = hostile_drift_document();
  document.diff.changes[0].witness->value =
      mcp::schema::parse_value("[0.1000000000000000000001,1e300]").value();
  const auto text = cli::render_drift_json(document, {});
  CHECK(text.find("0.1000000000000000000001") != std::string::npos);
  CHECK(text.find("\\u202e") != std::string::npos);
  CHECK(text.find("\u202e") == std::string::npos);
}

TEST_CASE("drift sarif: a result a change, with its rule, place and fingerprint") {
  auto document = drift_document();
  document.diff.changes[1].approval = {.reason = "announced", .expires = "2027-01-01"};
  const auto log = json::parse(cli::render_drift_sarif(document, {}));
  CHECK(log["version"] == "2.1.0");
  const auto& run = log["runs"][0];
  const auto& rules = run["tool"]["driver"]["rules"];
  CHECK(rules.size() == 3);
  CHECK(run["results"].size() == 3);
  for (const auto& result : run["results"])
    CHECK(rules[result["ruleIndex"].get<std::size_t>()]["id"] == result["ruleId"]);
  const auto& worst = run["results"][0];
  CHECK(worst["level"] == "error");
  CHECK(worst["message"]["text"] ==
        "tool search: Calls with a limit above 10 are rejected now. Witness: accepted before, "
        "rejected now at /limit: must be at most 10.");
  CHECK(worst["properties"]["witness"] == R"({"limit":11})");
  CHECK(worst["partialFingerprints"]["mcpctlChange/v1"] == document.diff.changes[0].fingerprint);
  const auto& location = worst["locations"][0];
  CHECK(location["logicalLocations"][0]["fullyQualifiedName"] ==
        "/tools/search/inputSchema/properties/limit/maximum");
  CHECK(location["physicalLocation"]["artifactLocation"]["uri"] == "new.json");
  CHECK_FALSE(worst.contains("suppressions"));
  CHECK(run["results"][1]["level"] == "warning");
  CHECK(run["results"][1]["suppressions"][0]["justification"] == "announced (until 2027-01-01)");
  CHECK(run["results"][2]["level"] == "note");
}

TEST_CASE("drift sarif: a server's link is text, and no file is a place that does not exist") {
  const auto log = json::parse(cli::render_drift_sarif(hostile_drift_document(), {}));
  const auto& result = log["runs"][0]["results"][0];
  const auto text = result["message"]["text"].get<std::string>();
  CHECK(text.find("\\[a\\](https") != std::string::npos);
  CHECK(text.find("\\u{{202e}}") != std::string::npos);
  CHECK_FALSE(result["locations"][0].contains("physicalLocation"));
}

TEST_CASE("drift markdown: a comment stays within GitHub's limit and says what it left out") {
  auto document = drift_document();
  const auto change = document.diff.changes[0];
  document.diff.changes.assign(2000, change);
  for (std::size_t i = 0; i < 2000; ++i)
    document.diff.changes[i].why = "Change " + std::to_string(i) + ".";
  const auto text = cli::render_drift_markdown(document, {});
  CHECK(text.size() <= 65'000);
  CHECK(text.size() > 55'000);
  CHECK(text.find(" more changes are left out") != std::string::npos);
  CHECK(text.find("Context of the tool list") != std::string::npos);
}
