#include "scenarios/incident.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace scenarios {

std::string_view to_string(Subject subject) {
  static constexpr std::array<std::string_view, 3> names = {"session", "connection", "stream"};
  return names[static_cast<std::size_t>(subject)];
}

std::string_view to_string(CutBy by) {
  static constexpr std::array<std::string_view, 5> names = {"fin", "rst", "not_found", "server",
                                                            "silence"};
  return names[static_cast<std::size_t>(by)];
}

void IncidentLog::add(const Incident& incident) {
  ++counts_[Kind{incident.subject, incident.by, incident.http_status}];
  keep(incident);
}

void IncidentLog::merge(const IncidentLog& other) {
  for (const auto& [kind, count] : other.counts_) counts_[kind] += count;
  for (const auto& incident : other.first_) keep(incident);
}

void IncidentLog::keep(const Incident& incident) {
  if (first_.size() == kept) {
    if (incident >= first_.front()) return;
    std::pop_heap(first_.begin(), first_.end());
    first_.pop_back();
  }
  first_.push_back(incident);
  std::push_heap(first_.begin(), first_.end());
}

IncidentLog IncidentLog::restore(std::map<Kind, std::uint64_t> counts,
                                 const std::vector<Incident>& first) {
  IncidentLog log;
  log.counts_ = std::move(counts);
  for (const auto& incident : first) log.keep(incident);
  return log;
}

std::uint64_t IncidentLog::count(Subject subject) const {
  std::uint64_t total = 0;
  for (const auto& [kind, count] : counts_) total += kind.subject == subject ? count : 0;
  return total;
}

std::vector<Incident> IncidentLog::first() const {
  std::vector<Incident> sorted = first_;
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

bool operator==(const IncidentLog& left, const IncidentLog& right) {
  return left.counts_ == right.counts_ && left.first() == right.first();
}

}  // namespace scenarios
