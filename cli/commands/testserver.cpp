#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <csignal>
#include <ctime>
#include <fstream>
#include <memory>
#include <ostream>
#include <utility>

#include "cli/command.hpp"
#include "cli/file.hpp"
#include "cli/options.hpp"
#include "cli/version.hpp"
#include "mcp/base/text.hpp"
#include "mcp/io/signals.hpp"
#include "tests/server/stdio_server.hpp"
#include "tests/server/test_server.hpp"

namespace cli {
namespace {

namespace testserver = mcp::testserver;
using mcp::ErrorKind;
using mcp::Result;

/// As it stands on the command line.
struct ServerOptions {
  std::string listen = "127.0.0.1:0";
  bool stdio = false;
  std::string ready_file;
  std::string era = "both";
  std::vector<std::string> protocols;
  std::string answers = "auto";
  std::string ask_on = "post";
  bool stateless = false;
  std::string session_ttl = "1h";
  std::size_t max_sessions = 100'000;
  std::size_t page_size = 0;
  std::string cache_ttl = "0";
  std::string surface;
  std::string keep_alive = "15s";
  std::string idle_timeout = "75s";
  std::string notify_every = "0";
  std::string drain = "5s";
  std::string token_file;
  std::string authorization_server;
  std::vector<std::string> origins;
  std::string state_key_file;
  std::string certificate;
  std::string key;
  std::vector<std::string> faults;
  std::uint64_t seed = 1;
  bool list_faults = false;
};

Result<void> usage(const std::string& message, const std::string& hint = {}) {
  return mcp::fail(ErrorKind::usage, message, hint);
}

Result<void> read_duration(const std::string& name, const std::string& text, mcp::Duration& into) {
  auto parsed = mcp::parse_duration(text);
  if (!parsed) return usage(name + ": " + parsed.error().message, parsed.error().hint);
  into = *parsed;
  return {};
}

Result<void> read_address(const std::string& text, mcp::HttpServerOptions& http) {
  const auto colon = text.rfind(':');
  const auto digits = colon == std::string::npos ? text : text.substr(colon + 1);
  const auto* end = digits.data() + digits.size();
  const auto [stop, failure] = std::from_chars(digits.data(), end, http.port);
  if (failure != std::errc{} || stop != end) {
    return usage("--listen: " + mcp::quoted(text) + " is not ADDRESS:PORT",
                 "for example --listen 127.0.0.1:8080, or --listen 0.0.0.0:8080 in a container");
  }
  if (colon == std::string::npos) return {};
  auto address = text.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) {
    address = address.substr(1, address.size() - 2);
  }
  if (!address.empty()) http.address = address;
  return {};
}

Result<void> choose_revisions(const ServerOptions& options, std::vector<mcp::Revision>& into) {
  if (options.era != "both" && options.era != "legacy" && options.era != "modern") {
    return usage("--era: " + mcp::quoted(options.era) + " is none of both, legacy, modern");
  }
  std::vector<mcp::Revision> named;
  for (const auto& text : options.protocols) {
    const auto revision = mcp::parse_revision(text);
    if (!revision) return usage("--protocol: there is no revision " + mcp::quoted(text));
    named.push_back(*revision);
  }
  std::erase_if(into, [&](mcp::Revision revision) {
    const bool in_era = options.era == "both" || options.era == to_string(era_of(revision));
    const bool is_named = std::ranges::find(named, revision) != named.end();
    return !in_era || (!named.empty() && !is_named);
  });
  if (into.empty()) return usage("--era and --protocol leave no revision to speak");
  return {};
}

Result<void> choose_modes(const ServerOptions& options, testserver::TestServerOptions& server) {
  if (options.answers == "json") {
    server.answers = testserver::AnswerMode::json;
  } else if (options.answers == "sse") {
    server.answers = testserver::AnswerMode::sse;
  } else if (options.answers != "auto") {
    return usage("--answers: " + mcp::quoted(options.answers) + " is none of auto, json, sse");
  }
  if (options.ask_on == "get") {
    server.ask_on = testserver::AskOn::get_stream;
  } else if (options.ask_on != "post") {
    return usage("--ask-on: " + mcp::quoted(options.ask_on) + " is none of post, get");
  }
  if (options.stateless) server.sessions = testserver::SessionMode::stateless;
  if (options.certificate.empty() != options.key.empty()) {
    return usage("--tls-cert and --tls-key belong together");
  }
  server.http.certificate_file = options.certificate;
  server.http.key_file = options.key;
  return {};
}

Result<void> read_durations(const ServerOptions& options, testserver::TestServerOptions& server) {
  using Entry = std::tuple<std::string, const std::string&, mcp::Duration&>;
  for (const auto& [name, text, into] :
       {Entry{"--session-ttl", options.session_ttl, server.session_ttl},
        Entry{"--keep-alive", options.keep_alive, server.keep_alive},
        Entry{"--idle-timeout", options.idle_timeout, server.http.idle_timeout},
        Entry{"--notify-every", options.notify_every, server.announce_every},
        Entry{"--drain", options.drain, server.drain_limit}}) {
    if (auto read = read_duration(name, text, into); !read) return read;
  }
  mcp::Duration cache_ttl{};
  if (auto read = read_duration("--cache-ttl", options.cache_ttl, cache_ttl); !read) return read;
  server.core.cache_ttl = std::chrono::duration_cast<std::chrono::milliseconds>(cache_ttl);
  return {};
}

Result<void> read_files(const ServerOptions& options, testserver::TestServerOptions& server) {
  server.core.surface = testserver::builtin_surface();
  if (!options.surface.empty()) {
    const auto text = read_file(options.surface);
    if (!text) return std::unexpected(text.error());
    auto surface = testserver::parse_surface(*text);
    if (!surface) return usage(options.surface + ": " + surface.error().message);
    server.core.surface = std::move(*surface);
  }
  if (!options.token_file.empty()) {
    const auto text = read_file(options.token_file);
    if (!text) return std::unexpected(text.error());
    for (std::size_t begin = 0; begin < text->size();) {
      const auto end = std::min(text->find('\n', begin), text->size());
      const auto token = mcp::trim(std::string_view(*text).substr(begin, end - begin));
      if (!token.empty()) server.tokens.emplace_back(token);
      begin = end + 1;
    }
    if (server.tokens.empty()) return usage(options.token_file + ": there is no token in it");
  }
  if (!options.state_key_file.empty()) {
    const auto text = read_file(options.state_key_file);
    if (!text) return std::unexpected(text.error());
    server.core.state_key = *text;
  }
  return {};
}

Result<void> read_faults(const ServerOptions& options, testserver::TestServerOptions& server) {
  for (const auto& spec : options.faults) {
    auto fault = testserver::parse_fault(spec);
    if (!fault) return std::unexpected(fault.error());
    const bool works = options.stdio ? works_on_stdio(fault->kind) : works_on_http(fault->kind);
    if (!works) {
      return usage("fault " + mcp::quoted(spec) + ": not over " +
                   (options.stdio ? "stdio" : "HTTP"));
    }
    server.faults.push_back(std::move(*fault));
  }
  return {};
}

Result<testserver::TestServerOptions> server_options(const ServerOptions& options) {
  testserver::TestServerOptions server;
  server.core.server_version = version();
  server.core.unix_time = [] { return static_cast<std::int64_t>(std::time(nullptr)); };
  server.core.page_size = options.page_size;
  server.max_sessions = options.max_sessions;
  server.authorization_server = options.authorization_server;
  server.allowed_origins = options.origins;
  server.seed = options.seed;
  if (auto read = read_address(options.listen, server.http); !read) {
    return std::unexpected(read.error());
  }
  if (auto read = choose_revisions(options, server.core.revisions); !read) {
    return std::unexpected(read.error());
  }
  for (const auto step : {choose_modes, read_durations, read_files, read_faults}) {
    if (auto done = step(options, server); !done) return std::unexpected(done.error());
  }
  return server;
}

Result<ExitCode> serve_stdio(testserver::TestServerOptions options) {
  const auto loop = mcp::make_loop();
  bool done = false;
  testserver::StdioServer server(*loop, std::move(options), STDIN_FILENO, STDOUT_FILENO,
                                 [&done] { done = true; });
  const auto signals = mcp::watch_signals(*loop, {SIGTERM, SIGINT}, [&](int) { server.drain(); });
  while (!done) loop->turn(mcp::TimePoint::max());
  return ExitCode::ok;
}

/// Written under another name first, so that who waits for the file finds it whole.
Result<void> write_ready_file(const std::string& path, const std::string& url) {
  const auto unfinished = path + ".tmp";
  std::ofstream(unfinished) << url << '\n';
  if (std::rename(unfinished.c_str(), path.c_str()) != 0) {
    return usage("--ready-file: cannot write " + mcp::quoted(path));
  }
  return {};
}

Result<ExitCode> serve_http(testserver::TestServerOptions options, const std::string& ready_file,
                            World& world) {
  const auto loop = mcp::make_loop();
  auto server = testserver::TestServer::create(*loop, std::move(options));
  if (!server) return std::unexpected(server.error());
  bool done = false;
  int signals_seen = 0;
  const auto signals = mcp::watch_signals(*loop, {SIGTERM, SIGINT}, [&](int) {
    if (++signals_seen == 1) return (*server)->drain([&done] { done = true; });
    done = true;
  });
  world.out << "listening on " << (*server)->url() << '\n' << std::flush;
  if (!ready_file.empty()) {
    if (auto written = write_ready_file(ready_file, (*server)->url()); !written) {
      return std::unexpected(written.error());
    }
  }
  while (!done) loop->turn(mcp::TimePoint::max());
  if (!ready_file.empty()) ::unlink(ready_file.c_str());
  return ExitCode::ok;
}

Result<ExitCode> run_testserver(const ServerOptions& options, Invocation& invocation) {
  if (options.list_faults) {
    invocation.world.out << testserver::fault_help();
    return ExitCode::ok;
  }
  if (!invocation.words.empty()) {
    return mcp::fail(ErrorKind::usage,
                     "testserver takes no target, got " + mcp::quoted(invocation.words.front()));
  }
  auto server = server_options(options);
  if (!server) return std::unexpected(server.error());
  if (options.stdio) return serve_stdio(std::move(*server));
  return serve_http(std::move(*server), options.ready_file, invocation.world);
}

void add_serving_options(CLI::App& app, ServerOptions& options) {
  app.add_option("--listen", options.listen, "Without it 127.0.0.1:0, a free port")
      ->type_name("ADDRESS:PORT");
  app.add_flag("--stdio", options.stdio, "Serve standard input and output in place of a port");
  app.add_option("--ready-file", options.ready_file, "Write the URL here once it listens")
      ->type_name("FILE");
  app.add_option("--tls-cert", options.certificate, "PEM certificate chain: serve https")
      ->type_name("FILE");
  app.add_option("--tls-key", options.key, "PEM key of the certificate")->type_name("FILE");
  app.add_option("--drain", options.drain, "At most so long for an orderly end; without it 5s")
      ->type_name("DURATION");
  app.add_option("--idle-timeout", options.idle_timeout,
                 "Close connections without requests; without it 75s")
      ->type_name("DURATION");
  app.add_option("--auth-token-file", options.token_file, "Ask for one of these bearer tokens")
      ->type_name("FILE");
  app.add_option("--auth-server", options.authorization_server,
                 "The authorization server to name to those without one")
      ->type_name("URL");
  add_repeatable(app, "--allow-origin", options.origins, "Besides loopback origins")
      ->type_name("ORIGIN");
}

void add_protocol_options(CLI::App& app, ServerOptions& options) {
  app.add_option("--era", options.era, "both, legacy or modern")->type_name("ERA");
  add_repeatable(app, "--protocol", options.protocols, "Speak this revision; without it all")
      ->delimiter(',')
      ->type_name("REVISION");
  app.add_option("--answers", options.answers, "auto, json, or sse: how requests are answered")
      ->type_name("FORM");
  app.add_flag("--stateless", options.stateless, "Give no legacy sessions");
  app.add_option("--session-ttl", options.session_ttl, "Forget unused sessions; without it 1h")
      ->type_name("DURATION");
  app.add_option("--max-sessions", options.max_sessions, "Refuse more with 503")->type_name("N");
  app.add_option("--page-size", options.page_size, "Give lists in pages")->type_name("N");
  app.add_option("--cache-ttl", options.cache_ttl,
                 "How long clients are told to keep lists (modern era)")
      ->type_name("DURATION");
  app.add_option("--surface", options.surface, "Offer what this snapshot has; calls are echoed")
      ->type_name("FILE");
  app.add_option("--ask-on", options.ask_on, "Where the tool ask asks: post or get stream")
      ->type_name("STREAM");
  app.add_option("--state-key-file", options.state_key_file,
                 "Seal requestState with this key, the same for all replicas")
      ->type_name("FILE");
  app.add_option("--keep-alive", options.keep_alive, "Comments on event streams; without it 15s")
      ->type_name("DURATION");
  app.add_option("--notify-every", options.notify_every, "Say that lists have changed")
      ->type_name("DURATION");
}

Run add_testserver(CLI::App& app) {
  auto options = std::make_shared<ServerOptions>();  // shared: parser's references and the run
  add_serving_options(app, *options);
  add_protocol_options(app, *options);
  add_repeatable(app, "--fault", options->faults, "Misbehave like this; see --list-faults")
      ->type_name("FAULT");
  app.add_option("--seed", options->seed, "Of the faults' probabilities; without it 1")
      ->type_name("N");
  app.add_flag("--list-faults", options->list_faults, "Print all faults and how to write them");
  return [options](Invocation& invocation) { return run_testserver(*options, invocation); };
}

}  // namespace

extern const Command testserver_command{
    .name = "testserver",
    .group = CommandGroup::serve,
    .summary = "Be an MCP server, with faults if wanted",
    .usage = "[OPTIONS]",
    .examples =
        "mcpctl testserver --listen 127.0.0.1:8080\n"
        "mcpctl info -- mcpctl testserver --stdio\n"
        "mcpctl testserver --fault delay:200ms@p=0.1 --fault status:503,retry-after=3@every=20\n"
        "mcpctl testserver --era modern --answers sse --surface snapshot.json",
    .add = add_testserver,
};

}  // namespace cli
