#include "mcp/transport/table.hpp"

#include <doctest/doctest.h>

#include "tests/fakes/fake_child.hpp"
#include "tests/unit/transport/http_rig.hpp"

using namespace mcp;

TEST_CASE("transport table: each kind makes its own transport and has its name") {
  FakeLoop loop;
  FakeHttp http(loop);
  FakeChildSpawner children(loop);
  Recorder seen;
  Endpoint endpoint;
  endpoint.url = parse_url("http://127.0.0.1/mcp").value();
  const std::pair<TransportKind, const char*> kinds[] = {
      {TransportKind::stdio, "stdio"},
      {TransportKind::http_sse, "http-sse"},
      {TransportKind::streamable_http, "streamable-http"},
  };
  for (const auto& [kind, name] : kinds) {
    CAPTURE(name);
    const auto made =
        make_transport(kind, endpoint, {.loop = loop, .http = &http, .children = &children}, seen);
    CHECK(made->kind() == kind);
    CHECK(to_string(kind) == name);
  }
}
