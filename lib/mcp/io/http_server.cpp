#include "mcp/io/http_server.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <unordered_map>
#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/io/descriptor.hpp"
#include "mcp/io/http_server_connection.hpp"
#include "mcp/io/http_server_socket.hpp"

namespace mcp {

std::optional<std::string_view> HttpServerRequest::find(std::string_view name) const {
  for (const auto& header : headers) {
    if (header.name.size() == name.size() && equals_ignoring_case(header.name, name)) {
      return header.value;
    }
  }
  return std::nullopt;
}

namespace {

/// Out of descriptors or memory: the waiting connections stay in the kernel's queue meanwhile.
constexpr Duration accept_pause = std::chrono::milliseconds(100);
constexpr int accepts_per_turn = 64;
/// Of connections whose time is up: thousands may be at once, and others want their answers.
constexpr int ends_per_turn = 64;
/// The part of the connections that is closed at once to make room: looking for them has its price.
constexpr std::size_t share_replaced = 16;

class LoopHttpServer : public HttpServer, private ConnectionHost {
 public:
  LoopHttpServer(Loop& loop, HttpServerOptions options, HttpHandler& handler, int listener,
                 std::unique_ptr<TlsAcceptor> tls)
      : loop_(loop),
        options_(std::move(options)),
        handler_(handler),
        listener_(listener),
        port_(local_port(listener)),
        tls_(std::move(tls)) {
    listen();
  }
  ~LoopHttpServer() override { *alive_ = false; }

  std::uint16_t port() const override { return port_; }
  std::size_t connections() const override { return connections_.size(); }
  void drain() override {
    draining_ = true;
    accepting_.reset();
    listener_.reset();
    for (auto& [id, connection] : connections_) connection->drain();
  }

 private:
  Loop& loop() override { return loop_; }
  const HttpServerOptions& options() const override { return options_; }
  HttpHandler& handler() override { return handler_; }
  bool draining() const override { return draining_; }
  void report_drained_later(std::uint64_t id) override {
    later(id, &HttpServerConnection::report_drained);
  }
  void resume_later(std::uint64_t id) override { later(id, &HttpServerConnection::resume); }
  void later(std::uint64_t id, void (HttpServerConnection::*call)()) {
    loop_.post([this, id, call, alive = alive_] {
      if (!*alive) return;
      const auto found = connections_.find(id);
      if (found != connections_.end()) (*found->second.*call)();
    });
  }
  void retire(std::uint64_t id) override {
    retired_.push_back(id);
    if (retired_.size() > 1) return;
    loop_.post([this, alive = alive_] {
      if (*alive) bury();
    });
  }
  void bury();
  bool is_full() const { return connections_.size() - retired_.size() >= options_.max_connections; }

  void listen() {
    if (accepting_ != nullptr || draining_) return;
    accepting_ = loop_.watch(listener_.get(), Interest::read, [this](Readiness) { accept_some(); });
  }
  bool count_held(std::size_t before, std::size_t now) override {
    held_bytes_ += now - before;
    return held_bytes_ <= options_.max_held_bytes;
  }
  void accept_some();
  bool make_room();
  void add(int descriptor);
  void start_sweep();
  void sweep();
  Duration sweep_interval() const;

