#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "mcp/base/time.hpp"

namespace probes::sidecar {

/// Where a number of sessions comes from, in order of trust.
enum class CountSource {
  proxy,    // counted: each request passes the proxy
  scrape,   // the server's own metric
  sockets,  // established connections to its port, an upper bound
  none,     // nothing is known
};

std::string_view to_string(CountSource source);

/// How many sessions are active, as far as anybody knows.
struct SessionCount {
  CountSource source = CountSource::none;
  std::optional<std::size_t> active;
  bool upper_bound = false;
  std::optional<mcp::TimePoint> taken;  // when it was read; the proxy's is always now
  std::string problem;                  // why a source of more trust has nothing; safe to print
};

/// Something that knows how many sessions are active. Never waits: a source that has to be asked is
/// asked beforehand, by itself, and answers with what it learnt last.
class SessionCounter {
 public:
  virtual ~SessionCounter() = default;
  virtual SessionCount count(mcp::TimePoint now) const = 0;
  /// Refuse new sessions from here on; nothing where the counter has no say in it.
  virtual void refuse_new() {}
  /// Ends what is still open (a drain whose time is up); returns how many sessions that cut.
  virtual std::size_t cut_all() { return 0; }
};

}  // namespace probes::sidecar
