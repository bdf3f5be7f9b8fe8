#include "cli/conversation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

#include "cli/remembered_era.hpp"
#include "mcp/base/text.hpp"
#include "mcp/io/loop.hpp"
#include "mcp/io/signals.hpp"

namespace cli {
namespace {

using namespace std::chrono_literals;

/// Cleaning up gets this much even when the work has used up its time.
constexpr auto least_time_to_close = 250ms;
/// After Ctrl-C nobody wants to wait long for a server that hangs.
constexpr auto most_time_to_close_after_signal = 2s;

void print_timings(World& world, const mcp::HttpTimings& t) {
  std::string phases;
  if (t.new_connection) {
    phases = fmt::format("resolve {}, connect {}, ", mcp::format_duration(t.resolve),
                         mcp::format_duration(t.connect));
    if (t.tls > mcp::Duration::zero()) phases += "tls " + mcp::format_duration(t.tls) + ", ";
  }
  world.err << fmt::format("mcpctl: HTTP/{} exchange with {}: {}first byte {}, total {}\n",
                           t.http_version, t.peer_address, phases,
                           mcp::format_duration(t.first_byte), mcp::format_duration(t.total));
}

void print_log_message(World& world, const mcp::Notification& notification) {
  const auto& params = *notification.params;
  if (!params.is_object() || !params.contains("data")) return;
  const auto& data = params["data"];
  const std::string level = params.contains("level") && params["level"].is_string()
                                ? params["level"].get<std::string>()
                                : "log";
  const std::string text = data.is_string() ? data.get<std::string>() : data.dump();
  world.err << fmt::format("mcpctl: server: {}: {}\n", mcp::printable(level), mcp::printable(text));
}

mcp::ClientEvents client_events(const Invocation& invocation, const Target& target,
                                ConversationEvents events) {
  World& world = invocation.world;
  const Verbosity verbosity = invocation.verbosity;
  const bool wants_log = !target.client.session.log_level.empty();
  mcp::ClientEvents result;
  result.on_notification = [=, &world, on_notification = std::move(events.on_notification)](
                               const mcp::Notification& notification) {
    if (on_notification) return on_notification(notification);
    const bool is_log = notification.method == "notifications/message";
    if (is_log && (wants_log || verbosity == Verbosity::verbose)) {
      print_log_message(world, notification);
    }
  };
  if (verbosity != Verbosity::quiet) {
    result.on_warning = [&world](const std::string& warning) { print_warning(world, warning); };
  }
  if (verbosity == Verbosity::verbose) {
    result.on_timings = [&world](const mcp::HttpTimings& timings) {
      print_timings(world, timings);
    };
    result.on_server_request = [&world](const mcp::Request& request, const std::string& answered) {
      world.err << fmt::format("mcpctl: server request {}: {}\n", mcp::printable(request.method),
                               answered);
    };
  }
  return result;
}

void print_about_options(const Invocation& invocation, const Target& target) {
  if (target.endpoint.http.insecure) {
    print_warning(invocation.world,
                  "--insecure: the server's certificate is not checked; anyone on "
                  "the way can read and change what is sent");
  }
  if (invocation.verbosity == Verbosity::verbose && !target.client.session.traceparent.empty()) {
    invocation.world.err << "mcpctl: traceparent " << target.client.session.traceparent << '\n';
  }
}

// The modern era asks for a level with each request; the legacy one once (2025-11-25 logging).
mcp::Result<void> set_log_level(Conversation& talk) {
  const std::string& level = talk.target.client.session.log_level;
  if (level.empty() || talk.peer.era() == mcp::Era::modern) return {};
  if (!talk.peer.capabilities->is_object() || !talk.peer.capabilities->contains("logging")) {
    print_warning(talk.world(), "--log-level: the server does not declare logging");
    return {};
  }
  auto reply =
      talk.client.call("logging/setLevel", nlohmann::json{{"level", level}}, talk.deadline);
  if (!reply) return std::unexpected(reply.error());
  return {};
}

/// Owns what one conversation needs, and closes it.
class Line {
 public:
  Line(Invocation& invocation, Target target, ConversationEvents events)
      : invocation_(invocation),
        target_(std::move(target)),
        loop_(mcp::make_loop()),
        client_(*loop_, target_.endpoint, target_.client,
                client_events(invocation, target_, std::move(events))),
        deadline_(loop_->now() + target_.timeout) {
    signals_ = mcp::watch_signals(*loop_, {SIGINT, SIGTERM}, [this](int) {
      interrupted_ = true;
      client_.interrupt();
      signals_.reset();  // the next one kills
    });
  }

