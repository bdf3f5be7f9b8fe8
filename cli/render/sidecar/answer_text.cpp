#include <fmt/format.h>

#include <optional>

#include "cli/render/sidecar/sidecar.hpp"

namespace cli {
namespace {

using probes::sidecar::Answer;
using probes::sidecar::CountSource;
using probes::sidecar::SessionCount;
using probes::sidecar::Status;

std::string line(std::string_view name, std::string_view text) {
  return fmt::format("{:<9} {}\n", name, text);
}

std::string words_of(const Answer& answer) {
  if (!answer.ok) return "fails: " + answer.reason;
  return answer.reason.empty() ? "ok" : "ok: " + answer.reason;
}

std::string ago(mcp::Duration time) {
  return mcp::format_duration(time) + " ago";
}

std::string canary_words(const Status& status) {
  const auto& canary = status.canary;
  std::string text = "none is held";
  if (canary.held) text = "held";
  if (canary.held && canary.since) {
    text += " for " + mcp::format_duration(status.now - *canary.since);
  }
  if (!canary.last_loss_at) return text;
  return fmt::format("{}; the last one died {}: {}", text, ago(status.now - *canary.last_loss_at),
                     canary.last_loss);
}

}  // namespace

std::string words_of(const SessionCount& count) {
  if (!count.active) {
    return count.problem.empty() ? "how many sessions are active is not known"
                                 : "how many sessions are active is not known: " + count.problem;
  }
  const auto* plural = *count.active == 1 ? "" : "s";
  switch (count.source) {
    case CountSource::proxy:
      return fmt::format("{} session{} active (counted by the proxy)", *count.active, plural);
    case CountSource::scrape:
      return fmt::format("{} session{} active (the server's metric)", *count.active, plural);
    case CountSource::sockets:
      return fmt::format("at most {} session{} active (established connections)", *count.active,
                         plural);
    case CountSource::none:
      break;
  }
  return fmt::format("{} session{} active", *count.active, plural);
}

std::string render_answer(const Answer& answer) {
  return (answer.ok ? std::string("ok") : answer.reason) + '\n';
}

std::string render_answer(const Answer& answer, const Status& status) {
  std::string text = render_answer(answer);
  text +=
      line("state", fmt::format("{} for {}: {}", to_string(status.state),
                                mcp::format_duration(status.now - status.since), status.reason));
  text += line("readyz", words_of(status.ready));
  text += line("livez", words_of(status.live));
  text += line("startupz", words_of(status.startup));
  text += line("sign", status.last_sign ? ago(status.now - *status.last_sign) : "none yet");
  text += line("canary", canary_words(status));
  text += line("sessions", cli::words_of(status.sessions));
  return text;
}

}  // namespace cli
