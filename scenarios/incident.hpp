#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "mcp/base/time.hpp"

namespace scenarios {

using AgentId = std::uint64_t;

/// What was cut off.
enum class Subject : std::uint8_t {
  session,     // the server no longer knows it: a session lost
  connection,  // a kept connection, between requests
  stream,      // an event stream that was held open
};
std::string_view to_string(Subject subject);

/// How it showed who cut it.
enum class CutBy : std::uint8_t {
  fin,        // the connection was closed in order
  rst,        // it was reset
  not_found,  // 404, or another 4xx that means "no such session"
  server,     // 5xx, mostly of a gateway
  silence,    // nothing came any more, until a deadline
};
std::string_view to_string(CutBy by);

/// Something that was lost without the driver having asked for it.
struct Incident {
  mcp::Duration at{};  // from the start of the run
  AgentId agent = 0;
  Subject subject = Subject::connection;
  CutBy by = CutBy::fin;
  int http_status = 0;  // 0: there was none
  /// How long nothing had been sent or received on it.
  mcp::Duration idle{};
  /// Whether the server had sent keep-alive comments or pings on it.
  bool keep_alive_seen = false;
  /// Of a session: how long it had been open, and how many requests had been answered well on it.
  mcp::Duration age{};
  std::uint64_t answers = 0;

  friend auto operator<=>(const Incident&, const Incident&) = default;
};

/// Counts every incident, and keeps the details of the `kept` earliest ones.
class IncidentLog {
 public:
  static constexpr std::size_t kept = 4096;

  struct Kind {
    Subject subject = Subject::connection;
    CutBy by = CutBy::fin;
    int http_status = 0;
    friend auto operator<=>(const Kind&, const Kind&) = default;
  };

  void add(const Incident& incident);
  void merge(const IncidentLog& other);
  /// From a file: details and counts as they were.
  static IncidentLog restore(std::map<Kind, std::uint64_t> counts,
                             const std::vector<Incident>& first);

  std::uint64_t count(Subject subject) const;
  const std::map<Kind, std::uint64_t>& counts() const { return counts_; }
  /// In the order of time.
  std::vector<Incident> first() const;

  friend bool operator==(const IncidentLog& left, const IncidentLog& right);

 private:
  void keep(const Incident& incident);

  std::map<Kind, std::uint64_t> counts_;
  std::vector<Incident> first_;  // a heap with the latest in front
};

}  // namespace scenarios
