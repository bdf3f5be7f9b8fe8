#include <doctest/doctest.h>

#include "probes/sidecar/scraped_sessions.hpp"
#include "tests/fakes/fake_http.hpp"
#include "tests/fakes/fake_loop.hpp"

using namespace probes::sidecar;
using namespace std::chrono_literals;

namespace {

struct Scraping {
  Scraping() { sessions.start(); }
  SessionCount count() const { return sessions.count(loop.now()); }
  void answer(int status, std::string_view body) { http.last().answer(status, {}, body); }

  mcp::FakeLoop loop;
  mcp::FakeHttp http{loop};
  ScrapedSessions sessions{loop,
                           http,
                           {.url = "http://127.0.0.1:1/metrics",
                            .metric = {.name = "mcp_sessions"},
                            .interval = 10s,
                            .timeout = 5s}};
};

}  // namespace

TEST_CASE("scraped sessions: the server is asked every interval, bounded in time and size") {
  Scraping scraping;
  CHECK_FALSE(scraping.count().active.has_value());
  CHECK(scraping.count().problem == "the metrics were not read yet");
  const auto& request = scraping.http.last().request();
  CHECK(request.method == "GET");
  CHECK(request.deadline == scraping.loop.now() + 5s);
  CHECK(request.max_body_bytes == 16UL * 1024 * 1024);
  const auto asked = scraping.loop.now();
  scraping.answer(200, "mcp_sessions{a=\"1\"} 2\nmcp_sessions{a=\"2\"} 3\n");
  CHECK(scraping.count().source == CountSource::scrape);
  CHECK(scraping.count().active == 5);
  CHECK(scraping.count().taken == asked);
  CHECK(scraping.count().problem.empty());
  CHECK_FALSE(scraping.count().upper_bound);
  scraping.loop.advance(10s);
  CHECK(scraping.http.exchanges.size() == 2);
  scraping.answer(200, "mcp_sessions 0\n");
  CHECK(scraping.count().active == 0);
}

TEST_CASE("scraped sessions: a number is kept for three intervals of trouble, then it is none") {
  Scraping scraping;
  scraping.answer(200, "mcp_sessions 4\n");
  for (int each = 0; each < 3; ++each) {
    scraping.loop.advance(10s);
    scraping.answer(503, "mcp_sessions 9\n");
    CHECK(scraping.count().active == 4);
    CHECK(scraping.count().problem == "the metrics page answered HTTP 503");
  }
  scraping.loop.advance(10s);
  scraping.http.last().fail({.message = "no answer"});
  CHECK_FALSE(scraping.count().active.has_value());
  CHECK(scraping.count().problem == "the metrics cannot be read: no answer");
}

TEST_CASE("scraped sessions: a page without the metric says so") {
  Scraping scraping;
  scraping.answer(200, "other 4\n");
  CHECK_FALSE(scraping.count().active.has_value());
  CHECK(scraping.count().problem == "the metrics have no sample of mcp_sessions");
  scraping.loop.advance(10s);
  scraping.answer(200, "mcp_sessions -1\n");
  CHECK(scraping.count().problem == "mcp_sessions is no number of sessions");
}

TEST_CASE("scraped sessions: an answer that never comes leaves an old number, and says how old") {
  Scraping scraping;
  scraping.answer(200, "mcp_sessions 4\n");
  scraping.loop.advance(31s);
  CHECK_FALSE(scraping.count().active.has_value());
  CHECK(scraping.count().problem == "the metrics were last read 31 s ago");
}
