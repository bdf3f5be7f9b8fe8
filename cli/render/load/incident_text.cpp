#include "cli/render/load/incident_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "mcp/base/time.hpp"

namespace cli {
namespace {

using namespace scenarios;

/// More than this is a wall of text; the results file has them all.
constexpr std::size_t most_kinds = 8;

std::string cause(const IncidentLog::Kind& kind) {
  const std::string status = kind.http_status == 0 ? "" : fmt::format(" ({})", kind.http_status);
  switch (kind.by) {
    case CutBy::fin:
      return "closed by the other side (FIN)" + status;
    case CutBy::rst:
      return "reset by the other side (RST)" + status;
    case CutBy::not_found:
      return "unknown to the server" + status;
    case CutBy::server:
      return "failed by the server or a gateway" + status;
    case CutBy::silence:
      break;
  }
  return "silent until the deadline" + status;
}

std::string line_of(const IncidentLog::Kind& kind, std::uint64_t count,
                    const std::vector<Incident>& details) {
  std::vector<mcp::Duration> idle;
  std::size_t kept_alive = 0;
  mcp::Duration first{};
  for (const auto& one : details) {
    if (IncidentLog::Kind{one.subject, one.by, one.http_status} != kind) continue;
    if (idle.empty()) first = one.at;
    idle.push_back(one.idle);
    kept_alive += one.keep_alive_seen ? 1 : 0;
  }
  auto text = fmt::format("    {} {}{} {}", count, to_string(kind.subject), count == 1 ? "" : "s",
                          cause(kind));
  if (idle.empty()) return text + "\n";
  std::ranges::sort(idle);
  text += fmt::format(": the first {} into the run, mostly idle for {}",
                      mcp::format_duration(first), mcp::format_duration(idle[idle.size() / 2]));
  if (kept_alive != 0) text += ", in spite of keep-alives";
  return text + "\n";
}

}  // namespace

std::string incident_lines(const IncidentLog& incidents) {
  std::vector<std::pair<IncidentLog::Kind, std::uint64_t>> kinds(incidents.counts().begin(),
                                                                 incidents.counts().end());
  std::ranges::stable_sort(
      kinds, [](const auto& left, const auto& right) { return left.second > right.second; });
  const auto details = incidents.first();
  std::string text;
  for (std::size_t at = 0; at < std::min(kinds.size(), most_kinds); ++at)
    text += line_of(kinds[at].first, kinds[at].second, details);
  if (kinds.size() > most_kinds)
    text += fmt::format("    and {} rarer kinds\n", kinds.size() - most_kinds);
  return text;
}

}  // namespace cli
