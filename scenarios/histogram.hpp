#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace scenarios {

/// How finely a histogram tells values apart: to 1 % or to 0.1 % of the value.
enum class Digits : std::uint8_t { two = 2, three = 3 };

/// Counts of whole numbers (here: microseconds) from 0 to 3,600,000,000, in HdrHistogram's layout:
/// exact up to 255 or 2,047, then each doubling of the value has 128 or 1,024 buckets of equal
/// width. Counters are allocated in blocks when first used. All answers come from the counts alone,
/// so that what is merged or read back from a file equals what was recorded.
class Histogram {
 public:
  static constexpr std::uint64_t highest = 3'600'000'000;

  explicit Histogram(Digits digits = Digits::three);
  Histogram(const Histogram& other);
  Histogram(Histogram&&) noexcept = default;
  Histogram& operator=(const Histogram& other);
  Histogram& operator=(Histogram&&) noexcept = default;
  ~Histogram() = default;

  /// Values above `highest` are counted as `highest`.
  void add(std::uint64_t value) { add(value, 1); }
  void add(std::uint64_t value, std::uint64_t times) {
    counter(index_of(value < highest ? value : highest)) += times;
    count_ += times;
  }
  /// Of the same digits; others are a bug and throw std::logic_error.
  void merge(const Histogram& other);

  Digits digits() const { return digits_; }
  std::uint64_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  /// The highest value of the bucket that holds the value of that rank (nearest rank: of n values
  /// in order the one at ⌈n · percent / 100⌉); 0 when empty. `percent` is 0 to 100.
  std::uint64_t percentile(double percent) const;
  /// The lowest value of the lowest bucket in use; 0 when empty.
  std::uint64_t min() const;
  /// The highest value of the highest bucket in use; 0 when empty.
  std::uint64_t max() const;
  /// As if each value were the middle of its bucket; 0 when empty.
  double mean() const;
  /// How many values lie in buckets that are wholly above `value`.
  std::uint64_t count_above(std::uint64_t value) const;

  /// How many buckets there are up to `highest`.
  static std::size_t buckets(Digits digits);
  /// The buckets by index, for encoding; those past `bucket_count` are empty.
  std::size_t bucket_count() const;
  std::uint64_t count_at(std::size_t index) const;
  void add_at(std::size_t index, std::uint64_t times);
  std::uint64_t lowest_of(std::size_t index) const;
  std::uint64_t highest_of(std::size_t index) const;

  /// What it takes in memory, itself included.
  std::size_t bytes() const;

  friend bool operator==(const Histogram& left, const Histogram& right);

 private:
  static constexpr std::size_t block_size = 64;
  using Block = std::array<std::uint64_t, block_size>;

  /// The number of buckets that all have the width 1 is 2^bits_.
  std::size_t index_of(std::uint64_t value) const {
    // Without a branch: latencies lie on both sides of the limit, and a wrong guess costs more.
    const unsigned shift = static_cast<unsigned>(std::bit_width(value | exact_)) - bits_;
    return (static_cast<std::size_t>(shift) << (bits_ - 1)) +
           static_cast<std::size_t>(value >> shift);
  }
  std::uint64_t& counter(std::size_t index) {
    const std::size_t block = index / block_size;
    if (block >= blocks_.size() || !blocks_[block]) [[unlikely]]
      allocate(block);
    return (*blocks_[block])[index % block_size];
  }
  void allocate(std::size_t block);

  std::vector<std::unique_ptr<Block>> blocks_;
  std::uint64_t count_ = 0;
  std::uint64_t exact_;  // 2^bits_ − 1: up to here every value has its own bucket
  unsigned bits_;
  Digits digits_;
};

}  // namespace scenarios
