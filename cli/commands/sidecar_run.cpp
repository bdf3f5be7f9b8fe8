#include "cli/commands/sidecar_run.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <memory>
#include <ostream>
#include <utility>

#include <unistd.h>

#include "cli/commands/sidecar_endpoints.hpp"
#include "cli/commands/sidecar_log.hpp"
#include "cli/open_files.hpp"
#include "cli/resident_pages.hpp"
#include "mcp/io/child_process.hpp"
#include "mcp/io/signals.hpp"

namespace cli {
namespace {

using namespace std::chrono_literals;
using probes::sidecar::DrainResult;
using probes::sidecar::Sidecar;
using Wall = std::chrono::system_clock;

/// For the canary's DELETE, and for a child to end: what is left of Kubernetes' 30 s after a drain.
constexpr mcp::Duration time_to_stop = 3s;
/// Until the first probes have shown which code is needed on.
constexpr mcp::Duration time_to_settle = 2s;
/// A change shows in the log as late as that.
constexpr mcp::Duration log_delay = 20ms;

/// Probes and scrapers send small requests and read what they asked for: who does not is cut early,
/// and costs little until then. However many they are, the memory they take is bounded, and a probe
/// that comes after them is answered.
mcp::HttpServerOptions server_options(const ListenAddress& listen) {
  return {.address = listen.address,
          .port = listen.port,
          .max_connections = 5'200,
          .when_full = mcp::WhenFull::replace,
          .max_header_bytes = 8UL * 1024,
          .max_body_bytes = 4UL * 1024,
          .max_unsent_bytes = 1024UL * 1024,
          .max_held_bytes = 2560UL * 1024,
          .kept_buffer_bytes = 0,
          .header_timeout = 5s,
          .body_timeout = 5s,
          .idle_timeout = 75s,
          .write_timeout = 5s};
}

/// A sidecar that cannot listen was set up wrongly, whatever the reason is.
std::unexpected<mcp::Error> cannot_listen(std::string_view option, const mcp::Error& error) {
  if (error.kind != mcp::ErrorKind::connect) return std::unexpected(error);
  return mcp::fail(mcp::ErrorKind::usage, fmt::format("{}: {}", option, error.message),
                   fmt::format("choose another address with {} ADDRESS:PORT", option));
}

std::uint64_t resident_bytes() {
  std::uint64_t whole = 0;
  std::uint64_t resident = 0;
  std::ifstream("/proc/self/statm") >> whole >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

/// Whether a line can be written without waiting (pipe(7): room for PIPE_BUF bytes), to somebody.
bool stderr_has_room() {
  pollfd err{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
  return ::poll(&err, 1, 0) == 1 && err.revents == POLLOUT;
}

class SidecarRun {
 public:
  SidecarRun(SidecarPlan plan, Invocation& invocation)
      : plan_(std::move(plan)),
        quiet_(invocation.verbosity == Verbosity::quiet),
        loop_(mcp::make_lean_loop()),
        log_(invocation.world.err,
             plan_.log_json ? SidecarLog::Format::json : SidecarLog::Format::text, Wall::now,
             stderr_has_room),
        endpoints_(
            {.now = [this] { return loop_->now(); },
             .status = [this] { return sidecar_->status(); },
             .process = [this] { return process(); },
             .drain = [this](mcp::TimePoint until,
                             SidecarAccess::DrainDone done) { drain(until, std::move(done)); }},
            plan_.drain_timeout) {}

  mcp::Result<ExitCode> run() {
    if (auto made = make(); !made) return std::unexpected(made.error());
    signals_ = mcp::watch_signals(*loop_, {SIGINT, SIGTERM}, [this](int) {
      signals_.reset();  // the next one kills
      drain_and_stop();
    });
    if (!quiet_) announce();
    release_unchanged_pages();
    sidecar_->start();
    lean_timer_ = loop_->start_timer(loop_->now() + time_to_settle, [this] {
      release_unchanged_pages();
      stay_lean();
    });
    while (!stopped_) turn();
    if (!quiet_) log_.look(sidecar_->status());
    return ExitCode::ok;
  }

 private:
  void announce() {
    log_.listening(to_text({.address = plan_.listen.address, .port = server_->port()}),
                   plan_.options);
    if (const auto port = sessions_->proxy_port()) {
      log_.passing(to_text({.address = plan_.sessions.proxy->address, .port = *port}),
                   plan_.options.endpoint.url->origin());
    }
  }

  mcp::Result<void> make() {
    auto http = mcp::make_curl_http(*loop_, plan_.options.endpoint.http);
    if (!http) return std::unexpected(http.error());
    http_ = std::move(*http);
    plan_.options.make_http = [this] {
      return mcp::make_curl_http(*loop_, plan_.options.endpoint.http);
    };
    children_ = mcp::make_child_spawner(*loop_);
    // As many connections as the machine allows: who holds them must not keep others out.
    if (auto raised = raise_open_files(0); !raised) return raised;
    auto sessions = SidecarSessions::make(*loop_, plan_.sessions, plan_.options.endpoint);
    if (!sessions) return cannot_listen("--proxy", sessions.error());
    sessions_ = std::move(*sessions);
    sidecar_ = std::make_unique<Sidecar>(
        mcp::TransportContext{.loop = *loop_, .http = http_.get(), .children = children_.get()},
        plan_.options, sessions_->counter());
    auto server = mcp::make_http_server(*loop_, server_options(plan_.listen), endpoints_);
    if (!server) return cannot_listen("--listen", server.error());
    server_ = std::move(*server);
    return {};
  }

  /// Each turn may have changed something; a crowd of requests must not make that costly.
  void turn() {
    loop_->turn(unlooked_ ? looked_ + log_delay : mcp::TimePoint::max());
    const auto now = loop_->now();
    unlooked_ = now < looked_ + log_delay;
    if (unlooked_ || quiet_) return;
    looked_ = now;
    log_.look(sidecar_->status());
  }

  void drain(mcp::TimePoint until, SidecarAccess::DrainDone done) {
    sidecar_->drain(until, [this, done = std::move(done)](const DrainResult& result) mutable {
      if (!quiet_) {
        log_.look(sidecar_->status());
        log_.drained(result);
      }
      done(result);
    });
  }

  void drain_and_stop() {
    drain(loop_->now() + plan_.drain_timeout, [this](const DrainResult&) {
      sidecar_->stop(loop_->now() + time_to_stop, [this] { stopped_ = true; });
    });
  }

  void stay_lean() {
    release_free_heap();
    lean_timer_ = loop_->start_timer(loop_->now() + 1min, [this] { stay_lean(); });
  }

  SidecarProcess process() const {
    return {.now = Wall::now(), .started = started_, .resident_bytes = resident_bytes()};
  }

  SidecarPlan plan_;
  bool quiet_;
  Wall::time_point started_ = Wall::now();
  std::unique_ptr<mcp::Loop> loop_;
  std::unique_ptr<mcp::Http> http_;
  std::unique_ptr<mcp::ChildSpawner> children_;
  std::unique_ptr<SidecarSessions> sessions_;
  SidecarLog log_;
  std::unique_ptr<Sidecar> sidecar_;
  SidecarEndpoints endpoints_;
  std::unique_ptr<mcp::HttpServer> server_;
  std::unique_ptr<mcp::Handle> signals_;
  std::unique_ptr<mcp::Handle> lean_timer_;
  mcp::TimePoint looked_;
  bool unlooked_ = false;
  bool stopped_ = false;
};

}  // namespace

mcp::Result<ExitCode> run_sidecar(SidecarPlan plan, Invocation& invocation) {
  release_unchanged_pages();
  return SidecarRun(std::move(plan), invocation).run();
}

}  // namespace cli
