#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cli/render/document.hpp"
#include "cli/render/exporter_page.hpp"
#include "mcp/base/time.hpp"
#include "probes/health/report.hpp"

namespace cli {

/// What the exporter counts of itself. Labels are names of modules and words of ours, so that no
/// request makes a new series.
class ExporterStats {
 public:
  void count_probe(const std::string& module, std::string_view result,
                   const probes::ProbeReport& report);
  void count_shared() { ++shared_; }
  void count_refusal(std::string_view reason) { ++refusals_[std::string(reason)]; }
  /// `time` is in seconds since 1970.
  void count_reload(bool good, double time);

  std::vector<Metric> metrics(std::size_t running, std::size_t most) const;

 private:
  struct Probes {
    std::uint64_t count = 0;
    double seconds = 0;
  };
  std::map<std::pair<std::string, std::string>, Probes> probes_;  // by module and result
  std::map<std::string, std::uint64_t> refusals_;
  std::uint64_t shared_ = 0;
  std::uint64_t sessions_left_ = 0;
  bool last_reload_good_ = true;
  double last_good_reload_ = 0;
};

/// The newest probes, at most so many.
class ProbeHistory {
 public:
  static constexpr std::size_t most = 100;
  static constexpr std::size_t longest_log = 16UL * 1024;

  /// Gives the probe its id.
  void add(RecentProbe probe);
  std::vector<RecentProbe> newest_first() const;
  const RecentProbe* find(std::uint64_t id) const;

 private:
  std::deque<RecentProbe> probes_;
  std::uint64_t last_id_ = 0;
};

/// The usual metrics of a process: start time, memory, descriptors, processor time.
std::vector<Metric> process_metrics();

}  // namespace cli
