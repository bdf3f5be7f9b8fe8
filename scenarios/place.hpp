#pragma once

#include <compare>

namespace scenarios {

/// Where something stands in a file, counted from 1.
struct Place {
  int line = 1;
  int column = 1;
  friend auto operator<=>(const Place&, const Place&) = default;
};

}  // namespace scenarios
