#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"
#include "scenarios/place.hpp"

namespace scenarios {

/// One thing that is wrong with a file. What was quoted from the file is already safe to print.
struct Complaint {
  Place place;
  std::string message;
  std::string hint;  // what to write instead; may be empty
  friend bool operator==(const Complaint&, const Complaint&) = default;
};

/// Everything that is wrong with one file: reading goes on after a mistake, so that a person sees
/// all of them at once.
class Complaints {
 public:
  static constexpr std::size_t most = 50;

  void add(Place place, std::string message, std::string hint = {});
  void add(Place place, const mcp::Error& error) { add(place, error.message, error.hint); }
  bool empty() const { return list_.empty(); }
  /// In the order of the file.
  std::vector<Complaint> sorted() const;

 private:
  std::vector<Complaint> list_;
};

/// "FILE:LINE:COLUMN: MESSAGE (HINT)", one line for each.
std::string to_text(std::string_view file, const std::vector<Complaint>& complaints);

}  // namespace scenarios
