#include "mcp/io/http_relay_body.hpp"

#include <algorithm>

namespace mcp {
namespace {

constexpr std::uint8_t max_size_digits = 15;
constexpr std::uint16_t max_line_bytes = 16 * 1024;

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

bool is_text(char each) {
  const auto code = static_cast<unsigned char>(each);
  return (code >= 0x20 && code != 0x7f) || each == '\t';
}

}  // namespace

RelayBody::RelayBody(BodyFraming framing, std::uint64_t length) {
  if (framing == BodyFraming::none || (framing == BodyFraming::length && length == 0)) return;
  state_ = State::open;
  left_ = length;
  if (framing == BodyFraming::until_close) part_ = Part::endless;
  if (framing == BodyFraming::chunked) {
    part_ = Part::size_first;
    left_ = 0;
  }
  chunked_ = framing == BodyFraming::chunked;
}

std::size_t RelayBody::take(std::string_view bytes) {
  if (state_ != State::open) return 0;
  if (part_ == Part::endless) return bytes.size();
  std::size_t taken = 0;
  while (taken < bytes.size() && state_ == State::open) {
    if (part_ == Part::data) {
      const auto size = std::min<std::uint64_t>(left_, bytes.size() - taken);
      left_ -= size;
      taken += size;
      if (left_ == 0) end_data();
    } else if (step(bytes[taken])) {
      ++taken;
    } else {
      state_ = State::broken;
    }
  }
  return taken;
}

void RelayBody::end_data() {
  if (chunked_) {
    part_ = Part::data_cr;
  } else {
    state_ = State::whole;
  }
}

bool RelayBody::enter(Part part) {
  part_ = part;
  return true;
}

bool RelayBody::step(char next) {
  switch (part_) {
    case Part::size_first:
    case Part::size:
    case Part::extension:
    case Part::size_end:
      return take_size(next);
    case Part::data_cr:
      return next == '\r' && enter(Part::data_lf);
    case Part::data_lf:
      return next == '\n' && enter(Part::size_first);
    default:
      return take_trailer(next);
  }
}

bool RelayBody::take_size(char next) {
  if (++line_bytes_ > max_line_bytes) return false;
  switch (part_) {
    case Part::size_first:
      return hex_value(next) >= 0 && take_size_digit(next);
    case Part::size:
      if (hex_value(next) >= 0) return take_size_digit(next);
      if (next == '\r') return enter(Part::size_end);
      return (next == ';' || next == ' ' || next == '\t') && enter(Part::extension);
    case Part::extension:
      return next == '\r' ? enter(Part::size_end) : is_text(next);
    default:
      return next == '\n' && end_size_line();
  }
}

bool RelayBody::take_size_digit(char next) {
  if (++digits_ > max_size_digits) return false;
  left_ = left_ * 16 + static_cast<std::uint64_t>(hex_value(next));
  return enter(Part::size);
}

bool RelayBody::end_size_line() {
  digits_ = 0;
  line_bytes_ = 0;
  return enter(left_ == 0 ? Part::trailer_first : Part::data);
}

bool RelayBody::take_trailer(char next) {
  if (++line_bytes_ > max_line_bytes) return false;
  switch (part_) {
    case Part::trailer_first:
      if (next == '\r') return enter(Part::last_lf);
      return is_text(next) && next != ' ' && next != '\t' && enter(Part::trailer);
    case Part::trailer:
      return next == '\r' ? enter(Part::trailer_lf) : is_text(next);
    case Part::trailer_lf:
      return next == '\n' && enter(Part::trailer_first);
    default:
      if (next != '\n') return false;
      state_ = State::whole;
      return true;
  }
}

}  // namespace mcp
