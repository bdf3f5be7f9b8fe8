#include "mcp/io/http_relay.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "mcp/io/http_relay_connection.hpp"
#include "mcp/io/http_server_socket.hpp"

namespace mcp {
namespace {

/// Out of descriptors or memory: the waiting connections stay in the kernel's queue meanwhile.
constexpr Duration accept_pause = std::chrono::milliseconds(100);
constexpr int accepts_per_turn = 64;
/// Connections beyond the limit that may be told so at a time.
constexpr std::size_t refusals_at_once = 64;
constexpr std::size_t space_size = 64UL * 1024;
constexpr std::size_t crowded_space_size = 4096;

/// A relayed connection takes two descriptors. Some are left for the rest of the process, so that a
/// crowd of clients does not keep it from answering elsewhere.
std::size_t most_connections(std::size_t wanted) {
  constexpr rlim_t spare = 500;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return wanted;
  const auto left = limit.rlim_cur - std::min(spare, limit.rlim_cur / 4);
  return std::min<std::size_t>(wanted, left / 2);
}

class LoopHttpRelay final : public HttpRelay, private RelayHost {
 public:
  LoopHttpRelay(Loop& loop, HttpRelayOptions options, RelayGate& gate, Descriptor listener)
      : loop_(loop),
        options_(std::move(options)),
        gate_(gate),
        upstream_(loop, options_.upstream_host, options_.upstream_port),
        listener_(std::move(listener)),
        port_(local_port(listener_.get())),
        space_(space_size) {
    listen();
  }
  LoopHttpRelay(const LoopHttpRelay&) = delete;
  LoopHttpRelay& operator=(const LoopHttpRelay&) = delete;
  ~LoopHttpRelay() override { *alive_ = false; }

  std::uint16_t port() const override { return port_; }
  std::size_t connections() const override { return connections_.size(); }
  void cut(std::uint64_t id) override {
    const auto found = requests_.find(id);
    if (found != requests_.end()) found->second->cut();
  }

 private:
  Loop& loop() override { return loop_; }
  const HttpRelayOptions& options() const override { return options_; }
  RelayGate& gate() override { return gate_; }
  RelayUpstream& upstream() override { return upstream_; }
  std::span<char> space() override {
    return std::span(space_).first(is_crowded() ? crowded_space_size : space_size);
  }
  void holds_more(std::int64_t bytes) override { held_ += bytes; }
  bool is_crowded() const override {
    return held_ > static_cast<std::int64_t>(options_.max_held_bytes);
  }
  std::uint64_t new_request() override { return ++last_request_; }
  void request_begins(std::uint64_t id, RelayConnection& connection) override {
    requests_.emplace(id, &connection);
  }
  void request_ends(std::uint64_t id) override { requests_.erase(id); }
  void find_upstream(std::uint64_t number) override {
    upstream_.find(
        [this, number](const RelayUpstream::Addresses& addresses, const std::string& problem) {
          const auto found = connections_.find(number);
          if (found != connections_.end()) found->second->on_addresses(addresses, problem);
        });
  }
  void retire(std::uint64_t number) override {
    loop_.post([this, number, alive = alive_] {
      if (!*alive) return;
      connections_.erase(number);
      if (!accepting_) listen();
    });
  }

  void listen() {
    accepting_ = loop_.watch(listener_.get(), Interest::read, [this](Readiness) { accept_some(); });
  }
  void pause() {
    accepting_ = loop_.start_timer(loop_.now() + accept_pause, [this] { listen(); });
  }
  void accept_some();
  void add(Descriptor client);

  Loop& loop_;
  HttpRelayOptions options_;
  RelayGate& gate_;
  RelayUpstream upstream_;
  Descriptor listener_;
  std::uint16_t port_;
  std::vector<char> space_;
  std::unordered_map<std::uint64_t, std::unique_ptr<RelayConnection>> connections_;
  std::unordered_map<std::uint64_t, RelayConnection*> requests_;
  std::int64_t held_ = 0;
  std::uint64_t last_connection_ = 0;
  std::uint64_t last_request_ = 0;
  std::unique_ptr<Handle> accepting_;
  // Shared with posted tasks, which may outlive the relay.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

void LoopHttpRelay::accept_some() {
  for (int count = 0; count < accepts_per_turn; ++count) {
    if (connections_.size() >= options_.max_connections + refusals_at_once) {
      accepting_.reset();
      return;
    }
    Descriptor client(accept_from(listener_.get()));
    if (client) {
      add(std::move(client));
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      return pause();
    } else if (errno != ECONNABORTED && errno != EINTR) {
      return;
    }
  }
}

void LoopHttpRelay::add(Descriptor client) {
  set_relay_options(client.get());
  RelayHost& host = *this;
  const auto room = connections_.size() < options_.max_connections ? RelayConnection::Room::there
                                                                   : RelayConnection::Room::none;
  const auto number = ++last_connection_;
  connections_.emplace(number,
                       std::make_unique<RelayConnection>(host, std::move(client), number, room));
}

}  // namespace

Result<std::unique_ptr<HttpRelay>> make_http_relay(Loop& loop, HttpRelayOptions options,
                                                   RelayGate& gate) {
  const auto listener = listen_on(options.address, options.port);
  if (!listener) return std::unexpected(listener.error());
  options.max_connections = most_connections(options.max_connections);
  return std::make_unique<LoopHttpRelay>(loop, std::move(options), gate, Descriptor(*listener));
}

}  // namespace mcp
