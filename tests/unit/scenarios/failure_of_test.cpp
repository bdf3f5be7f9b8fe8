#include "scenarios/failure_of.hpp"

#include <doctest/doctest.h>

namespace scenarios {
namespace {

using mcp::Error;
using mcp::ErrorKind;

TEST_CASE("failure: errors of the library fall into the classes of a run") {
  CHECK(failure_of({.kind = ErrorKind::connect}) == Failure::refused);
  CHECK(failure_of({.kind = ErrorKind::tls}) == Failure::refused);
  CHECK(failure_of({.kind = ErrorKind::timeout}) == Failure::timeout);
  CHECK(failure_of({.kind = ErrorKind::http, .http_status = 503}) == Failure::http_status);
  CHECK(failure_of({.kind = ErrorKind::http,
                    .message = "x closed the connection without an answer"}) == Failure::reset);
  CHECK(failure_of({.kind = ErrorKind::http,
                    .message = "x reset it in the middle of the body, after 9 bytes"}) ==
        Failure::stream_cut);
  CHECK(failure_of({.kind = ErrorKind::protocol,
                    .message = "the event stream ended before the response"}) ==
        Failure::stream_cut);
  CHECK(failure_of({.kind = ErrorKind::protocol}) == Failure::protocol);
  CHECK(failure_of({.kind = ErrorKind::limit}) == Failure::protocol);
  CHECK(failure_of({.kind = ErrorKind::rpc, .rpc_code = -32602}) == Failure::rpc_error);
  CHECK(failure_of({.kind = ErrorKind::auth, .http_status = 401}) == Failure::http_status);
  CHECK(failure_of({.kind = ErrorKind::usage}) == Failure::local);
}

TEST_CASE("failure: the status is kept where it explains the failure") {
  const mcp::TimePoint then;
  CHECK(outcome_of({.kind = ErrorKind::session_lost, .http_status = 404}, then, then).http_status ==
        404);
  CHECK(outcome_of({.kind = ErrorKind::protocol, .http_status = 200}, then, then).http_status == 0);
}

TEST_CASE("failure: who cut shows in the status or in the words of the engine") {
  CHECK(cut_by({.kind = ErrorKind::http, .http_status = 502}) == CutBy::server);
  CHECK(cut_by({.kind = ErrorKind::session_lost, .http_status = 404}) == CutBy::not_found);
  CHECK(cut_by({.kind = ErrorKind::http, .message = "x reset the connection"}) == CutBy::rst);
  CHECK(cut_by({.kind = ErrorKind::timeout}) == CutBy::silence);
  CHECK(cut_by({.kind = ErrorKind::http, .message = "x closed the connection"}) == CutBy::fin);
}

}  // namespace
}  // namespace scenarios
