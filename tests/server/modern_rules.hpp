#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tests/server/core.hpp"
#include "tests/server/inbound.hpp"

namespace mcp::testserver {

struct Refusal {
  int status = 400;
  int code = 0;
  std::string message;
  std::string raw_data;
};

/// What every request of the modern era must carry in `_meta`, on any transport (2026-07-28 basic,
/// "Per-request protocol fields").
std::optional<Refusal> check_meta(const Core& core, const Incoming& request);

/// What its HTTP fields must mirror besides (2026-07-28 streamable-http, "Server Validation").
std::optional<Refusal> check_fields(const Core& core, const Inbound& inbound,
                                    const Incoming& request);

/// Plain text, or the text inside `=?base64?…?=`; nothing when it is malformed.
std::optional<std::string> decode_field(std::string_view value);

}  // namespace mcp::testserver
