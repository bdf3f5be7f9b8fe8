#pragma once

#include <optional>
#include <string_view>

#include "mcp/io/http_relay_head.hpp"

namespace mcp {

/// What the fields of a message say about its framing.
struct RelayFields {
  bool has_length = false;
  std::uint64_t length = 0;
  std::string_view encoding;  // Transfer-Encoding as it stands
  bool has_encoding = false;
  bool has_host = false;
  bool says_close = false;
  bool says_keep_alive = false;
  bool says_upgrade = false;
  bool has_upgrade = false;
  bool expects_continue = false;
};

/// The characters of RFC 9110's `token`.
bool is_http_token(std::string_view text);

/// Reads the field lines (each with its CRLF, without the empty line) into `headers`.
std::expected<RelayFields, HeadRefusal> read_relayed_fields(std::string_view lines,
                                                            std::vector<HeaderView>& headers);

}  // namespace mcp
