#include "probes/sidecar/classification.hpp"

#include <doctest/doctest.h>

#include <string>

namespace probes::sidecar {
namespace {

using mcp::ErrorKind;

struct Case {
  mcp::Error failure;
  Sign sign;
  std::string cause;  // empty: the session may still be there
};

const Case cases[] = {
    {{.kind = ErrorKind::timeout}, Sign::down, ""},
    {{.kind = ErrorKind::resolve}, Sign::down, ""},
    {{.kind = ErrorKind::connect}, Sign::down, "connection"},
    {{.kind = ErrorKind::tls}, Sign::down, ""},
    // Reset, or closed without an answer.
    {{.kind = ErrorKind::http}, Sign::down, "connection"},
    {{.kind = ErrorKind::http, .http_status = 500}, Sign::bad, ""},
    {{.kind = ErrorKind::http, .http_status = 502}, Sign::bad, ""},
    {{.kind = ErrorKind::http, .http_status = 503}, Sign::bad, ""},
    {{.kind = ErrorKind::http, .http_status = 404}, Sign::bad, ""},
    {{.kind = ErrorKind::http, .http_status = 429}, Sign::neutral, ""},
    {{.kind = ErrorKind::rpc, .http_status = 429, .rpc_code = -32000}, Sign::neutral, ""},
    {{.kind = ErrorKind::auth, .http_status = 401}, Sign::bad, ""},
    {{.kind = ErrorKind::auth, .http_status = 403}, Sign::bad, ""},
    {{.kind = ErrorKind::rpc, .rpc_code = -32603}, Sign::bad, ""},
    {{.kind = ErrorKind::protocol}, Sign::bad, ""},
    {{.kind = ErrorKind::empty}, Sign::bad, ""},
    {{.kind = ErrorKind::limit}, Sign::bad, ""},
    {{.kind = ErrorKind::drift}, Sign::bad, ""},
    {{.kind = ErrorKind::usage}, Sign::bad, ""},
    {{.kind = ErrorKind::tool_error}, Sign::bad, ""},
    {{.kind = ErrorKind::session_lost, .http_status = 404}, Sign::bad, "session-lost"},
    {{.kind = ErrorKind::interrupted}, Sign::neutral, ""},
};

TEST_CASE("classification: each failure is one sign, and tells whether the session is gone") {
  for (const auto& each : cases) {
    CAPTURE(to_string(each.failure.kind));
    CAPTURE(each.failure.http_status.value_or(0));
    CHECK(sign_of(each.failure, Protected::fails) == each.sign);
    CHECK(loss_cause(each.failure).value_or("") == each.cause);
  }
}

TEST_CASE("classification: a protected server is in order where that was said, and only it") {
  for (const auto& each : cases) {
    const bool is_auth = each.failure.kind == ErrorKind::auth;
    CHECK(sign_of(each.failure, Protected::passes) == (is_auth ? Sign::good : each.sign));
  }
}

TEST_CASE("classification: of two signs the one that is worse counts") {
  CHECK(worse(Sign::good, Sign::neutral) == Sign::neutral);
  CHECK(worse(Sign::bad, Sign::neutral) == Sign::bad);
  CHECK(worse(Sign::bad, Sign::down) == Sign::down);
  CHECK(worse(Sign::down, Sign::good) == Sign::down);
}

}  // namespace
}  // namespace probes::sidecar
