#include "probes/sidecar/classification.hpp"

#include <algorithm>
#include <array>

namespace probes::sidecar {
namespace {

using mcp::ErrorKind;

constexpr int too_many_requests = 429;

struct Row {
  ErrorKind kind;
  Sign sign;
};

constexpr std::array rows = {
    Row{ErrorKind::usage, Sign::bad},
    Row{ErrorKind::resolve, Sign::down},
    Row{ErrorKind::connect, Sign::down},
    Row{ErrorKind::tls, Sign::down},
    Row{ErrorKind::timeout, Sign::down},
    // With a status: without one no answer came, see below.
    Row{ErrorKind::http, Sign::bad},
    Row{ErrorKind::auth, Sign::bad},
    Row{ErrorKind::protocol, Sign::bad},
    Row{ErrorKind::rpc, Sign::bad},
    Row{ErrorKind::session_lost, Sign::bad},
    Row{ErrorKind::tool_error, Sign::bad},
    Row{ErrorKind::empty, Sign::bad},
    Row{ErrorKind::drift, Sign::bad},
    Row{ErrorKind::limit, Sign::bad},
    Row{ErrorKind::interrupted, Sign::neutral},
};

/// The connection was closed or reset before the head of an answer.
bool is_without_answer(const mcp::Error& failure) {
  return failure.kind == ErrorKind::http && !failure.http_status;
}

int weight(Sign sign) {
  switch (sign) {
    case Sign::good:
      return 0;
    case Sign::neutral:
      return 1;
    case Sign::bad:
      return 2;
    case Sign::down:
      return 3;
  }
  return 0;
}

}  // namespace

Sign sign_of(const mcp::Error& failure, Protected is_protected) {
  if (failure.http_status == too_many_requests) return Sign::neutral;
  if (failure.kind == ErrorKind::auth && is_protected == Protected::passes) return Sign::good;
  if (is_without_answer(failure)) return Sign::down;
  const auto* const row = std::ranges::find(rows, failure.kind, &Row::kind);
  return row == rows.end() ? Sign::bad : row->sign;
}

std::optional<std::string_view> loss_cause(const mcp::Error& failure) {
  if (failure.kind == ErrorKind::session_lost) return "session-lost";
  // Sessions live in the server's process, as a rule: a process that is gone has none.
  if (failure.kind == ErrorKind::connect || is_without_answer(failure)) return "connection";
  return std::nullopt;
}

Sign worse(Sign left, Sign right) {
  return weight(left) < weight(right) ? right : left;
}

}  // namespace probes::sidecar