  Loop& loop_;
  HttpServerOptions options_;
  HttpHandler& handler_;
  Descriptor listener_;
  std::uint16_t port_;
  std::unique_ptr<TlsAcceptor> tls_;
  std::size_t held_bytes_ = 0;  // of all connections, which count it down at their end
  std::unordered_map<std::uint64_t, std::unique_ptr<HttpServerConnection>> connections_;
  std::vector<std::uint64_t> retired_;  // are over, and go in the next turn
  std::uint64_t last_id_ = 0;
  bool draining_ = false;
  std::unique_ptr<Handle> accepting_;
  std::unique_ptr<Handle> sweep_timer_;
  // Shared with posted tasks, which may outlive the server.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

void LoopHttpServer::accept_some() {
  for (int count = 0; count < accepts_per_turn; ++count) {
    if (is_full() && options_.when_full == WhenFull::wait) {
      accepting_.reset();  // until one is gone
      return;
    }
    Descriptor descriptor(accept_from(listener_.get()));
    if (descriptor) {
      // Where all are in the middle of their answers, the newest is the one that has to go.
      if (!is_full() || make_room()) add(descriptor.release());
      continue;
    }
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      accepting_ = loop_.start_timer(loop_.now() + accept_pause, [this] {
        accepting_.reset();
        listen();
      });
      return;
    }
    if (errno != ECONNABORTED && errno != EINTR) return;
  }
}

void LoopHttpServer::bury() {
  // Taken out first: what a connection tells its responder may come back to this table.
  std::vector<decltype(connections_)::node_type> ended;
  for (const auto id : std::exchange(retired_, {})) ended.push_back(connections_.extract(id));
  if (!is_full()) listen();
}

/// False where none can be closed.
bool LoopHttpServer::make_room() {
  std::vector<std::pair<TimePoint, HttpServerConnection*>> waiting;
  for (const auto& [id, connection] : connections_) {
    if (const auto since = connection->waits_since())
      waiting.emplace_back(*since, connection.get());
  }
  const auto wanted = std::max<std::size_t>(options_.max_connections / share_replaced, 1);
  const auto count = std::min(wanted, waiting.size());
  const auto end = waiting.begin() + static_cast<std::ptrdiff_t>(count);
  std::ranges::partial_sort(waiting, end, {}, &std::pair<TimePoint, HttpServerConnection*>::first);
  for (auto each = waiting.begin(); each != end; ++each) each->second->give_way();
  return count > 0;
}

void LoopHttpServer::add(int descriptor) {
  // A peer that vanished without FIN is noticed once it leaves our bytes unacknowledged.
  const auto patience =
      std::chrono::duration_cast<std::chrono::milliseconds>(options_.write_timeout);
  const auto milliseconds = static_cast<unsigned int>(patience.count());
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
  auto socket = tls_ == nullptr ? make_plain_socket(descriptor) : tls_->accept(descriptor);
  if (socket == nullptr) return;
  ConnectionHost& host = *this;
  const auto id = ++last_id_;
  connections_.emplace(id, std::make_unique<HttpServerConnection>(host, std::move(socket), id));
  start_sweep();
}

void LoopHttpServer::start_sweep() {
  if (sweep_timer_ != nullptr) return;
  sweep_timer_ = loop_.start_timer(loop_.now() + sweep_interval(), [this] { sweep(); });
}

/// One timer for all connections: re-arming one for each request would cost more than the request.
void LoopHttpServer::sweep() {
  const auto now = loop_.now();
  int ended = 0;
  for (auto& [id, connection] : connections_) {
    if (connection->check_limits(now) && ++ended == ends_per_turn) break;
  }
  sweep_timer_.reset();
  if (ended == ends_per_turn) {
    sweep_timer_ = loop_.start_timer(now, [this] { sweep(); });
  } else if (!connections_.empty()) {
    start_sweep();
  }
}

Duration LoopHttpServer::sweep_interval() const {
  const auto shortest = std::min({options_.header_timeout, options_.body_timeout,
                                  options_.idle_timeout, options_.write_timeout});
  return std::clamp<Duration>(shortest / 8, std::chrono::milliseconds(5),
                              std::chrono::milliseconds(500));
}

}  // namespace

Result<std::unique_ptr<HttpServer>> make_http_server(Loop& loop, HttpServerOptions options,
                                                     HttpHandler& handler) {
  std::unique_ptr<TlsAcceptor> tls;
  if (!options.certificate_file.empty()) {
    auto made = make_tls_acceptor(options.certificate_file, options.key_file);
    if (!made) return std::unexpected(made.error());
    tls = std::move(*made);
  }
  const auto listener = listen_on(options.address, options.port);
  if (!listener) return std::unexpected(listener.error());
  return std::make_unique<LoopHttpServer>(loop, std::move(options), handler, *listener,
                                          std::move(tls));
}

}  // namespace mcp
