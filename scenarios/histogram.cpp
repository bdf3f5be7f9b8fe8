#include "scenarios/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace scenarios {
namespace {

// HdrHistogram's subBucketCount: the smallest power of two that is at least 2 · 10^digits.
unsigned bits_of(Digits digits) {
  return digits == Digits::two ? 8 : 11;
}

}  // namespace

Histogram::Histogram(Digits digits)
    : exact_((std::uint64_t{1} << bits_of(digits)) - 1), bits_(bits_of(digits)), digits_(digits) {}

Histogram::Histogram(const Histogram& other)
    : count_(other.count_), exact_(other.exact_), bits_(other.bits_), digits_(other.digits_) {
  blocks_.reserve(other.blocks_.size());
  for (const auto& block : other.blocks_)
    blocks_.push_back(block ? std::make_unique<Block>(*block) : nullptr);
}

Histogram& Histogram::operator=(const Histogram& other) {
  if (this != &other) *this = Histogram(other);
  return *this;
}

void Histogram::allocate(std::size_t block) {
  if (block >= blocks_.size()) blocks_.resize(block + 1);
  blocks_[block] = std::make_unique<Block>();
}

void Histogram::merge(const Histogram& other) {
  if (digits_ != other.digits_) throw std::logic_error("histograms of different digits");
  for (std::size_t block = 0; block < other.blocks_.size(); ++block) {
    if (!other.blocks_[block]) continue;
    if (block >= blocks_.size() || !blocks_[block]) allocate(block);
    for (std::size_t at = 0; at < block_size; ++at)
      (*blocks_[block])[at] += (*other.blocks_[block])[at];
  }
  count_ += other.count_;
}

std::uint64_t Histogram::percentile(double percent) const {
  if (empty()) return 0;
  const double exact = static_cast<double>(count_) * std::clamp(percent, 0.0, 100.0) / 100.0;
  // 99.9 % of 1,000 is 999, whatever the last bit of the product says.
  const auto wanted =
      std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(exact * (1 - 4e-16))));
  std::uint64_t seen = 0;
  for (std::size_t index = 0; index < bucket_count(); ++index) {
    seen += count_at(index);
    if (seen >= wanted) return highest_of(index);
  }
  return max();
}

std::uint64_t Histogram::min() const {
  for (std::size_t index = 0; index < bucket_count(); ++index)
    if (count_at(index) != 0) return lowest_of(index);
  return 0;
}

std::uint64_t Histogram::max() const {
  for (std::size_t index = bucket_count(); index-- > 0;)
    if (count_at(index) != 0) return highest_of(index);
  return 0;
}

double Histogram::mean() const {
  if (empty()) return 0;
  double sum = 0;
  for (std::size_t index = 0; index < bucket_count(); ++index) {
    if (count_at(index) == 0) continue;
    const std::uint64_t width = lowest_of(index + 1) - lowest_of(index);
    const auto middle = static_cast<double>(lowest_of(index) + width / 2);
    sum += middle * static_cast<double>(count_at(index));
  }
  return sum / static_cast<double>(count_);
}

std::uint64_t Histogram::count_above(std::uint64_t value) const {
  std::uint64_t above = 0;
  for (std::size_t index = bucket_count(); index-- > 0 && lowest_of(index) > value;)
    above += count_at(index);
  return above;
}

std::size_t Histogram::buckets(Digits digits) {
  return Histogram(digits).index_of(highest) + 1;
}

std::size_t Histogram::bucket_count() const {
  return blocks_.size() * block_size;
}

std::uint64_t Histogram::count_at(std::size_t index) const {
  const auto& block = blocks_[index / block_size];
  return block ? (*block)[index % block_size] : 0;
}

void Histogram::add_at(std::size_t index, std::uint64_t times) {
  counter(index) += times;
  count_ += times;
}

std::uint64_t Histogram::lowest_of(std::size_t index) const {
  const std::size_t half = std::size_t{1} << (bits_ - 1);
  if (index < 2 * half) return index;
  const std::size_t shift = index / half - 1;
  return static_cast<std::uint64_t>(half + index % half) << shift;
}

std::uint64_t Histogram::highest_of(std::size_t index) const {
  return lowest_of(index + 1) - 1;
}

std::size_t Histogram::bytes() const {
  std::size_t used = sizeof *this + blocks_.capacity() * sizeof(blocks_[0]);
  for (const auto& block : blocks_) used += block ? sizeof(Block) : 0;
  return used;
}

bool operator==(const Histogram& left, const Histogram& right) {
  if (left.digits_ != right.digits_ || left.count_ != right.count_) return false;
  const std::size_t last = std::max(left.bucket_count(), right.bucket_count());
  const auto at = [](const Histogram& one, std::size_t index) {
    return index < one.bucket_count() ? one.count_at(index) : 0;
  };
  for (std::size_t index = 0; index < last; ++index)
    if (at(left, index) != at(right, index)) return false;
  return true;
}

}  // namespace scenarios
