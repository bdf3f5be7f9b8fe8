#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <memory>
#include <ostream>
#include <utility>

#include "cli/command.hpp"
#include "cli/commands/exporter_server.hpp"
#include "cli/commands/listen_address.hpp"
#include "cli/options.hpp"
#include "mcp/base/text.hpp"
#include "mcp/io/signals.hpp"

namespace cli {
namespace {

/// As it stands on the command line.
struct ExporterFlags {
  std::string listen = ":9115";
  std::string config;
  std::vector<std::string> allowed;
  bool allow_any = false;
  bool check = false;
  int max_concurrent = 16;
  double max_rate = 100;
  std::string timeout_offset = "500ms";
};

/// What is left of an answer's time once nothing is probed any more.
constexpr auto last_answers = std::chrono::seconds(2);

mcp::Result<ExporterLimits> limits_of(const ExporterFlags& flags) {
  const auto refuse = [](std::string message) {
    return mcp::fail(mcp::ErrorKind::usage, std::move(message));
  };
  if (flags.max_concurrent < 1 || flags.max_concurrent > 1000)
    return refuse("--max-concurrent: must be between 1 and 1000");
  if (!(flags.max_rate >= 0)) return refuse("--max-rate: the number is not negative");
  const auto offset = mcp::parse_duration(flags.timeout_offset);
  if (!offset) return refuse("--timeout-offset: " + offset.error().message);
  return ExporterLimits{.max_concurrent = static_cast<std::size_t>(flags.max_concurrent),
                        .max_rate = flags.max_rate,
                        .timeout_offset = *offset,
                        .allow_any = flags.allow_any ? AllowAny::yes : AllowAny::no};
}

mcp::Result<std::unique_ptr<mcp::HttpServer>> listen(mcp::Loop& loop, const ListenAddress& where,
                                                     mcp::HttpHandler& handler) {
  auto server = mcp::make_http_server(loop,
                                      {.address = where.address,
                                       .port = where.port,
                                       .max_connections = 5000,
                                       .when_full = mcp::WhenFull::replace,
                                       .max_header_bytes = 32UL * 1024,
                                       .max_body_bytes = 64UL * 1024,
                                       .max_held_bytes = 16UL * 1024 * 1024,
                                       .kept_buffer_bytes = 4UL * 1024},
                                      handler);
  if (server) return server;
  // Nothing was probed: it was set up wrongly, whatever the reason is.
  return mcp::fail(mcp::ErrorKind::usage, "--listen: " + server.error().message,
                   server.error().hint);
}

void warn_of_emptiness(const ExporterSetup& setup, const ExporterFlags& flags, World& world) {
  const auto has_targets = [](const auto& entry) {
    return entry.second.targets && !entry.second.targets->empty();
  };
  if (flags.allow_any || !setup.config.targets.empty() ||
      std::ranges::any_of(setup.config.modules, has_targets))
    return;
  print_warning(world,
                "no target is allowed, so each probe is refused; list some under targets: "
                "in --config, or with --allow-target");
}

class Exporter {
 public:
  Exporter(ExporterFlags flags, Invocation& invocation)
      : flags_(std::move(flags)), invocation_(invocation), loop_(mcp::make_loop()) {}

  mcp::Result<ExitCode> run() {
    const auto limits = limits_of(flags_);
    if (!limits) return std::unexpected(limits.error());
    const auto where = read_listen_address("--listen", flags_.listen);
    if (!where) return std::unexpected(where.error());
    auto setup = load();
    if (!setup) return std::unexpected(setup.error());
    auto& world = invocation_.world;
    if (flags_.check) {
      world.out << fmt::format("{}: ok, {} modules\n",
                               flags_.config.empty() ? "the built-in configuration" : flags_.config,
                               (*setup)->config.modules.size());
      return ExitCode::ok;
    }
    warn_of_emptiness(**setup, flags_, world);
    // Before any thread: each takes over which signals are blocked.
    watch_signals();
    handler_ = std::make_unique<ExporterServer>(*loop_, std::move(*setup), *limits,
                                                [this] { return load(); });
    auto server = listen(*loop_, *where, *handler_);
    if (!server) return std::unexpected(server.error());
    if (invocation_.verbosity != Verbosity::quiet)
      world.err << fmt::format("mcpctl: exporter listens on {}\n",
                               to_text({.address = where->address, .port = (*server)->port()}))
                << std::flush;
    serve(**server);
    return ExitCode::ok;
  }

