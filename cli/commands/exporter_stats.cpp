#include "cli/commands/exporter_stats.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "cli/render/format.hpp"
#include "cli/version.hpp"

namespace cli {
namespace {

constexpr auto counter = MetricKind::counter;

double start_seconds() {
  // Field 22 of /proc/self/stat is in clock ticks since boot (proc(5)); the name may hold spaces.
  std::ifstream stat("/proc/self/stat");
  std::string text((std::istreambuf_iterator<char>(stat)), {});
  std::istringstream fields(text.substr(std::min(text.rfind(')') + 1, text.size())));
  std::string field;
  for (int number = 3; number <= 22; ++number) fields >> field;
  double since_boot = 0;
  std::from_chars(field.data(), field.data() + field.size(), since_boot);
  std::ifstream system("/proc/stat");
  double boot = 0;
  for (std::string word; system >> word;)
    if (word == "btime") system >> boot;
  return boot + since_boot / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  double all = 0;
  double resident = 0;
  statm >> all >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double open_descriptors() {
  std::error_code ignored;
  const std::filesystem::directory_iterator entries("/proc/self/fd", ignored);
  // The directory that is being read is one of them.
  return static_cast<double>(std::distance(begin(entries), end(entries))) - 1;
}

double processor_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

void ExporterStats::count_probe(const std::string& module, std::string_view result,
                                const probes::ProbeReport& report) {
  auto& probes = probes_[{module, std::string(result)}];
  ++probes.count;
  probes.seconds += std::chrono::duration<double>(report.total).count();
  if (report.seen.residue == probes::Residue::left) ++sessions_left_;
}

void ExporterStats::count_reload(bool good, double time) {
  last_reload_good_ = good;
  if (good) last_good_reload_ = time;
}

std::vector<Metric> ExporterStats::metrics(std::size_t running, std::size_t most) const {
  std::vector<Metric> all;
  const auto add = [&](std::string name, std::string help, double value, MetricKind kind,
                       std::vector<Label> labels = {}) {
    all.push_back({std::move(name), std::move(help), std::move(labels), value, kind});
  };
  constexpr auto gauge = MetricKind::gauge;
  add("mcpctl_build_info", "The version of mcpctl, as a label", 1, gauge,
      {{"version", std::string(version())}});
  for (const auto& [key, probes] : probes_) {
    const std::vector<Label> labels = {{"module", key.first}, {"result", key.second}};
    add("mcpctl_exporter_probes_total", "Probes that have ended, by module and result",
        static_cast<double>(probes.count), counter, labels);
    add("mcpctl_exporter_probe_seconds_total", "Time that these probes took together",
        probes.seconds, counter, labels);
  }
  add("mcpctl_exporter_probes_shared_total", "Requests that were answered from another's probe",
      static_cast<double>(shared_), counter);
  for (const auto* reason :
       {"bad_request", "busy", "ending", "not_allowed", "rate", "unknown_module"}) {
    const auto found = refusals_.find(reason);
    add("mcpctl_exporter_refusals_total", "Requests for a probe that were refused, by reason",
        found == refusals_.end() ? 0 : static_cast<double>(found->second), counter,
        {{"reason", reason}});
  }
  add("mcpctl_exporter_probes_running", "Probes that run now", static_cast<double>(running), gauge);
  add("mcpctl_exporter_probes_limit", "Probes that may run at a time", static_cast<double>(most),
      gauge);
  add("mcpctl_exporter_sessions_left_total", "Sessions that a probe could not delete",
      static_cast<double>(sessions_left_), counter);
  add("mcpctl_exporter_config_last_reload_successful", "Whether the newest reading succeeded",
      last_reload_good_ ? 1 : 0, gauge);
  add("mcpctl_exporter_config_last_reload_success_timestamp_seconds",
      "When the configuration was read last, in seconds since 1970", last_good_reload_, gauge);
  return all;
}

void ProbeHistory::add(RecentProbe probe) {
  probe.id = ++last_id_;
  probe.log = fit(std::move(probe.log), longest_log);
  probes_.push_back(std::move(probe));
  if (probes_.size() > most) probes_.pop_front();
}

std::vector<RecentProbe> ProbeHistory::newest_first() const {
  return {probes_.rbegin(), probes_.rend()};
}

const RecentProbe* ProbeHistory::find(std::uint64_t id) const {
  const auto found = std::ranges::find(probes_, id, &RecentProbe::id);
  return found == probes_.end() ? nullptr : &*found;
}

std::vector<Metric> process_metrics() {
  return {
      {"process_start_time_seconds",
       "When the process started, in seconds since 1970",
       {},
       start_seconds()},
      {"process_resident_memory_bytes", "Resident memory", {}, resident_bytes()},
      {"process_open_fds", "Open file descriptors", {}, open_descriptors()},
      {"process_cpu_seconds_total",
       "Processor time, of the user and the system",
       {},
       processor_seconds(),
       counter},
  };
}

}  // namespace cli