  mcp::Result<ExitCode> run(const Work& work) {
    auto peer = client_.open(deadline_);
    if (!peer) return std::unexpected(peer.error());
    remember_era(target_, {client_.transport(), peer->era()});
    Conversation talk{invocation_, target_, *loop_, client_, *peer, deadline_, interrupted_};
    if (auto level = set_log_level(talk); !level) return std::unexpected(level.error());
    auto outcome = work(talk);
    if (outcome && interrupted_) return ExitCode::interrupted;
    return outcome;
  }

  void close(bool tell) {
    const auto now = loop_->now();
    auto latest = std::max(deadline_, now + least_time_to_close);
    if (interrupted_) latest = std::min(latest, now + most_time_to_close_after_signal);
    const auto closed = client_.close(latest);
    if (!closed && tell) print_warning(invocation_.world, closed.error().message);
  }

 private:
  Invocation& invocation_;
  Target target_;
  std::unique_ptr<mcp::Loop> loop_;
  mcp::BlockingClient client_;
  mcp::TimePoint deadline_;
  bool interrupted_ = false;
  std::unique_ptr<mcp::Handle> signals_;
};

std::string_view capability_of(mcp::ListKind kind) {
  switch (kind) {
    case mcp::ListKind::tools:
      return "tools";
    case mcp::ListKind::prompts:
      return "prompts";
    case mcp::ListKind::resources:
    case mcp::ListKind::resource_templates:
      return "resources";
  }
  return {};
}

}  // namespace

mcp::Result<Target> find_target(Invocation& invocation, const TargetOptions& options) {
  const auto word = take_target(invocation);
  if (!word) return std::unexpected(word.error());
  return find_target(std::as_const(invocation), options, *word);
}

mcp::Result<Target> find_target(const Invocation& invocation, const TargetOptions& options,
                                const std::string& word) {
  auto target = resolve_target(options, word, invocation);
  if (target) print_about_options(invocation, *target);
  return target;
}

mcp::Result<std::string> take_word(Invocation& invocation, std::string_view what) {
  auto& words = invocation.words;
  if (words.empty()) {
    return mcp::fail(mcp::ErrorKind::usage, fmt::format("{} is missing", what),
                     "'--help' shows how the command is written");
  }
  std::string word = std::move(words.front());
  words.erase(words.begin());
  return word;
}

mcp::Result<void> expect_no_more_words(const Invocation& invocation) {
  if (invocation.words.empty()) return {};
  return mcp::fail(
      mcp::ErrorKind::usage,
      fmt::format("{}: is one word too many", mcp::printable(invocation.words.front())),
      "'--help' shows how the command is written");
}

mcp::Result<ExitCode> converse(Invocation& invocation, Target target, const Work& work,
                               ConversationEvents events) {
  Line line(invocation, std::move(target), std::move(events));
  auto outcome = line.run(work);
  // After a failure the report should not drown in its consequences.
  line.close(outcome.has_value() && invocation.verbosity != Verbosity::quiet);
  return outcome;
}

void wait(Conversation& conversation, mcp::Duration pause) {
  const auto until = conversation.loop.now() + pause;
  while (!conversation.interrupted && conversation.loop.now() < until) {
    conversation.loop.turn(until);
  }
}

mcp::Result<mcp::Listing> list(Conversation& conversation, mcp::ListKind kind) {
  auto listing = conversation.client.list(kind, conversation.deadline);
  if (listing || listing.error().rpc_code != -32601) return listing;
  const auto capability = capability_of(kind);
  const auto& declared = *conversation.peer.capabilities;
  if (!declared.is_object() || !declared.contains(capability)) {
    listing.error().hint = fmt::format("the server does not declare the capability {}", capability);
  }
  return listing;
}

}  // namespace cli
