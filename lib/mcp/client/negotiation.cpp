#include "mcp/client/negotiation.hpp"

#include "mcp/session/era.hpp"

namespace mcp {

namespace {

/// These say nothing about eras: whatever is tried next would meet them again.
bool is_about_reaching(ErrorKind kind) {
  return kind == ErrorKind::resolve || kind == ErrorKind::connect || kind == ErrorKind::tls ||
         kind == ErrorKind::timeout || kind == ErrorKind::auth || kind == ErrorKind::interrupted ||
         kind == ErrorKind::usage;
}

/// 2026-07-28 streamable-http, "HTTP+SSE Transport (2024-11-05)": these statuses, and no JSON-RPC
/// error that only a modern server sends, lead to a GET of the same URL.
bool suggests_http_sse(const Error& failure) {
  const auto status = failure.http_status.value_or(0);
  return (status == 400 || status == 404 || status == 405) &&
         judge_discover_failure(failure) != EraJudgement::modern_error;
}

Error with_hint_about_era(Error error, Era era) {
  if (!error.hint.empty()) return error;
  if (era == Era::legacy && judge_discover_failure(error) == EraJudgement::modern_error) {
    error.hint = "the server speaks only the modern era: use --protocol modern or auto";
  }
  return error;
}

}  // namespace

Negotiation::Negotiation(bool has_url, TransportChoice transport, ProtocolChoice protocol)
    : has_url_(has_url), transport_(transport), protocol_(protocol) {
  if (protocol_.revision) protocol_.era = era_of(*protocol_.revision);
  current_ = first();
}

Result<Negotiation> Negotiation::plan(bool has_url, TransportChoice transport,
                                      const ProtocolChoice& protocol,
                                      const std::optional<EraMemory>& memory) {
  if (has_url && transport == TransportChoice::stdio) {
    return fail(ErrorKind::usage, "a URL cannot be reached over stdio",
                "give the server's command after --, or leave --transport out");
  }
  if (!has_url && transport != TransportChoice::automatic && transport != TransportChoice::stdio) {
    return fail(ErrorKind::usage, "a command is reached over stdio only",
                "give a URL, or leave --transport out");
  }
  Negotiation negotiation(has_url, transport, protocol);
  if (transport == TransportChoice::http_sse && negotiation.protocol_.era == Era::modern) {
    return fail(ErrorKind::usage, "the modern era has no HTTP+SSE transport",
                "use --protocol legacy, or --transport streamable-http");
  }
  if (memory) {
    const bool fits_transport = transport == TransportChoice::automatic &&
                                (memory->transport != TransportKind::stdio) == has_url;
    const bool fits_choice = transport == TransportChoice::automatic
                                 ? fits_transport
                                 : memory->transport == negotiation.current_.transport;
    if (fits_choice && negotiation.protocol_.era.value_or(memory->era) == memory->era) {
      negotiation.current_ = {memory->transport, memory->era};
      negotiation.from_memory_ = true;
    }
  }
  return negotiation;
}

Attempt Negotiation::first() const {
  if (!has_url_) return {TransportKind::stdio, protocol_.era.value_or(Era::modern)};
  if (transport_ == TransportChoice::http_sse) return {TransportKind::http_sse, Era::legacy};
  return {TransportKind::streamable_http, protocol_.era.value_or(Era::modern)};
}

bool Negotiation::advance(const Error& failure, FailedAt where) {
  if (from_memory_ && !is_about_reaching(failure.kind)) {
    // "re-probing if the cached assumption later fails" (2026-07-28 versioning).
    from_memory_ = false;
    current_ = first();
    return true;
  }
  note(failure, where);
  const auto next = successor(failure, where);
  if (!next) return false;
  current_ = *next;
  return true;
}

std::optional<Attempt> Negotiation::successor(const Error& failure, FailedAt where) const {
  if (current_.era == Era::modern) {
    if (protocol_.era == Era::modern) return std::nullopt;
    if (current_.transport == TransportKind::stdio) {
      // 2026-07-28 stdio: any other error, silence, or a server that gives up means legacy.
      if (where == FailedAt::open) return std::nullopt;
      if (judge_discover_failure(failure) == EraJudgement::modern_error) return std::nullopt;
      if (failure.kind == ErrorKind::interrupted || failure.kind == ErrorKind::limit)
        return std::nullopt;
      return Attempt{TransportKind::stdio, Era::legacy};
    }
    if (judge_discover_failure(failure) != EraJudgement::fall_back_to_initialize)
      return std::nullopt;
    return Attempt{current_.transport, Era::legacy};
  }
  const bool asked_before = current_.transport == TransportKind::stdio && !protocol_.era &&
                            !from_memory_ && !current_.fresh_child;
  if (asked_before && where == FailedAt::handshake && failure.kind == ErrorKind::rpc) {
    return Attempt{TransportKind::stdio, Era::legacy, true};
  }
  if (current_.transport == TransportKind::streamable_http &&
      transport_ == TransportChoice::automatic && suggests_http_sse(failure)) {
    return Attempt{TransportKind::http_sse, Era::legacy};
  }
  return std::nullopt;
}

void Negotiation::note(const Error& failure, FailedAt where) {
  // A GET that brings no event stream says less than the refused POST before it.
  const bool weaker = current_.transport == TransportKind::http_sse && verdict_ &&
                      where == FailedAt::open && !is_about_reaching(failure.kind);
  if (weaker) {
    if (verdict_->hint.empty()) {
      verdict_->hint =
          "neither POST (Streamable HTTP) nor GET (HTTP+SSE) was answered as MCP: is this the "
          "server's MCP path (often /mcp or /sse)?";
    }
    return;
  }
  verdict_ = with_hint_about_era(failure, current_.era);
}

}  // namespace mcp
