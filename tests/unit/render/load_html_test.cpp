#include "cli/render/load/html/report.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <numeric>
#include <string>

#include "cli/render/load/html/files.hpp"
#include "cli/render/load/html/page_data.hpp"
#include "tests/unit/recorder/simulation.hpp"

using namespace scenarios;
using nlohmann::json;
using simulation::at;

namespace {

Results results_of(Recording recording, std::vector<std::string> thresholds = {}) {
  return {.scenario = "burst-idle",
          .target = "http://127.0.0.1:8000/mcp",
          .thresholds = std::move(thresholds),
          .recording = std::move(recording)};
}

json without(json document, const std::string& member) {
  document.erase(member);
  return document;
}

std::uint64_t sum(const json& column) {
  return std::accumulate(
      column.begin(), column.end(), std::uint64_t{0},
      [](std::uint64_t total, const json& value) { return total + value.get<std::uint64_t>(); });
}

/// How often `part` stands in `text`.
std::size_t count(const std::string& text, const std::string& part) {
  std::size_t times = 0;
  for (auto found = text.find(part); found != std::string::npos; found = text.find(part, found + 1))
    ++times;
  return times;
}

}  // namespace

TEST_CASE("load html: its figures are the overview of the JSON output") {
  const auto results = results_of(simulation::record(simulation::random_run(1, 3000, 40), 40),
                                  {"rate >= 95%", "p99 < 1ms", "errors(timeout) == 0"});
  CHECK(without(cli::load_page_json(results), "page") ==
        without(json::parse(write_results(results)), "recording"));
}

TEST_CASE("load html: a short run has a point for each slot, with the figures of the JSON output") {
  const auto results = results_of(simulation::record(simulation::random_run(2, 3000, 40), 40));
  const auto slots = json::parse(write_results(results)).at("recording").at("timeline").at("slots");
  const auto timeline = cli::load_page_json(results).at("page").at("timeline");
  CHECK(timeline.at("slots_joined") == 1);
  for (std::size_t slot = 0; slot < slots.size(); ++slot) {
    CAPTURE(slot);
    for (const auto& [column, name] :
         {std::pair{"p50", "p50_micros"}, {"p99", "p99_micros"}, {"max", "max_micros"}})
      CHECK(timeline.at("latency_micros").at(column).at(slot) == slots[slot].value(name, json()));
    CHECK(timeline.at("counts").at("intended").at(slot) == slots[slot].value("intended", 0));
  }
}

TEST_CASE("load html: an hour has few points, and nothing is lost in them") {
  const auto results = results_of(simulation::record(simulation::random_run(3, 20000, 3500), 3500));
  const auto timeline = cli::load_page_json(results).at("page").at("timeline");
  const auto& intended = timeline.at("counts").at("intended");
  CHECK(intended.size() <= 480);
  CHECK(timeline.at("slots_joined") > 1);
  CHECK(timeline.at("point_seconds") == 8);
  const Summary summary = summarize(results.recording);
  CHECK(sum(intended) == summary.intended);
  CHECK(sum(timeline.at("counts").at("sessions_lost")) == summary.sessions_lost);
  for (const auto& [name, column] : timeline.at("failures").items())
    CHECK(sum(column) == summary.all.failures[index_of(failure_named(name).value())]);
}

TEST_CASE(
    "load html: bursts and idles of few agents are shown, and pauses too short to see are not") {
  Recorder notes(simulation::options());
  for (AgentId agent = 0; agent < 50; ++agent) {
    for (int each = 0; each < 1000; ++each) {
      notes.activity(agent, Activity::burst, at(each), at(each + 0.9));
      notes.activity(agent, Activity::idle, at(each + 0.9), at(each + 1));
    }
    notes.cut({.at = at(5), .agent = agent, .subject = Subject::session, .by = CutBy::fin});
  }
  notes.schedule_ended(at(1000));
  const auto agents = cli::load_page_json(results_of(notes.recording()),
                                          {.points = 10, .agents = 7, .columns = 100, .marks = 5})
                          .at("page")
                          .at("agents");
  CHECK(agents.at("sampled") == 50);
  CHECK(agents.at("lanes").size() == 7);
  CHECK(agents.at("cuts").size() == 5);
  CHECK(agents.at("lanes")[0].at("bursts").size() == 2);  // one from the first to the last
  CHECK(agents.at("lanes")[0].at("bursts")[0] == 0);
  CHECK(agents.at("shortest_millis") == 10'000);
}

TEST_CASE("load html: the sessions that are held follow from what was opened, closed and lost") {
  Recorder notes(simulation::options());
  for (int agent = 0; agent < 3; ++agent) notes.session_opened(at(0));
  notes.cut({.at = at(1), .subject = Subject::session, .by = CutBy::not_found});
  notes.session_reinitialised(at(1), at(2));
  notes.session_closed(at(3));
  notes.schedule_ended(at(4));
  const auto page = cli::load_page_json(results_of(notes.recording())).at("page");
  CHECK(page.at("timeline").at("sessions_held") == json({3, 2, 3, 2}));
}

TEST_CASE("load html: percentiles end in the maximum, and an empty run has none") {
  const auto curves =
      cli::load_page_json(results_of(simulation::run({.frozen_from = 4, .frozen_for = 3})))
          .at("page")
          .at("curves");
  const auto& curve = curves.at("from_intended");
  CHECK(curve.front().at(0) == 0);
  CHECK(curve.back().at(0) == 100);
  CHECK(curve.back().at(1).get<std::uint64_t>() / 10'000 == 300);
  for (std::size_t at = 1; at < curve.size(); ++at) CHECK(curve[at - 1] < curve[at]);
  const auto empty = cli::load_page_json(results_of(Recorder(simulation::options()).recording()));
  CHECK(empty.at("page").at("curves").at("from_intended") == json::array());
}

TEST_CASE("load html: no name can end the script that it stands in") {
  auto results = results_of(simulation::run({}));
  results.scenario = "</script><img src=x onerror=alert(1)><!--\xe2\x80\xa8@SCRIPT@";
  results.target = "</pre></noscript><script>alert(1)</script>";
  const std::string page = cli::render_load_html(results);
  CHECK(count(page, "<script") == 3);
  CHECK(count(page, "</script") == 3);
  CHECK(count(page, "</noscript") == 1);
  CHECK(count(page, "<img") == 0);
  CHECK(count(page, "<!--") == 0);
  CHECK(count(page, "\xe2\x80\xa8") == 0);
  CHECK(count(page, "@SCRIPT@") == 2);  // in the data, and as text for those without scripts
}

TEST_CASE("load html: each class of failures has a colour and is explained") {
  const std::string script(cli::html_files().script);
  for (std::size_t failure = 0; failure < failure_count; ++failure) {
    const std::string name(to_string(static_cast<Failure>(failure)));
    CHECK_MESSAGE(count(script, "\n  " + name + ": [\"") == 1, name);
  }
}

TEST_CASE("load html: the licence of Chart.js goes with it, and nothing is fetched") {
  const std::string page = cli::render_load_html(results_of(simulation::run({})));
  CHECK(count(page, "Chart.js Contributors") >= 2);
  CHECK(count(page, "Permission is hereby granted, free of charge") >= 1);
  CHECK(count(page, "default-src 'none'") == 1);
  CHECK(count(page, "unsafe") == 0);
  CHECK(count(page, "src=") == 0);
  CHECK(count(page, "url(") == 0);
}
