#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mcp {

/// What the client answers to elicitation/create.
enum class ElicitationPolicy { decline, accept_defaults };

struct ClientCapabilities {
  bool roots = false;
  bool sampling = false;  // never declared to modern servers: MRTR has no way to decline it
  bool elicitation = false;
  std::vector<std::string> extensions;  // e.g. "io.modelcontextprotocol/skills"
};

struct SessionConfig {
  std::string client_name = "mcpctl";
  std::string client_version;
  ClientCapabilities capabilities;
  ElicitationPolicy elicitation = ElicitationPolicy::decline;
  /// W3C Trace Context; goes into `_meta` and the HTTP field (SEP-414). Empty: none is sent.
  std::string traceparent;
  std::string tracestate;
  /// Modern: io.modelcontextprotocol/logLevel. Empty: the server sends no log messages.
  std::string log_level;
  /// Modern: whether a call is given up by notifications/cancelled (stdio) or by closing its
  /// stream alone (2026-07-28 cancellation, "Transport-Specific Cancellation"). Legacy sessions
  /// always send it.
  bool cancel_by_notification = false;
  /// Messages without a matching reply or a new call in between; more is a limit error of all
  /// open calls.
  std::size_t max_notifications_in_row = 100'000;
  std::size_t max_input_rounds = 10;
  /// The ids of its requests count up from here: many sessions may share a range without overlap.
  std::int64_t first_request_id = 1;
};

}  // namespace mcp
