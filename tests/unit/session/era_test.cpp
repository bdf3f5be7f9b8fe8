#include "mcp/session/era.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

using namespace mcp;
using nlohmann::json;

namespace {

constexpr auto legacy = EraJudgement::fall_back_to_initialize;
constexpr auto modern = EraJudgement::modern_error;
constexpr auto fatal = EraJudgement::fatal;

struct Case {
  std::string what;
  ErrorKind kind;
  std::optional<int> status;
  std::optional<std::int64_t> code;
  EraJudgement over_http;
  EraJudgement over_stdio;
};

Error error_of(const Case& row) {
  Error error;
  error.kind = row.kind;
  error.http_status = row.status;
  error.rpc_code = row.code;
  return error;
}

Error unsupported(const json& versions) {
  Error error;
  error.kind = ErrorKind::rpc;
  error.rpc_code = -32022;
  error.rpc_data = json{{"supported", versions}};
  return error;
}

}  // namespace

TEST_CASE("era: failures of server/discover are judged as the specification says") {
  const std::vector<Case> rows = {
      {"header mismatch", ErrorKind::rpc, 400, -32020, modern, modern},
      {"missing capability", ErrorKind::rpc, 400, -32021, modern, modern},
      {"unsupported version", ErrorKind::rpc, 400, -32022, modern, modern},
      {"modern error as 200", ErrorKind::rpc, {}, -32022, modern, modern},
      {"modern error of kind http", ErrorKind::http, 400, -32022, modern, modern},
      {"400 without a body", ErrorKind::http, 400, {}, legacy, legacy},
      {"400 with another JSON-RPC error", ErrorKind::http, 400, -32000, legacy, legacy},
      {"404 of a server without this path", ErrorKind::http, 404, {}, legacy, legacy},
      {"404 with method not found", ErrorKind::http, 404, -32601, legacy, legacy},
      {"405 of an http-sse server", ErrorKind::http, 405, {}, legacy, legacy},
      {"406", ErrorKind::http, 406, {}, legacy, legacy},
      {"415", ErrorKind::http, 415, {}, legacy, legacy},
      {"422", ErrorKind::http, 422, {}, legacy, legacy},
      {"500 of a server that stumbles", ErrorKind::http, 500, {}, legacy, legacy},
      {"501", ErrorKind::http, 501, {}, legacy, legacy},
      {"method not found", ErrorKind::rpc, {}, -32601, legacy, legacy},
      {"invalid params", ErrorKind::rpc, {}, -32602, legacy, legacy},
      {"invalid request", ErrorKind::rpc, {}, -32600, legacy, legacy},
      {"code 0 with HTTP 200", ErrorKind::rpc, 200, 0, legacy, legacy},
      {"a result of another shape", ErrorKind::protocol, {}, {}, legacy, legacy},
      {"an HTML page", ErrorKind::protocol, 200, {}, legacy, legacy},
      {"401", ErrorKind::auth, 401, {}, fatal, fatal},
      {"403", ErrorKind::auth, 403, {}, fatal, fatal},
      {"401 of kind http", ErrorKind::http, 401, {}, fatal, fatal},
      {"redirect", ErrorKind::http, 307, {}, fatal, fatal},
      {"proxy authentication", ErrorKind::http, 407, {}, fatal, fatal},
      {"rate limit", ErrorKind::http, 429, {}, fatal, fatal},
      {"bad gateway", ErrorKind::http, 502, {}, fatal, fatal},
      {"unavailable", ErrorKind::http, 503, {}, fatal, fatal},
      {"gateway timeout", ErrorKind::http, 504, {}, fatal, fatal},
      {"silence", ErrorKind::timeout, {}, {}, fatal, legacy},
      {"port closed, or the child ended", ErrorKind::connect, {}, {}, fatal, legacy},
      {"lost stream", ErrorKind::session_lost, {}, {}, fatal, legacy},
      {"name unknown", ErrorKind::resolve, {}, {}, fatal, fatal},
      {"certificate wrong", ErrorKind::tls, {}, {}, fatal, fatal},
      {"answer too large", ErrorKind::limit, {}, {}, fatal, fatal},
      {"interrupted", ErrorKind::interrupted, {}, {}, fatal, fatal},
      {"token file missing", ErrorKind::usage, {}, {}, fatal, fatal},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    CHECK(judge_discover_failure(error_of(row), Binding::http) == row.over_http);
    CHECK(judge_discover_failure(error_of(row), Binding::stdio) == row.over_stdio);
  }
}

TEST_CASE("era: a refusal that leaves only legacy versions leads to initialize") {
  CHECK(judge_discover_failure(unsupported({"2025-11-25", "2025-06-18"})) == legacy);
  CHECK(judge_discover_failure(unsupported({"2027-01-01", "2025-11-25"})) == legacy);
}

TEST_CASE("era: a refusal that lists modern versions stays modern") {
  CHECK(judge_discover_failure(unsupported({"2026-07-28"})) == modern);
  CHECK(judge_discover_failure(unsupported({"2026-07-28", "2025-11-25"})) == modern);
  CHECK(judge_discover_failure(unsupported({"2027-01-01"})) == modern);
  CHECK(judge_discover_failure(unsupported(json::array())) == modern);
  CHECK(judge_discover_failure(unsupported("2026-07-28")) == modern);
}

TEST_CASE("era: a discover result without a modern version leads to initialize, a newer one not") {
  auto error = unsupported({"2025-11-25"});
  error.kind = ErrorKind::protocol;
  error.rpc_code.reset();
  CHECK(judge_discover_failure(error) == legacy);
  error.rpc_data = json{{"supported", {"2099-01-01"}}};
  CHECK(judge_discover_failure(error) == modern);
  error.rpc_data = json{{"supported", json::array()}};
  CHECK(judge_discover_failure(error) == legacy);
}

TEST_CASE("era: the offer for initialize is the newest legacy revision that was named") {
  CHECK(legacy_offer(unsupported({"2024-11-05", "2026-07-28", "2025-06-18", "2025-03-26"})) ==
        Revision::v2025_06_18);
  CHECK(!legacy_offer(unsupported({"2026-07-28"})).has_value());
  CHECK(!legacy_offer(Error()).has_value());
}
