#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>
#include <vector>

#include "mcp/io/http_server.hpp"
#include "mcp/io/http_server_format.hpp"

namespace mcp {

/// Where a head ends in bytes that come piece by piece.
class HeadEnd {
 public:
  enum class What { more, whole, bare_line_feed };
  /// `bytes` begin with the head each time, and only grow. `size` is set when it is whole.
  What look(std::string_view bytes);
  std::size_t size() const { return scanned_; }
  void clear() { scanned_ = 0; }

 private:
  std::size_t scanned_ = 0;
};

/// The head of a request or answer as far as it decides what follows. Views into the bytes read.
struct RelayHead {
  std::string_view method;
  std::string_view target;
  int status = 0;
  bool http_1_0 = false;
  bool keep_alive = true;
  bool expects_continue = false;
  bool upgrades = false;
  BodyFraming framing = BodyFraming::none;
  std::uint64_t length = 0;
  std::vector<HeaderView> headers;
};

/// Why a message is not relayed: what two readers may take for different messages is an attack on
/// one of them (RFC 9112 section 11).
struct HeadRefusal {
  int status = 400;
  std::string_view reason;
};

using HeadRead = std::expected<RelayHead, HeadRefusal>;

/// `bytes`: one head with the empty line at its end. Reads more strictly than RFC 9112 asks for:
/// no bare line feed, no folded line, one length only.
HeadRead read_relayed_request(std::string_view bytes);

struct AskedFor {
  bool by_head = false;  // the request's method was HEAD
  bool upgrade = false;
};
/// A refusal's status is then 502.
HeadRead read_relayed_answer(std::string_view bytes, AskedFor asked);

}  // namespace mcp
