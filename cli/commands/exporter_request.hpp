#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "cli/commands/exporter_setup.hpp"
#include "mcp/base/time.hpp"
#include "mcp/base/url.hpp"

namespace cli {

/// What is asked for in a URL's query, with %XX and + decoded.
struct ProbeQuery {
  std::string target;
  std::string module;
  bool debug = false;
};

/// The first parameter of that name, decoded; nothing where there is none.
std::optional<std::string> query_parameter(std::string_view query, std::string_view name);
ProbeQuery parse_probe_query(std::string_view query);

/// Why nothing is probed: the status of the answer, the class for the metrics, the sentence.
struct Refusal {
  int status = 400;
  std::string_view reason;
  std::string text;
};

/// What may be probed for a request.
struct AdmittedProbe {
  const ExporterModule* module = nullptr;
  mcp::Url url;
  std::string name;  // as it was asked for
};

enum class AllowAny { no, yes };

/// Looks the request up in the configuration. Credentials of a module go only to what is on its
/// list, whatever else is allowed.
std::expected<AdmittedProbe, Refusal> admit(const ProbeQuery& query, const ExporterConfig& config,
                                            AllowAny any);

/// The time of a probe: at most the module's, and at most what the scraper waits (the value of
/// X-Prometheus-Scrape-Timeout-Seconds; empty: none was sent) less `offset`, but never less than
/// half of that.
std::expected<mcp::Duration, Refusal> probe_timeout(std::string_view scrape_timeout,
                                                    mcp::Duration module, mcp::Duration offset);

/// At most so many in a second, with bursts of a second's worth.
class RateLimit {
 public:
  /// 0: no limit.
  explicit RateLimit(double per_second) : per_second_(per_second), tokens_(burst()) {}
  bool take(mcp::TimePoint now);

 private:
  double burst() const { return per_second_ < 1 ? 1 : per_second_; }

  double per_second_;
  double tokens_;
  std::optional<mcp::TimePoint> filled_;
};

}  // namespace cli
