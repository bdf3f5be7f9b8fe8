#include "tests/unit/sidecar_sessions/passing.hpp"

namespace probes::sidecar {

Passing::Passing(SessionGateOptions options) : gate(loop, options) {}

std::uint64_t Passing::ask(std::string_view method, const Fields& fields, std::string_view body,
                           std::string_view target) {
  const auto id = ++last_;
  const mcp::RelayedRequest head{
      .id = id, .method = method, .target = target, .headers = fields, .body = {}};
  body_was_seen = gate.needs_body(head);
  verdict = gate.admit({.id = id,
                        .method = method,
                        .target = target,
                        .headers = fields,
                        .body = body_was_seen ? body : std::string_view()});
  return verdict.pass ? id : 0;
}

void Passing::answer(std::uint64_t id, int status, const Fields& fields) {
  gate.on_answer(id, status, fields);
}

void Passing::exchange(std::string_view method, const Fields& fields, int status,
                       std::string_view body, const Fields& answered) {
  const auto id = ask(method, fields, body);
  answer(id, status, answered);
  end(id);
}

void Passing::initialize(std::string_view session) {
  exchange("POST", {}, 200, initialize_body, {{"mcp-session-id", session}});
}

void Passing::call(std::string_view session, int status) {
  exchange("POST", {{"Mcp-Session-Id", session}}, status);
}

}  // namespace probes::sidecar
