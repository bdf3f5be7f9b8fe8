#include "cli/render/load/comparison.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/recorder/simulation.hpp"

namespace {

using cli::Colour;
using cli::ComparisonDocument;
using simulation::Queue;

scenarios::Results results(const Queue& queue) {
  return {.scenario = "steady",
          .target = "http://127.0.0.1:8000/mcp",
          .recording = simulation::run(queue)};
}

constexpr Queue before{.rate = 50, .length = 60, .noise = 0.8};
constexpr Queue worse{
    .rate = 50, .length = 60, .service = 0.003, .noise = 0.8, .failing = 0.1, .seed = 7};

ComparisonDocument compared(const scenarios::Results& a, const scenarios::Results& b) {
  ComparisonDocument document{.before = cli::compared_run("a.json", a),
                              .after = cli::compared_run("b.json", b),
                              .comparison = compare(a.recording, b.recording)};
  document.exit_status = document.comparison.worse() ? 1 : 0;
  return document;
}

ComparisonDocument with_a_stall() {
  auto stalled = before;
  stalled.frozen_from = 20;
  stalled.frozen_for = 3;
  return compared(results(before), results(stalled));
}

TEST_CASE("load comparison: the text names what is worse first") {
  const auto text =
      cli::render_comparison_text(compared(results(before), results(worse)), Colour::none);
  CHECK(
      text.starts_with("WORSE: B is worse than A beyond noise in 3 of 4 metrics\n"
                       "  A a.json (steady, 1m 00s, 3000 requests)\n"));
  CHECK(text.find("  worse\n") < text.find("  no difference\n"));
  const auto same =
      cli::render_comparison_text(compared(results(before), results(before)), Colour::none);
  CHECK(same.starts_with("OK: nothing is worse beyond noise\n"));
}

TEST_CASE("load comparison: what cannot be judged is no OK") {
  const auto document = with_a_stall();
  CAPTURE(cli::render_comparison_text(document, Colour::none));
  CHECK(cli::render_comparison_text(document, Colour::none)
            .starts_with("UNCLEAR: nothing is worse beyond noise, but 2 of 4 metrics cannot be "
                         "judged: the runs are too short or too uneven\n"));
  CHECK(cli::render_comparison_text(document, Colour::none).find(" %, too uneven to say") !=
        std::string::npos);
  CHECK(nlohmann::json::parse(cli::render_comparison_json(document, Colour::none))["verdict"] ==
        "unclear");
  CHECK(cli::render_comparison_github(document, Colour::none)
            .starts_with("::warning title=MCP load%3A unclear::a.json → b.json: nothing is worse"));
}

TEST_CASE("load comparison: other scenarios and a saturated generator are doubts") {
  auto other = results(before);
  other.scenario = "spike";
  other.recording.totals.late = 3000;
  const auto text = cli::render_comparison_text(compared(results(before), other), Colour::none);
  CHECK(text.find("  the runs are of different scenarios: steady and spike\n") !=
        std::string::npos);
  CHECK(text.find("  b.json: the generator was saturated, its latencies are its own\n") !=
        std::string::npos);
}

TEST_CASE("load comparison: JSON has figures, units and words, the worst first") {
  const auto document = compared(results(before), results(worse));
  const auto json = nlohmann::json::parse(cli::render_comparison_json(document, Colour::none));
  CHECK(json["exit_code"] == 1);
  CHECK(json["verdict"] == "worse");
  CHECK(json["after"]["file"] == "b.json");
  const auto& first = json["metrics"].at(0);
  CHECK(first["metric"] == "p50(tools/call:echo)");
  CHECK(first["unit"] == "microseconds");
  CHECK(first["verdict"] == "worse");
  CHECK(first["lowest"] > 0.2);
  CHECK(json["metrics"].back()["verdict"] == "none");
}

TEST_CASE("load comparison: below ten seconds the JSON has no interval") {
  const auto brief = results({.rate = 50, .length = 5});
  const auto json =
      nlohmann::json::parse(cli::render_comparison_json(compared(brief, brief), Colour::none));
  for (const auto& metric : json["metrics"]) {
    CHECK(metric["change"].is_null());
    CHECK(metric["verdict"] == "unknown");
  }
}

TEST_CASE("load comparison: Markdown and annotations cannot be broken out of") {
  auto odd = results(worse);
  odd.scenario = "a|b\n### c";
  odd.recording.steps[1].name = "x`|\n::error::y";
  auto base = results(before);
  base.recording.steps = odd.recording.steps;
  const auto document = compared(base, odd);
  const auto markdown = cli::render_comparison_markdown(document, Colour::none);
  CHECK(markdown.find("\n### c") == std::string::npos);
  CHECK(markdown.find("**worse**") != std::string::npos);
  CHECK(cli::render_comparison_github(document, Colour::none).find("\n::error::y") ==
        std::string::npos);
}

}  // namespace
