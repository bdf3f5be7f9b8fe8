#include "cli/commands/sidecar_endpoints.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "tests/fakes/fake_responder.hpp"

using namespace std::chrono_literals;
using mcp::FakeAnswer;
using mcp::HeaderList;
using probes::sidecar::CountSource;
using probes::sidecar::Status;

namespace {

/// Endpoints over a status and drains that the test decides on.
struct Fixture {
  struct Drain {
    mcp::TimePoint until;
    cli::SidecarAccess::DrainDone done;
  };

  Status status;
  std::vector<Drain> drains;
  cli::SidecarEndpoints endpoints{
      {.now = [this] { return status.now; },
       .status = [this] { return status; },
       .process = [] { return cli::SidecarProcess{}; },
       .drain =
           [this](mcp::TimePoint until, cli::SidecarAccess::DrainDone done) {
             drains.push_back({until, std::move(done)});
           }},
      25s};

  Fixture() {
    status.now = mcp::TimePoint(1h);
    status.ready = {.ok = false, .reason = "no probe has ended yet"};
    status.live = {.ok = true, .reason = ""};
    status.startup = {.ok = true, .reason = ""};
  }

  std::shared_ptr<FakeAnswer> ask(std::string_view path, std::string_view query = {},
                                  std::string_view method = "GET") {
    auto answer = std::make_shared<FakeAnswer>();
    auto request = mcp::fake_request(method, path);
    request.query = query;
    endpoints.on_request(request, std::make_unique<mcp::FakeResponder>(answer));
    return answer;
  }
};

const HeaderList plain{{"Content-Type", "text/plain; charset=utf-8"},
                       {"Cache-Control", "no-store"}};

}  // namespace

TEST_CASE("sidecar endpoints: a probe gets 200 and ok, or 503 and the reason") {
  Fixture with;
  const auto ready = with.ask("/readyz");
  CHECK(ready->status == 503);
  CHECK(ready->headers == plain);
  CHECK(ready->body == "no probe has ended yet\n");
  for (const char* path : {"/livez", "/startupz"}) {
    const auto answer = with.ask(path);
    CHECK(answer->status == 200);
    CHECK(answer->body == "ok\n");
  }
  CHECK(with.ask("/livez", "a=1&verbose")->body.starts_with("ok\nstate     starting for "));
}

TEST_CASE("sidecar endpoints: documents have their types") {
  Fixture with;
  for (const auto& [path, type] : {std::pair{"/status", "application/json"},
                                   {"/metrics", "text/plain; version=0.0.4; charset=utf-8"}}) {
    const auto answer = with.ask(path);
    CHECK(answer->status == 200);
    CHECK(*answer->find("Content-Type") == type);
  }
  CHECK(nlohmann::json::parse(with.ask("/status")->body)["state"] == "starting");
  CHECK(with.ask("/metrics")->body.find("mcpctl_sidecar_state{state=\"starting\"} 1\n") !=
        std::string::npos);
}

TEST_CASE("sidecar endpoints: a document is made once for all that ask within 20 ms") {
  Fixture with;
  for (const char* path : {"/status", "/metrics"}) {
    with.status.failures_in_row = 7;
    const auto first = with.ask(path)->body;
    with.status.failures_in_row = 8;
    with.status.now += 19ms;
    CHECK(with.ask(path)->body == first);
    with.status.now += 1ms;
    CHECK(with.ask(path)->body != first);
    with.status.now += 1s;
  }
}

TEST_CASE("sidecar endpoints: an unknown number of sessions is no number") {
  Fixture with;
  CHECK(with.ask("/sessions")->status == 503);
  with.status.sessions = {.source = CountSource::proxy, .active = 0};
  const auto answer = with.ask("/sessions");
  CHECK(answer->status == 200);
  CHECK(answer->body == "{\"active\":0,\"source\":\"proxy\",\"upper_bound\":false}\n");
}

