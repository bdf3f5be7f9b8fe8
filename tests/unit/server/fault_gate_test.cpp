#include <doctest/doctest.h>

#include <algorithm>

#include "tests/unit/server/exchange.hpp"

// What each fault does to an HTTP exchange.

using namespace mcp::testserver;
using mcp::FakeAnswer;
using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

namespace {

constexpr auto* list = R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})";

/// tools/call of echo in a fresh session of a server with this fault.
struct Struck {
  Exchange exchange;
  AnswerPtr answer;
  explicit Struck(const std::string& fault, AnswerMode mode = AnswerMode::automatic)
      : exchange([&] {
          auto options =
              options_with_fault(fault + (fault.contains('@') ? "," : "@") + "method=tools/call");
          options.answers = mode;
          return options;
        }()) {
    answer = exchange.call(exchange.open("2025-06-18"), tools_call(3, "echo", R"({"text":"hi"})"));
  }
};

std::vector<std::string> tool_names(const FakeAnswer& answer) {
  std::vector<std::string> names;
  const auto body = JsonView::parse(answer.body);
  if (!body) return names;
  for (const auto& tool : (*body)["result"]["tools"].elements()) {
    names.push_back(tool["name"].string());
  }
  return names;
}

}  // namespace

TEST_CASE("fault: delay takes the request up later") {
  Struck struck("delay:200ms");
  struck.exchange.loop.advance(199ms);
  CHECK(struck.answer->status == 0);
  struck.exchange.loop.advance(1ms);
  CHECK(struck.answer->status == 200);
  CHECK(struck.exchange.service.metrics.faults == 1);
}

TEST_CASE("fault: late begins the answer at once, and the response comes later") {
  Struck struck("late:200ms", AnswerMode::json);
  CHECK(struck.answer->status == 200);
  CHECK(struck.answer->body.empty());
  struck.exchange.loop.advance(200ms);
  CHECK(struck.answer->body.find("hi") != std::string::npos);
  CHECK(struck.answer->finished);
}

TEST_CASE("fault: status and html answer in the server's stead") {
  Struck refused("status:503,retry-after=3,body=busy");
  CHECK(refused.answer->status == 503);
  CHECK(*refused.answer->find("Retry-After") == "3");
  CHECK(refused.answer->body == "busy");
  Struck page("html");
  CHECK(page.answer->status == 200);
  CHECK(page.answer->find("Content-Type")->starts_with("text/html"));
}

TEST_CASE("fault: stall, reset and close act after so many bytes of the whole answer") {
  Struck stalled("stall:20");
  CHECK(stalled.answer->body == "HTTP/1.1 200 OK\r\nCon");
  CHECK_FALSE(stalled.answer->abandoned);
  CHECK(stalled.answer->ending.empty());
  Struck reset("reset:20");
  CHECK(reset.answer->body.size() == 20);
  CHECK(reset.answer->ending.empty());
  reset.answer->drain();
  CHECK(reset.answer->ending == "reset");
  Struck closed("close:20");
  CHECK(closed.answer->ending == "orderly");
  Struck beyond("stall:100000");
  CHECK(beyond.answer->body.ends_with(R"("hi"}]}})"));
  CHECK(beyond.answer->ending == "orderly");
}

TEST_CASE("fault: a stall ends when the client leaves") {
  Struck stalled("stall:20");
  stalled.answer->disconnect();
  CHECK(stalled.answer->abandoned);
}

TEST_CASE("fault: truncate cuts the JSON, or the stream inside the response") {
  Struck body("truncate");
  CHECK(body.answer->finished);
  CHECK_FALSE(JsonView::parse(body.answer->body).has_value());
  Struck stream("truncate", AnswerMode::sse);
  CHECK(stream.answer->finished);
  CHECK(stream.answer->body.starts_with("event: message"));
  CHECK_FALSE(stream.answer->body.ends_with("\n\n"));
  Struck exact("truncate:5");
  CHECK(exact.answer->body == R"({"jso)");
}

TEST_CASE("fault: wrong-id answers another request") {
  CHECK((*JsonView::parse(Struck("wrong-id").answer->body))["id"].integer() == 93);
}

TEST_CASE("fault: duplicate sends the response twice") {
  const auto messages = events(*Struck("duplicate").answer);
  REQUIRE(messages.size() == 2);
  CHECK(messages[0] == messages[1]);
}

