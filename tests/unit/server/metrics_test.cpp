#include <doctest/doctest.h>

#include "tests/unit/server/exchange.hpp"

using namespace mcp::testserver;

TEST_CASE("metrics: requests are counted by method and status, unknown methods as other") {
  Exchange exchange(test_options());
  const auto session = exchange.open();
  exchange.call(session, R"({"jsonrpc":"2.0","id":1,"method":"ping"})");
  exchange.call(session, R"({"jsonrpc":"2.0","id":2,"method":"made/up\"}"})");
  exchange.post(R"({"jsonrpc":"2.0","id":1,"method":"ping"})");
  const auto text = exchange.send("GET", "/metrics")->body;
  for (const auto* line : {
           "\nmcp_testserver_sessions 1\n",
           "\nmcp_testserver_sessions_total{event=\"created\"} 1\n",
           "\nmcp_testserver_requests_total{method=\"ping\",status=\"200\"} 1\n",
           "\nmcp_testserver_requests_total{method=\"ping\",status=\"400\"} 1\n",
           "\nmcp_testserver_requests_total{method=\"other\",status=\"200\"} 1\n",
       }) {
    CHECK(text.find(line) != std::string::npos);
  }
}

TEST_CASE("metrics: faults are counted by kind") {
  Exchange exchange(options_with_fault("html@method=ping"));
  exchange.post(R"({"jsonrpc":"2.0","id":1,"method":"ping"})");
  CHECK(exchange.send("GET", "/metrics")
            ->body.find("mcp_testserver_faults_total{fault=\"html\"} 1\n") != std::string::npos);
}

TEST_CASE("health: well until it drains") {
  Exchange exchange(test_options());
  CHECK(exchange.send("GET", "/healthz")->status == 200);
  exchange.service.draining = true;
  CHECK(exchange.send("GET", "/healthz")->status == 503);
}

TEST_CASE("access: without the token there is a challenge that leads to the metadata") {
  auto options = test_options();
  options.tokens = {"secret"};
  options.authorization_server = "https://login.example";
  Exchange exchange(options);
  const mcp::Header host{.name = "Host", .value = "mcp.example:8080"};
  const auto refused = exchange.post("{}", {host});
  CHECK(refused->status == 401);
  CHECK(*refused->find("WWW-Authenticate") ==
        "Bearer resource_metadata=\"http://mcp.example:8080/.well-known/oauth-protected-resource"
        "/mcp\"");
  const auto metadata = exchange.send("GET", "/.well-known/oauth-protected-resource/mcp", {host});
  CHECK(
      metadata->body ==
      R"({"resource":"http://mcp.example:8080/mcp",)"
      R"("authorization_servers":["https://login.example"],"bearer_methods_supported":["header"]})");
  const auto wrong =
      exchange.post("{}", {host, {.name = "Authorization", .value = "Bearer other"}});
  CHECK(wrong->find("WWW-Authenticate")->ends_with("error=\"invalid_token\""));
  CHECK(exchange.post("{}", {{.name = "Authorization", .value = "bearer secret"}})->status == 400);
}
