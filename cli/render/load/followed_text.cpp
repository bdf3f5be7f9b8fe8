#include "cli/render/load/followed_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "cli/text_table.hpp"
#include "mcp/base/time.hpp"

namespace cli {
namespace {

using namespace scenarios;

/// More than this is a wall of text; the results file has them all.
constexpr std::size_t most_losses = 20;

std::string cause(const SessionLoss& loss) {
  const std::string status = loss.http_status == 0 ? "" : fmt::format(" ({})", loss.http_status);
  switch (loss.by) {
    case CutBy::fin:
      return "closed (FIN)" + status;
    case CutBy::rst:
      return "reset (RST)" + status;
    case CutBy::not_found:
      return "unknown to the server" + status;
    case CutBy::server:
      return "server or gateway failed" + status;
    case CutBy::silence:
      break;
  }
  return "silence" + status;
}

std::string head_line(const FollowedSessions& followed) {
  auto text = fmt::format("\n  followed     {} session{}, {} lost", followed.sessions,
                          followed.sessions == 1 ? "" : "s", followed.lost);
  if (followed.lost != 0 && followed.never_back == 0) text += ", each agent came back";
  if (followed.never_back != 0) text += fmt::format(", {} never came back", followed.never_back);
  if (followed.unsure != 0) {
    text +=
        fmt::format("; {} ended while the server did not answer: nobody knows", followed.unsure);
  }
  return text + "\n";
}

/// Of the agents that came back, from the last sign of life of the old session.
std::string away_line(const FollowedSessions& followed) {
  std::vector<mcp::Duration> away;
  for (const auto& loss : followed.losses) {
    if (loss.back) away.push_back(*loss.back - loss.last_answer);
  }
  if (away.empty()) return {};
  std::ranges::sort(away);
  return fmt::format("    from the last answer to the new session: {} in the middle, {} at most\n",
                     mcp::format_duration(away[(away.size() - 1) / 2]),
                     mcp::format_duration(away.back()));
}

}  // namespace

std::string followed_lines(const Recording& recording) {
  if (!recording.followed) return {};
  const auto& followed = *recording.followed;
  auto text = head_line(followed) + away_line(followed);
  if (followed.losses.empty()) return text;
  TextTable table{.header = {"    AGENT", "LOST AT", "HOW IT SHOWED", "LAST ANSWER", "BACK AFTER"},
                  .rows = {}};
  for (const auto& loss : followed.losses) {
    if (table.rows.size() == most_losses) break;
    table.rows.push_back(
        {fmt::format("    {}", loss.agent), mcp::format_duration(loss.lost), cause(loss),
         mcp::format_duration(loss.lost - loss.last_answer) + " before",
         loss.back ? mcp::format_duration(*loss.back - loss.lost) : std::string("never")});
  }
  text += table.render(0);
  if (followed.lost > table.rows.size()) {
    text += fmt::format("    and {} more; the results file has the first {}\n",
                        followed.lost - table.rows.size(), followed.losses.size());
  }
  return text;
}

}  // namespace cli