TEST_CASE("fault: rpc-error takes the place of the result") {
  CHECK(Struck("rpc-error:-32000,message=no").answer->body ==
        R"({"jsonrpc":"2.0","id":3,"error":{"code":-32000,"message":"no"}})");
}

TEST_CASE("fault: lose-session forgets it for good") {
  Exchange exchange(options_with_fault("lose-session@method=tools/list,nth=2"));
  const auto session = exchange.open();
  CHECK(exchange.call(session, list)->status == 200);
  CHECK(exchange.call(session, list)->status == 404);
  CHECK(exchange.call(session, list)->status == 404);
  CHECK(exchange.service.metrics.sessions_lost == 1);
}

TEST_CASE("fault: buffer holds a stream back until its end") {
  Exchange exchange(options_with_fault("buffer@method=tools/call"));
  const auto answer = exchange.call(
      exchange.open("2025-06-18"),
      tools_call(4, "slow", R"({"ms":100,"steps":2})", R"(,"_meta":{"progressToken":1})"));
  exchange.loop.advance(99ms);
  CHECK(answer->status == 0);
  exchange.loop.advance(1ms);
  CHECK(events(*answer).size() == 3);
}

TEST_CASE("fault: the tool list is empty, has duplicates, changes or differs") {
  const auto names = [](Exchange& exchange, const std::string& session) {
    return tool_names(*exchange.call(session, list));
  };
  Exchange empty(options_with_fault("tools-empty"));
  CHECK(names(empty, empty.open()).empty());
  Exchange twice(options_with_fault("tools-duplicate"));
  CHECK(std::ranges::count(names(twice, twice.open()), "echo") == 2);

  Exchange changing(options_with_fault("tools-change:2"));
  const auto session = changing.open("2025-06-18");
  const auto stream = changing.get(session);
  const auto before = names(changing, session);
  CHECK(names(changing, session) == before);
  CHECK(events(*stream).empty());
  CHECK(names(changing, session).back() == "added");
  CHECK(events(*stream) ==
        Strings{R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})"});

  Exchange differing(options_with_fault("tools-differ"));
  const auto shared = differing.open();
  CHECK(names(differing, shared) == before);
  differing.connection = 2;
  CHECK(names(differing, shared) != before);
}

TEST_CASE("fault: huge pads the result without holding it in memory") {
  Struck struck("huge:1m");
  auto& answer = *struck.answer;
  CHECK(answer.streaming);
  CHECK(answer.body.size() < 64UL * 1024);
  for (int pieces = 0; pieces < 100 && !answer.finished; ++pieces) answer.drain();
  REQUIRE(answer.finished);
  const auto result = (*JsonView::parse(answer.body))["result"];
  CHECK(result["padding"].string().size() == 1024UL * 1024);
  CHECK(result["content"].elements().front()["text"].equals("hi"));
}

TEST_CASE("fault: deep nests arrays inside the result") {
  const auto answer = Struck("deep:1000").answer;
  const auto body = JsonView::parse(answer->body, 1100);
  REQUIRE(body.has_value());
  CHECK((*body)["result"]["nested"].raw().size() == 2000);
  CHECK_FALSE(JsonView::parse(answer->body, 900).has_value());
}

TEST_CASE("fault: comments and notifications go on without end, as fast as they are taken") {
  for (const auto* fault : {"comments", "notifications"}) {
    Struck struck(fault);
    CHECK(struck.answer->streaming);
    const auto first = struck.answer->body.size();
    struck.answer->drain();
    CHECK(struck.answer->body.size() == 2 * first);
    CHECK_FALSE(struck.answer->finished);
    struck.answer->disconnect();
    CHECK(struck.answer->abandoned);
  }
}

TEST_CASE("fault: a flood can be slow") {
  Struck struck("comments:gap=1s");
  CHECK(struck.answer->body == ": still here\n\n");
  struck.exchange.loop.advance(2s);
  CHECK(struck.answer->body == ": still here\n\n: still here\n\n: still here\n\n");
}

TEST_CASE("fault: cut-idle closes the connection after a quiet time") {
  CHECK(Struck("cut-idle:5s").answer->quiet == 5s);
}