TEST_CASE("sidecar endpoints: other paths and methods are told what there is") {
  Fixture with;
  const auto missing = with.ask("/healthz");
  CHECK(missing->status == 404);
  for (const char* path :
       {"/readyz", "/livez", "/startupz", "/metrics", "/status", "/sessions", "/drain"}) {
    CHECK(missing->body.find(std::string("\n") + path + " ") != std::string::npos);
  }
  const auto posted = with.ask("/readyz", "", "POST");
  CHECK(posted->status == 405);
  CHECK(*posted->find("Allow") == "GET, HEAD");
  CHECK(with.ask("/readyz", "", "HEAD")->status == 503);
  CHECK(*with.ask("/drain", "", "HEAD")->find("Allow") == "GET, POST");
  CHECK(with.drains.empty());
}

TEST_CASE("sidecar endpoints: a drain that nobody waits for is accepted at once") {
  Fixture with;
  with.status.sessions = {.source = CountSource::proxy, .active = 2};
  const auto answer = with.ask("/drain", "", "POST");
  CHECK(answer->status == 202);
  CHECK(answer->body ==
        "{\"drained\":false,\"cut\":0,\"active\":2,\"source\":\"proxy\",\"took_seconds\":0.0}\n");
  REQUIRE(with.drains.size() == 1);
  CHECK(with.drains[0].until == with.status.now + 25s);
  with.drains[0].done({});
}

TEST_CASE("sidecar endpoints: a drain that is waited for answers at its end") {
  Fixture with;
  const auto first = with.ask("/drain", "wait=55s");
  const auto second = with.ask("/drain", "wait=5");
  CHECK(first->status == 0);
  REQUIRE(with.drains.size() == 2);
  CHECK(with.drains[0].until == with.status.now + 55s);
  CHECK(with.drains[1].until == with.status.now + 5s);
  with.drains[1].done({.drained = false,
                       .last = {.source = CountSource::proxy, .active = 1},
                       .cut = 1,
                       .took = 5s});
  CHECK(second->status == 200);
  CHECK(second->body ==
        "{\"drained\":false,\"cut\":1,\"active\":1,\"source\":\"proxy\",\"took_seconds\":5.0}\n");
  CHECK(first->status == 0);
  with.drains[0].done({.drained = true, .last = {.source = CountSource::proxy, .active = 0}});
  CHECK(first->status == 200);
}

TEST_CASE("sidecar endpoints: a flood of callers of a drain is not remembered") {
  Fixture with;
  for (int caller = 0; caller < 60; ++caller) {
    with.ask("/drain", "wait=55s")->disconnect();
    with.ask("/drain");
  }
  CHECK(with.drains.size() == 100);
  CHECK(with.ask("/drain")->status == 202);  // it drains already
  CHECK(with.ask("/drain", "wait=55s")->status == 503);
  with.drains[0].done({});
  CHECK(with.ask("/drain", "wait=55s")->status == 0);
  CHECK(with.drains.size() == 101);
}

TEST_CASE("sidecar endpoints: a caller that goes away ends its wait only") {
  Fixture with;
  const auto answer = with.ask("/drain", "wait=55s");
  answer->disconnect();
  with.drains[0].done({});
  CHECK(answer->status == 0);
}

TEST_CASE("sidecar endpoints: a drain may end after the endpoints are gone") {
  std::vector<cli::SidecarAccess::DrainDone> drains;
  {
    Fixture with;
    with.ask("/drain", "wait=55s");
    drains.push_back(std::move(with.drains[0].done));
  }
  drains[0]({});
}

TEST_CASE("sidecar endpoints: a wait that is no duration starts no drain") {
  Fixture with;
  for (const char* query : {"wait=", "wait=soon", "wait=-1s", "wait=25h"}) {
    CAPTURE(query);
    CHECK(with.ask("/drain", query)->status == 400);
  }
  CHECK(with.drains.empty());
}
