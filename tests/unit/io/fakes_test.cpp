#include <doctest/doctest.h>

#include <string>

#include "tests/fakes/fake_child.hpp"
#include "tests/fakes/fake_http.hpp"
#include "tests/fakes/fake_loop.hpp"

using namespace mcp;

namespace {

struct HttpLog final : HttpObserver {
  void on_head(const HttpResponseHead& head) override {
    log += std::to_string(head.status) + " ";
    if (destroy_at_head) exchange.reset();
  }
  void on_data(std::string_view bytes) override { log += bytes; }
  void on_finished(Result<HttpTimings> outcome) override { log += outcome ? " ok" : " failed"; }
  std::string log;
  bool destroy_at_head = false;
  std::unique_ptr<HttpExchange> exchange;
};

struct ChildLog final : ChildObserver {
  void on_stdout(std::string_view bytes) override { log += bytes; }
  void on_stdout_closed() override { log += " closed"; }
  void on_stderr(std::string_view bytes) override { log += bytes; }
  void on_exit(ChildExit how) override { (log += " ") += how.describe(); }
  std::string log;
};

}  // namespace

TEST_CASE("fake http: a script answers what is started, in the next turn") {
  FakeLoop loop;
  FakeHttp http(loop);
  http.on_start = [](FakeExchange& exchange) { exchange.answer_json(200, "{}"); };
  HttpLog seen;
  const auto exchange = http.start({.headers = {{"X-A", "1"}}}, seen);
  CHECK(seen.log.empty());
  CHECK(http.open() == 1);
  loop.settle();
  CHECK(seen.log == "200 {} ok");
  CHECK(http.open() == 0);
  CHECK(*http.last().sent_header("x-a") == "1");
}

TEST_CASE("fake http: a destroyed exchange is recorded as cancelled and hears nothing more") {
  FakeLoop loop;
  FakeHttp http(loop);
  HttpLog seen;
  seen.destroy_at_head = true;
  seen.exchange = http.start({}, seen);
  http.last().answer(200, {}, "body");
  CHECK(seen.log == "200 ");
  CHECK(http.last().cancelled());
}

TEST_CASE("fake http: an exchange that was destroyed after its end is not cancelled") {
  FakeLoop loop;
  FakeHttp http(loop);
  HttpLog seen;
  auto exchange = http.start_connect({}, seen);
  http.last().fail({.kind = ErrorKind::connect});
  exchange.reset();
  CHECK(seen.log == " failed");
  CHECK_FALSE(http.last().cancelled());
  CHECK(http.last().connect_only());
}

TEST_CASE("fake child: what is done to it is recorded, and can be answered") {
  FakeLoop loop;
  FakeChildSpawner spawner(loop);
  spawner.on_event = [](FakeChild& child, ChildEvent event) {
    if (event == ChildEvent::written) child.put_stdout("got " + child.take_written());
    if (event == ChildEvent::stdin_closed) child.exit({.status = 2});
  };
  ChildLog seen;
  const auto child = spawner.spawn({.argv = {"server"}}, seen);
  (*child)->write("a");
  (*child)->close_stdin();
  CHECK(seen.log.empty());
  loop.settle();
  CHECK(seen.log == "got a closed exit status 2");
  (*child)->send_signal(15);
  loop.settle();
  CHECK(spawner.last().signals() == std::vector{15});
  CHECK_FALSE(spawner.last().destroyed());
}

TEST_CASE("fake child: a failure is given to the next spawn only") {
  FakeLoop loop;
  FakeChildSpawner spawner(loop);
  spawner.failure = Error{.kind = ErrorKind::connect, .message = "no"};
  ChildLog seen;
  CHECK(spawner.spawn({}, seen).error().message == "no");
  CHECK(spawner.spawn({}, seen).has_value());
}
