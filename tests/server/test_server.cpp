#include "tests/server/test_server.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "tests/server/router.hpp"

namespace mcp::testserver {

namespace {

constexpr Duration drain_poll = std::chrono::milliseconds(5);

}  // namespace

struct TestServer::State {
  Service service;
  Router router;
  std::unique_ptr<HttpServer> http;
  std::unique_ptr<Handle> expiry;
  std::unique_ptr<Handle> keep_alive;
  std::unique_ptr<Handle> announcements;
  std::unique_ptr<Handle> draining;
  TimePoint drain_deadline;
  Task drained;

  State(Loop& loop, TestServerOptions options)
      : service(loop, std::move(options)), router(service) {
    router.set_connections([this] { return http == nullptr ? 0 : http->connections(); });
  }

  /// Calls `task` again and again; never for an interval of zero.
  void repeat(std::unique_ptr<Handle>& handle, Duration interval, void (State::*task)()) {
    if (interval <= Duration::zero()) return;
    handle =
        service.loop.start_timer(service.loop.now() + interval, [this, &handle, interval, task] {
          (this->*task)();
          repeat(handle, interval, task);
        });
  }
  void start_timers() {
    const auto ttl = service.options.session_ttl;
    if (ttl > Duration::zero()) {
      repeat(expiry,
             std::clamp<Duration>(ttl / 10, std::chrono::milliseconds(10), std::chrono::seconds(1)),
             &State::expire);
    }
    repeat(keep_alive, service.options.keep_alive, &State::send_keep_alive);
    repeat(announcements, service.options.announce_every, &State::announce);
  }
  void expire() { router.expire(service.loop.now()); }
  void send_keep_alive() { service.streams.keep_alive(); }
  void announce() { router.announce_all(); }
  void check_drained();
};

void TestServer::State::check_drained() {
  if (http->connections() == 0 || service.loop.now() >= drain_deadline) {
    if (auto done = std::exchange(drained, {})) done();
    return;
  }
  draining = service.loop.start_timer(service.loop.now() + drain_poll, [this] { check_drained(); });
}

TestServer::TestServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
TestServer::~TestServer() = default;

Result<std::unique_ptr<TestServer>> TestServer::create(Loop& loop, TestServerOptions options) {
  // A peer that closed early must not kill the process: TLS writes have no flag against it.
  std::signal(SIGPIPE, SIG_IGN);
  raise_descriptor_limit();
  auto state = std::make_unique<State>(loop, std::move(options));
  auto http = make_http_server(loop, state->service.options.http, state->router);
  if (!http) return std::unexpected(http.error());
  state->http = std::move(*http);
  state->start_timers();
  return std::unique_ptr<TestServer>(new TestServer(std::move(state)));
}

std::string TestServer::origin() const {
  const auto& options = state_->service.options.http;
  const bool ipv6 = options.address.contains(':');
  return (options.certificate_file.empty() ? "http://" : "https://") +
         (ipv6 ? "[" + options.address + "]" : options.address) + ":" +
         std::to_string(state_->http->port());
}

const Metrics& TestServer::metrics() const {
  return state_->service.metrics;
}

void TestServer::drain(Task done) {
  auto& service = state_->service;
  state_->drained = std::move(done);
  state_->drain_deadline = service.loop.now() + service.options.drain_limit;
  service.draining = true;
  state_->http->drain();
  state_->router.drain();
  state_->check_drained();
}

Result<std::unique_ptr<TestServerThread>> TestServerThread::start(TestServerOptions options) {
  std::unique_ptr<TestServerThread> made(new TestServerThread);
  made->loop_ = make_loop();
  auto server = TestServer::create(*made->loop_, std::move(options));
  if (!server) return std::unexpected(server.error());
  made->server_ = std::move(*server);
  made->url_ = made->server_->url();
  made->sse_url_ = made->server_->sse_url();
  if (::pipe2(made->stop_pipe_, O_CLOEXEC) != 0) {
    return fail(ErrorKind::connect, "cannot make a pipe for the test server");
  }
  made->thread_ = std::thread([server_thread = made.get()] { server_thread->run(); });
  return made;
}

void TestServerThread::run() {
  bool stopped = false;
  const auto watch =
      loop_->watch(stop_pipe_[0], Interest::read, [&stopped](Readiness) { stopped = true; });
  while (!stopped) loop_->turn(TimePoint::max());
}

TestServerThread::~TestServerThread() {
  if (stop_pipe_[1] >= 0) ::close(stop_pipe_[1]);
  if (thread_.joinable()) thread_.join();
  if (stop_pipe_[0] >= 0) ::close(stop_pipe_[0]);
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace mcp::testserver
