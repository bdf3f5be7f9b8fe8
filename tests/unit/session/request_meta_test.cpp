#include "mcp/session/request_meta.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace mcp;
using nlohmann::json;

namespace {

SessionConfig config() {
  SessionConfig out;
  out.client_version = "1.2";
  return out;
}

const ClientCapabilities everything = {
    .roots = true, .sampling = true, .elicitation = true, .extensions = {"com.example/x"}};

json declared(Revision revision) {
  return *capabilities_json(declared_capabilities(everything, revision), revision);
}

const MetaContext modern = {.revision = latest_modern, .progress_token = {}};
const MetaContext legacy = {.revision = latest_legacy, .progress_token = {}};

}  // namespace

TEST_CASE("request meta: each revision declares the capabilities that it knows") {
  const json none = json::object();
  const json oldest = {{"roots", none}, {"sampling", none}};
  CHECK(declared(Revision::v2024_11_05) == oldest);
  CHECK(declared(Revision::v2025_03_26) == oldest);
  CHECK(declared(Revision::v2025_06_18) ==
        json{{"roots", none}, {"sampling", none}, {"elicitation", none}});
  CHECK(declared(Revision::v2025_11_25) ==
        json{{"roots", none}, {"sampling", none}, {"elicitation", {{"form", none}}}});
  CHECK(declared(Revision::v2026_07_28) == json{{"roots", none},
                                                {"elicitation", {{"form", none}}},
                                                {"extensions", {{"com.example/x", none}}}});
}

TEST_CASE("request meta: modern requests carry version, client and capabilities") {
  CHECK(*with_meta({}, config(), modern) ==
        json{{"_meta",
              {{"io.modelcontextprotocol/protocolVersion", "2026-07-28"},
               {"io.modelcontextprotocol/clientInfo", {{"name", "mcpctl"}, {"version", "1.2"}}},
               {"io.modelcontextprotocol/clientCapabilities", json::object()}}}});
}

TEST_CASE("request meta: what the caller gave stays, but not in place of the session's own") {
  auto with_level = config();
  with_level.log_level = "debug";
  const Json params = json{{"name", "x"},
                           {"_meta",
                            {{"com.example/a", 1},
                             {"io.modelcontextprotocol/logLevel", "error"},
                             {"io.modelcontextprotocol/protocolVersion", "1999-01-01"}}}};
  const auto meta = (*with_meta(params, with_level, modern))["_meta"];
  CHECK(meta["com.example/a"] == 1);
  CHECK(meta["io.modelcontextprotocol/logLevel"] == "error");
  CHECK(meta["io.modelcontextprotocol/protocolVersion"] == "2026-07-28");
  CHECK((*with_meta({}, with_level, modern))["_meta"]["io.modelcontextprotocol/logLevel"] ==
        "debug");
}

TEST_CASE("request meta: legacy requests carry none unless there is something to say") {
  CHECK(with_meta({}, config(), legacy)->is_null());
  CHECK(*with_meta(json::object(), config(), legacy) == json::object());
  CHECK(*with_meta({}, config(), {.revision = latest_legacy, .progress_token = 7}) ==
        json{{"_meta", {{"progressToken", 7}}}});
}

TEST_CASE("request meta: trace context goes into the metadata of both eras") {
  auto traced = config();
  traced.traceparent = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01";
  traced.tracestate = "a=1";
  const json expected = {{"traceparent", traced.traceparent}, {"tracestate", "a=1"}};
  CHECK(*with_meta({}, traced, legacy) == json{{"_meta", expected}});
  CHECK((*with_meta({}, traced, modern))["_meta"]["traceparent"] == traced.traceparent);
}

TEST_CASE("request meta: a caller's trace context is the one that is mirrored") {
  auto traced = config();
  traced.traceparent = "00-a-b-01";
  const auto params = with_meta(json{{"_meta", {{"traceparent", "00-c-d-01"}}}}, traced, legacy);
  CHECK(mirror_headers("ping", params, std::nullopt) == HeaderList{{"traceparent", "00-c-d-01"}});
}

TEST_CASE("request meta: a trace context that would break a header is not mirrored") {
  const Json params = json{{"_meta", {{"traceparent", "a\r\nX: y"}, {"tracestate", 5}}}};
  CHECK(mirror_headers("ping", params, std::nullopt) == HeaderList{});
}

TEST_CASE("request meta: a method that would break a header is not mirrored") {
  CHECK(mirror_headers("a\r\nX: y", {}, latest_modern) ==
        HeaderList{{"MCP-Protocol-Version", "2026-07-28"}});
}

TEST_CASE("request meta: the version header exists from 2025-06-18 on") {
  CHECK(mirror_headers("ping", {}, std::nullopt) == HeaderList{});
  CHECK(mirror_headers("ping", {}, Revision::v2025_03_26) == HeaderList{});
  CHECK(mirror_headers("ping", {}, Revision::v2025_06_18) ==
        HeaderList{{"MCP-Protocol-Version", "2025-06-18"}});
}

TEST_CASE("request meta: modern requests mirror their method, and the name of what they ask for") {
  const auto mirrored = [](const std::string& method, const json& params) {
    return mirror_headers(method, Json(params), latest_modern);
  };
  const Header version = {"MCP-Protocol-Version", "2026-07-28"};
  CHECK(mirrored("tools/list", json::object()) ==
        HeaderList{version, {"Mcp-Method", "tools/list"}});
  CHECK(mirrored("tools/call", {{"name", "echo"}, {"uri", "x"}}) ==
        HeaderList{version, {"Mcp-Method", "tools/call"}, {"Mcp-Name", "echo"}});
  CHECK(
      mirrored("prompts/get", {{"name", "Grüße"}}) ==
      HeaderList{version, {"Mcp-Method", "prompts/get"}, {"Mcp-Name", "=?base64?R3LDvMOfZQ==?="}});
  CHECK(mirrored("resources/read", {{"uri", "file:///a b"}, {"name", "x"}}) ==
        HeaderList{version, {"Mcp-Method", "resources/read"}, {"Mcp-Name", "file:///a b"}});
  CHECK(mirrored("resources/list", {{"name", "x"}}) ==
        HeaderList{version, {"Mcp-Method", "resources/list"}});
  CHECK(mirrored("tools/call", {{"name", 5}}) == HeaderList{version, {"Mcp-Method", "tools/call"}});
}
