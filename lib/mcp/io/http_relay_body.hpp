#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "mcp/io/http_server_format.hpp"

namespace mcp {

/// Follows a body that passes, and says where it ends (RFC 9112 sections 6 and 7.1). It keeps no
/// bytes. Chunk lines and trailers are read strictly: CRLF only, and bounded.
class RelayBody {
 public:
  enum class State { open, whole, broken };

  RelayBody() = default;
  RelayBody(BodyFraming framing, std::uint64_t length);

  /// How many of `bytes` belong to it; all that came before a fault where it is then broken.
  std::size_t take(std::string_view bytes);
  State state() const { return state_; }
  bool ends_with_connection() const { return part_ == Part::endless; }

 private:
  enum class Part : std::uint8_t {
    data,        // by length, or a chunk's
    endless,     // to the connection's end
    size_first,  // a chunk's size needs a digit
    size,        // further digits, or what ends them
    extension,   // behind ';' or space
    size_end,    // LF of the size's line
    data_cr,     // CRLF behind a chunk's data
    data_lf,
    trailer_first,  // the beginning of a line behind the last chunk
    trailer,
    trailer_lf,
    last_lf,
  };

  bool step(char next);
  bool take_size(char next);
  bool take_size_digit(char next);
  bool take_trailer(char next);
  bool enter(Part part);
  bool end_size_line();
  void end_data();

  State state_ = State::whole;
  Part part_ = Part::data;
  bool chunked_ = false;
  std::uint8_t digits_ = 0;
  std::uint16_t line_bytes_ = 0;  // of a chunk's line or of all trailers
  std::uint64_t left_ = 0;
};

}  // namespace mcp
