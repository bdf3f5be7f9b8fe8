#include "scenarios/inflater.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace scenarios {
namespace {

constexpr unsigned longest_code = 15;
constexpr unsigned end_of_block = 256;

/// Thrown and caught in this file only: damage is found deep in nested loops.
struct Damage {
  const char* why;
};

class Bits {
 public:
  explicit Bits(std::string_view bytes) : bytes_(bytes) {}

  unsigned take(unsigned count) {
    while (held_ < count) {
      if (next_ == bytes_.size()) throw Damage{"it ends too early"};
      window_ |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes_[next_++])) << held_;
      held_ += 8;
    }
    const unsigned value = window_ & ((1U << count) - 1);
    window_ >>= count;
    held_ -= count;
    return value;
  }
  std::string_view take_bytes(std::size_t count) {
    if (bytes_.size() - next_ < count) throw Damage{"a stored block ends too early"};
    next_ += count;
    return bytes_.substr(next_ - count, count);
  }
  void drop_rest_of_byte() {
    window_ = 0;
    held_ = 0;
  }
  bool at_end() const { return next_ == bytes_.size(); }

 private:
  std::string_view bytes_;
  std::size_t next_ = 0;
  std::uint32_t window_ = 0;
  unsigned held_ = 0;
};

/// A canonical Huffman code (RFC 1951 section 3.2.2): codes of one length are consecutive, in the
/// order of their symbols, so that the symbols sorted by length and the first code of each length
/// say it all.
class Code {
 public:
  explicit Code(std::span<const std::uint8_t> lengths) {
    for (const auto length : lengths) ++count_[length];
    count_[0] = 0;
    int room = 1;
    for (unsigned length = 1; length <= longest_code; ++length) {
      room = room * 2 - static_cast<int>(count_[length]);
      if (room < 0) throw Damage{"a code has more words than fit"};
    }
    for (unsigned length = 1; length <= longest_code; ++length)
      for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol)
        if (lengths[symbol] == length) sorted_.push_back(static_cast<std::uint16_t>(symbol));
  }

  unsigned read(Bits& bits) const {
    unsigned word = 0;
    unsigned first = 0;
    unsigned before = 0;
    for (unsigned length = 1; length <= longest_code; ++length) {
      word = word << 1 | bits.take(1);
      if (word - first < count_[length]) return sorted_[before + word - first];
      before += count_[length];
      first = (first + count_[length]) << 1;
    }
    throw Damage{"a word is in no code"};
  }

 private:
  std::array<unsigned, longest_code + 1> count_{};
  std::vector<std::uint16_t> sorted_;
};

/// Base value and number of extra bits of a length or distance symbol (section 3.2.5).
struct Range {
  unsigned base;
  unsigned extra;
};

Range length_range(unsigned symbol) {
  if (symbol > 285) throw Damage{"a length is unknown"};
  if (symbol == 285) return {258, 0};
  const unsigned at = symbol - 257;
  if (at < 8) return {at + 3, 0};
  const unsigned extra = at / 4 - 1;
  return {((4 + at % 4) << extra) + 3, extra};
}

Range distance_range(unsigned symbol) {
  if (symbol > 29) throw Damage{"a distance is unknown"};
  if (symbol < 4) return {symbol + 1, 0};
  const unsigned extra = symbol / 2 - 1;
  return {((2 + symbol % 2) << extra) + 1, extra};
}

class Inflater {
 public:
  Inflater(std::string_view stream, std::size_t limit) : bits_(stream), limit_(limit) {}

  std::string run() {
    bool last = false;
    while (!last) {
      last = bits_.take(1) == 1;
      const unsigned kind = bits_.take(2);
      if (kind == 0)
        stored();
      else if (kind == 1)
        fixed();
      else if (kind == 2)
        dynamic();
      else
        throw Damage{"a block has an unknown kind"};
    }
    if (!bits_.at_end()) throw Damage{"it goes on after its last block"};
    return std::move(out_);
  }

 private:
  void room_for(std::size_t more) {
    if (limit_ - out_.size() < more) throw Damage{"it grows beyond the limit"};
  }

  void stored() {
    bits_.drop_rest_of_byte();
    const unsigned length = bits_.take(16);
    if (bits_.take(16) != (length ^ 0xffffU)) throw Damage{"a stored block's length is wrong"};
    room_for(length);
    out_ += bits_.take_bytes(length);
  }

  void fixed() {
    std::array<std::uint8_t, 288> lengths{};
    for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol)
      lengths[symbol] = symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8;
    std::array<std::uint8_t, 30> distances{};
    distances.fill(5);
    compressed(Code(lengths), Code(distances));
  }

  void dynamic() {
    const unsigned literals = bits_.take(5) + 257;
    const unsigned distances = bits_.take(5) + 1;
    const unsigned used = bits_.take(4) + 4;
    static constexpr std::array<std::uint8_t, 19> order = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                           11, 4,  12, 3, 13, 2, 14, 1, 15};
    std::array<std::uint8_t, 19> lengths{};
    for (unsigned at = 0; at < used; ++at)
      lengths[order[at]] = static_cast<std::uint8_t>(bits_.take(3));
    const auto both = code_lengths(Code(lengths), literals + distances);
    const std::span all(both);
    compressed(Code(all.first(literals)), Code(all.last(distances)));
  }

  std::vector<std::uint8_t> code_lengths(const Code& code, std::size_t wanted) {
    std::vector<std::uint8_t> lengths;
    while (lengths.size() < wanted) {
      const unsigned symbol = code.read(bits_);
      if (symbol < 16) {
        lengths.push_back(static_cast<std::uint8_t>(symbol));
        continue;
      }
      if (symbol == 16 && lengths.empty()) throw Damage{"it repeats a length before the first"};
      const std::uint8_t repeated = symbol == 16 ? lengths.back() : std::uint8_t{0};
      const unsigned times = symbol == 16   ? bits_.take(2) + 3
                             : symbol == 17 ? bits_.take(3) + 3
                                            : bits_.take(7) + 11;
      lengths.insert(lengths.end(), times, repeated);
    }
    if (lengths.size() > wanted) throw Damage{"it has more code lengths than it says"};
    return lengths;
  }

  void compressed(const Code& literals, const Code& distances) {
    for (;;) {
      const unsigned symbol = literals.read(bits_);
      if (symbol == end_of_block) return;
      if (symbol < end_of_block) {
        room_for(1);
        out_ += static_cast<char>(symbol);
        continue;
      }
      const Range length = length_range(symbol);
      const std::size_t count = length.base + bits_.take(length.extra);
      const Range far = distance_range(distances.read(bits_));
      const std::size_t distance = far.base + bits_.take(far.extra);
      if (distance > out_.size()) throw Damage{"it copies from before its beginning"};
      room_for(count);
      for (std::size_t copied = 0; copied < count; ++copied) out_ += out_[out_.size() - distance];
    }
  }

  Bits bits_;
  std::size_t limit_;
  std::string out_;
};

}  // namespace

std::expected<std::string, std::string> inflate(std::string_view stream, std::size_t limit) {
  try {
    return Inflater(stream, limit).run();
  } catch (const Damage& damage) {
    return std::unexpected(std::string(damage.why));
  }
}

}  // namespace scenarios
