#pragma once

#include <optional>

#include "mcp/base/error.hpp"
#include "mcp/client/options.hpp"
#include "mcp/transport/endpoint.hpp"

namespace mcp {

/// One handshake to try: modern is server/discover, legacy is initialize.
struct Attempt {
  TransportKind transport = TransportKind::streamable_http;
  Era era = Era::modern;
  /// stdio: the child that was asked before refuses a second opening; start another one.
  bool fresh_child = false;
  friend bool operator==(const Attempt&, const Attempt&) = default;
};

/// Where an attempt failed; the transport's own failure is told apart from the handshake's.
enum class FailedAt { open, handshake };

/// Decides which handshake follows a failed one, by the fallback rules of 2026-07-28 versioning
/// and of the binding pages' sections "Backward Compatibility". Has no I/O and keeps no time.
class Negotiation {
 public:
  /// Combinations that exist in no revision (HTTP+SSE in the modern era, a URL over stdio) are
  /// usage errors.
  static Result<Negotiation> plan(bool has_url, TransportChoice transport,
                                  const ProtocolChoice& protocol,
                                  const std::optional<EraMemory>& memory);

  const Attempt& current() const { return current_; }
  /// Moves on to the next attempt; false when there is none, then `verdict` is the outcome.
  bool advance(const Error& failure, FailedAt where);
  /// The failure to report: the one that says most about the server, with what else was tried.
  Error verdict() const { return *verdict_; }

 private:
  Negotiation(bool has_url, TransportChoice transport, ProtocolChoice protocol);
  Attempt first() const;
  std::optional<Attempt> successor(const Error& failure, FailedAt where) const;
  void note(const Error& failure, FailedAt where);

  bool has_url_;
  TransportChoice transport_;
  ProtocolChoice protocol_;
  Attempt current_;
  bool from_memory_ = false;
  std::optional<Error> verdict_;
};

}  // namespace mcp
