#include "scenarios/failure_of.hpp"

namespace scenarios {
namespace {

bool says(const mcp::Error& error, std::string_view words) {
  return error.message.find(words) != std::string::npos;
}

/// The library has no kind for a stream that broke off: curl_failure.cpp and post_exchange.cpp say
/// it in these words.
bool broke_off(const mcp::Error& error) {
  return says(error, "in the middle of the body") || says(error, "event stream ended before");
}

}  // namespace

Failure failure_of(const mcp::Error& error) {
  using mcp::ErrorKind;
  // First, for a stream that can be resumed, but only after the deadline, is one that was cut.
  if (broke_off(error)) return Failure::stream_cut;
  switch (error.kind) {
    case ErrorKind::resolve:
    case ErrorKind::connect:
    case ErrorKind::tls:
      return Failure::refused;
    case ErrorKind::timeout:
      return Failure::timeout;
    case ErrorKind::auth:
      return Failure::http_status;
    case ErrorKind::rpc:
      return Failure::rpc_error;
    case ErrorKind::session_lost:
      return Failure::session_lost;
    case ErrorKind::tool_error:
      return Failure::tool_error;
    case ErrorKind::usage:
    case ErrorKind::interrupted:
      return Failure::local;
    case ErrorKind::http:
      if (!error.http_status) return Failure::reset;
      // With 200 it is the type or the body that was wrong.
      return *error.http_status >= 300 ? Failure::http_status : Failure::protocol;
    default:
      return Failure::protocol;
  }
}

CutBy cut_by(const mcp::Error& error) {
  const int status = error.http_status.value_or(0);
  if (status >= 500) return CutBy::server;
  if (error.kind == mcp::ErrorKind::session_lost || status >= 400) return CutBy::not_found;
  if (error.kind == mcp::ErrorKind::timeout) return CutBy::silence;
  return says(error, "reset") ? CutBy::rst : CutBy::fin;
}

Outcome outcome_of(const mcp::Error& error, mcp::TimePoint started, mcp::TimePoint ended) {
  Outcome outcome{.started = started, .ended = ended, .failure = failure_of(error)};
  const bool has_status =
      outcome.failure == Failure::http_status || outcome.failure == Failure::session_lost;
  if (has_status) outcome.http_status = error.http_status.value_or(0);
  return outcome;
}

std::optional<Failure> failure_of_result(const Ask& ask, bool is_error) {
  if (ask.operation != Operation::call || is_error == ask.wants_error) return std::nullopt;
  return is_error ? Failure::tool_error : Failure::expectation;
}

}  // namespace scenarios