 private:
  mcp::Result<ExporterServer::Setup> load() const {
    const auto& world = invocation_.world;
    return load_exporter({.config = flags_.config.empty() ? std::filesystem::path()
                                                          : world.directory / flags_.config,
                          .allowed = flags_.allowed},
                         invocation_);
  }

  void watch_signals() {
    hangup_ = mcp::watch_signals(*loop_, {SIGHUP}, [this](int) {
      const auto done = handler_->reload();
      auto& err = invocation_.world.err;
      if (done) {
        err << "mcpctl: the configuration was read again\n" << std::flush;
      } else {
        print_warning(invocation_.world,
                      "the old configuration stays in use: " + done.error().message);
      }
    });
    // The last one: when it goes, the signal before stays watched.
    ending_ = mcp::watch_signals(*loop_, {SIGINT, SIGTERM}, [this](int) {
      stopping_ = true;
      ending_.reset();  // a second one has its usual effect
    });
  }

  void serve(mcp::HttpServer& server) {
    while (!stopping_) loop_->turn(mcp::TimePoint::max());
    server.drain();
    handler_->stop();
    while (!handler_->is_idle()) loop_->turn(mcp::TimePoint::max());
    const auto latest = loop_->now() + last_answers;
    while (server.connections() > 0 && loop_->now() < latest) loop_->turn(latest);
  }

  ExporterFlags flags_;
  Invocation& invocation_;
  std::unique_ptr<mcp::Loop> loop_;
  std::unique_ptr<ExporterServer> handler_;
  bool stopping_ = false;
  std::unique_ptr<mcp::Handle> hangup_;
  std::unique_ptr<mcp::Handle> ending_;
};

mcp::Result<ExitCode> run_exporter(const ExporterFlags& flags, Invocation& invocation) {
  if (!invocation.words.empty() || !invocation.child.empty())
    return mcp::fail(mcp::ErrorKind::usage, "exporter takes no target",
                     "say with --allow-target or in --config what may be probed");
  return Exporter(flags, invocation).run();
}

Run add_exporter(CLI::App& app) {
  auto flags = std::make_shared<ExporterFlags>();  // shared: parser's references and the run
  app.add_option("--listen", flags->listen, "Answer here; without it :9115, on all IPv4 addresses")
      ->type_name("[ADDRESS]:PORT");
  app.add_option("--config", flags->config, "Modules and targets (YAML); without it module mcp")
      ->type_name("FILE");
  app.add_flag("--check", flags->check, "Say whether the configuration is right, and exit");
  add_repeatable(app, "--allow-target", flags->allowed,
                 "Allow this besides targets: URL, ORIGIN/*, NETWORK/BITS, HOST, *.DOMAIN")
      ->type_name("TARGET");
  app.add_flag("--allow-any-target", flags->allow_any,
               "Probe whatever is asked for: who reaches the port reaches your network");
  app.add_option("--max-concurrent", flags->max_concurrent,
                 "Probes at a time; more are answered with 503; without it 16")
      ->type_name("N");
  app.add_option("--max-rate", flags->max_rate,
                 "Probes a second; more are answered with 429; without it 100, 0 is no limit")
      ->type_name("N");
  app.add_option("--timeout-offset", flags->timeout_offset,
                 "Be so much earlier than Prometheus gives up; without it 500ms")
      ->type_name("DURATION");
  return [flags](Invocation& invocation) { return run_exporter(*flags, invocation); };
}

}  // namespace

extern const Command exporter_command{
    .name = "exporter",
    .group = CommandGroup::serve,
    .summary = "Probe for Prometheus: /probe?target=URL&module=NAME",
    .usage = "[OPTIONS]",
    .examples =
        "mcpctl exporter --allow-target 'https://mcp.example.com/*'\n"
        "mcpctl exporter --listen 127.0.0.1:9115 --config modules.yml\n"
        "mcpctl exporter --config modules.yml --check\n"
        "curl 'http://127.0.0.1:9115/probe?target=https://mcp.example.com/mcp&debug=true'",
    .add = add_exporter,
    .settings = SettingsFrom::everywhere,
};

}  // namespace cli
