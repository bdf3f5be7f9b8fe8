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
  switch (error.kind) {
    case ErrorKind::resolve:
    case ErrorKind::connect:
    case ErrorKind::tls:
      return Failure::refused;
    case ErrorKind::timeout:
      // One that broke off, and could be taken up again only after the deadline.
      return broke_off(error) ? Failure::stream_cut : Failure::timeout;
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
      if (broke_off(error)) return Failure::stream_cut;
      if (error.http_status.value_or(0) >= 300) return Failure::http_status;
      // With a good status it is an answer, though no JSON-RPC.
      return error.http_status ? Failure::protocol : Failure::reset;
    default:
      return broke_off(error) ? Failure::stream_cut : Failure::protocol;
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

}  // namespace scenarios
