#include "scenarios/complaints.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "mcp/base/text.hpp"

namespace scenarios {

void Complaints::add(Place place, std::string message, std::string hint) {
  if (list_.size() >= most) return;
  list_.push_back({place, std::move(message), std::move(hint)});
}

std::vector<Complaint> Complaints::sorted() const {
  auto result = list_;
  std::ranges::stable_sort(result, {}, &Complaint::place);
  return result;
}

std::string to_text(std::string_view file, const std::vector<Complaint>& complaints) {
  std::string text;
  for (const auto& complaint : complaints) {
    if (!text.empty()) text += '\n';
    text += fmt::format("{}:{}:{}: {}", mcp::printable(file), complaint.place.line,
                        complaint.place.column, complaint.message);
    if (!complaint.hint.empty()) text += fmt::format(" ({})", complaint.hint);
  }
  return text;
}

}  // namespace scenarios
