#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace scenarios {

/// Values that are kept until their ticket is shown. Places are used again, so that adding and
/// taking needs no memory; a ticket of a value that is gone fits none that came later.
template <typename Value>
class Slots {
 public:
  struct Ticket {
    std::uint32_t place = 0;
    std::uint32_t serial = 0;
  };

  Ticket add(Value value) {
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(places_.size()));
      places_.emplace_back();
    }
    const auto at = free_.back();
    free_.pop_back();
    auto& place = places_[at];
    place.value = std::move(value);
    place.serial = ++last_serial_;
    ++size_;
    return {.place = at, .serial = place.serial};
  }

  std::optional<Value> take(Ticket ticket) {
    if (ticket.place >= places_.size()) return std::nullopt;
    auto& place = places_[ticket.place];
    if (place.serial != ticket.serial) return std::nullopt;
    place.serial = 0;
    free_.push_back(ticket.place);
    --size_;
    return std::move(place.value);
  }

  void clear() {
    places_.clear();
    free_.clear();
    size_ = 0;
  }
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  template <typename See>
  void each(See see) const {
    for (const auto& place : places_) {
      if (place.serial != 0) see(place.value);
    }
  }

 private:
  struct Place {
    Value value;
    std::uint32_t serial = 0;  // 0: free
  };
  std::vector<Place> places_;
  std::vector<std::uint32_t> free_;
  std::size_t size_ = 0;
  std::uint32_t last_serial_ = 0;
};

}  // namespace scenarios
