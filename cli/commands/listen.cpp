#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/conversation.hpp"
#include "cli/json_output.hpp"
#include "cli/options.hpp"
#include "cli/output_format.hpp"
#include "cli/utc_time.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

using nlohmann::json;

struct ListenOptions {
  TargetOptions target;
  OutputOption output;
  std::string duration;
  std::size_t count = 0;
  std::vector<std::string> resources;
};

std::string time_of_day() {
  return utc_time_millis(std::chrono::system_clock::now());
}

/// Prints each notification at once, so that another program can follow.
class NotificationPrinter {
 public:
  NotificationPrinter(World& world, bool as_json) : world_(world), as_json_(as_json) {}

  void print(const mcp::Notification& notification) {
    ++printed_;
    if (as_json_) {
      json line = {{"time", time_of_day()}, {"method", notification.method}};
      if (!notification.params->is_null()) line["params"] = *notification.params;
      print_json(world_, line, Indent::none);
    } else {
      const auto time = time_of_day().substr(11, 12);
      world_.out << time << "  " << mcp::printable(notification.method);
      if (!notification.params->is_null()) world_.out << "  " << json_text(*notification.params);
      world_.out << '\n';
    }
    world_.out.flush();
  }

  std::size_t printed() const { return printed_; }

 private:
  World& world_;
  bool as_json_;
  std::size_t printed_ = 0;
};

mcp::Result<mcp::Duration> read_duration(const std::string& text) {
  if (text.empty()) return mcp::Duration::max();
  auto duration = mcp::parse_duration(text);
  if (!duration) duration.error().message = "--for: " + duration.error().message;
  return duration;
}

mcp::Result<ExitCode> listen(const ListenOptions& options, mcp::Duration duration,
                             const NotificationPrinter& printer, Conversation& talk) {
  const bool endless = duration == mcp::Duration::max();
  const auto until = endless ? mcp::TimePoint::max() : talk.loop.now() + duration;
  if (talk.invocation.verbosity != Verbosity::quiet) {
    talk.world().err << "mcpctl: listening to " << talk.target.endpoint.name
                     << (endless && options.count == 0 ? " (Ctrl-C ends)" : "") << '\n'
                     << std::flush;
  }
  const auto outcome = talk.client.listen({.resource_uris = options.resources}, until);
  const bool all_there = options.count != 0 && printer.printed() >= options.count;
  if (all_there) return ExitCode::ok;
  if (!outcome) return std::unexpected(outcome.error());
  if (talk.interrupted) return ExitCode::interrupted;
  if (options.count == 0) return ExitCode::ok;
  return mcp::fail(mcp::ErrorKind::timeout,
                   fmt::format("{} of {} notifications came in {}", printer.printed(),
                               options.count, mcp::format_duration(duration)));
}

mcp::Result<ExitCode> run_listen(const ListenOptions& options, Invocation& invocation) {
  if (auto ok = check(options.output); !ok) return std::unexpected(ok.error());
  auto target = find_target(invocation, options.target);
  if (!target) return std::unexpected(target.error());
  if (auto ok = expect_no_more_words(invocation); !ok) return std::unexpected(ok.error());
  const auto duration = read_duration(options.duration);
  if (!duration) return std::unexpected(duration.error());
  NotificationPrinter printer(invocation.world, options.output.is_json());
  mcp::BlockingClient* client = nullptr;
  const ConversationEvents events{.on_notification = [&](const mcp::Notification& notification) {
    const bool enough = options.count != 0 && printer.printed() >= options.count;
    if (!enough) printer.print(notification);
    if (client != nullptr && options.count != 0 && printer.printed() >= options.count) {
      client->interrupt();
    }
  }};
  return converse(
      invocation, std::move(*target),
      [&](Conversation& talk) {
        client = &talk.client;
        return listen(options, *duration, printer, talk);
      },
      events);
}

Run add_listen(CLI::App& app) {
  auto options = std::make_shared<ListenOptions>();  // shared: parser's references and the run
  app.add_option("--for", options->duration, "End after this time; without it, at Ctrl-C")
      ->type_name("DURATION");
  app.add_option("--count", options->count, "End after so many notifications")->type_name("N");
  add_repeatable(app, "--resource", options->resources, "Subscribe to this resource too")
      ->type_name("URI");
  add_output_option(app, options->output);
  add_target_options(app, options->target, "30s");
  return [options](Invocation& invocation) { return run_listen(*options, invocation); };
}

}  // namespace

extern const Command listen_command{
    .name = "listen",
    .group = CommandGroup::look,
    .summary = "Print a server's notifications as they come",
    .usage = "[OPTIONS] TARGET",
    .examples =
        "mcpctl listen https://example.com/mcp\n"
        "mcpctl listen @files --resource file:///etc/motd --for 1m -o json\n"
        "mcpctl listen http://localhost:3000/mcp --count 1 --for 10s",
    .add = add_listen,
};

}  // namespace cli
