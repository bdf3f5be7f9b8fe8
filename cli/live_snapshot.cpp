#include "cli/live_snapshot.hpp"

#include <optional>
#include <utility>

#include "cli/conversation.hpp"
#include "probes/drift/collect.hpp"

namespace cli {

mcp::Result<probes::drift::Snapshot> take_snapshot(Invocation& invocation, Target target,
                                                   std::vector<std::string>& warnings,
                                                   std::size_t pings) {
  std::optional<probes::drift::Snapshot> taken;
  const std::string name = target.endpoint.name;
  const auto outcome =
      converse(invocation, std::move(target), [&](Conversation& talk) -> mcp::Result<ExitCode> {
        for (std::size_t sent = 0; sent < pings; ++sent) {
          auto answered = talk.client.ping(talk.deadline);
          const bool refused = !answered && answered.error().kind == mcp::ErrorKind::rpc;
          if (!answered && !refused) return std::unexpected(answered.error());
        }
        auto snapshot = probes::drift::collect(talk.client, talk.peer, talk.deadline, warnings);
        if (!snapshot) return std::unexpected(snapshot.error());
        taken = std::move(*snapshot);
        return ExitCode::ok;
      });
  if (!outcome) return std::unexpected(outcome.error());
  if (*outcome != ExitCode::ok || !taken) {
    return mcp::fail(mcp::ErrorKind::interrupted, name + ": interrupted");
  }
  return std::move(*taken);
}

}  // namespace cli
