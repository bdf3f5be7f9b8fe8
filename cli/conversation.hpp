#pragma once

#include <functional>
#include <string>

#include "cli/command.hpp"
#include "cli/target.hpp"
#include "mcp/client/blocking_client.hpp"

namespace cli {

/// What a command has while it talks to its server: an open client, and the time that is left.
struct Conversation {
  Invocation& invocation;
  const Target& target;
  mcp::Loop& loop;
  mcp::BlockingClient& client;
  const mcp::Peer& peer;
  mcp::TimePoint deadline;  // for everything together
  const bool& interrupted;  // Ctrl-C or SIGTERM came

  World& world() const { return invocation.world; }
};

using Work = std::function<mcp::Result<ExitCode>(Conversation&)>;

/// How a conversation treats its events; unset functions are skipped.
struct ConversationEvents {
  std::function<void(const mcp::Notification&)> on_notification;
};

/// Takes the target from the words and resolves it; tells what its options ask to be told.
mcp::Result<Target> find_target(Invocation& invocation, const TargetOptions& options);
/// The same for a word that was taken already; an empty one means the command after `--`.
mcp::Result<Target> find_target(const Invocation& invocation, const TargetOptions& options,
                                const std::string& word);
/// Takes the next word; a usage error says that `what` ("the TOOL") is missing.
mcp::Result<std::string> take_word(Invocation& invocation, std::string_view what);
mcp::Result<void> expect_no_more_words(const Invocation& invocation);

/// Opens the connection, runs `work`, and leaves nothing behind: the client is closed on every
/// path. The first SIGINT or SIGTERM ends the call that waits, the second one kills. Warnings, and
/// with -v timings, go to stderr.
mcp::Result<ExitCode> converse(Invocation& invocation, Target target, const Work& work,
                               ConversationEvents events = {});

/// Turns the loop for `pause`, so that connections stay served; ends early on a signal.
void wait(Conversation& conversation, mcp::Duration pause);

/// The tool's, prompt's or resource's listing. A server that does not know the method gets a hint
/// about the capability that it does not declare.
mcp::Result<mcp::Listing> list(Conversation& conversation, mcp::ListKind kind);

}  // namespace cli
