#include <algorithm>
#include <utility>

#include "probes/health/server.hpp"

namespace probes {
namespace {

constexpr std::size_t warnings_kept = 5;

}  // namespace

class BlockingAccess::Server final : public ProbedServer {
 public:
  Server(BlockingAccess& access, mcp::Endpoint endpoint)
      : access_(access),
        is_https_(endpoint.url && endpoint.url->is_https()),
        client_(access.loop_, std::move(endpoint), access.options_, events()) {
    access_.current_ = this;
    if (access_.interrupted_) client_.interrupt();
  }
  ~Server() override { access_.current_ = nullptr; }

  mcp::Result<mcp::HttpTimings> connect_only(mcp::TimePoint deadline) override {
    return client_.connect_only(deadline);
  }
  mcp::Result<mcp::Peer> open(mcp::TimePoint deadline) override { return client_.open(deadline); }
  mcp::Result<mcp::Listing> list_tools(mcp::TimePoint deadline) override {
    return client_.list(mcp::ListKind::tools, deadline);
  }
  mcp::Result<mcp::Json> call_tool(const std::string& name, const mcp::Json& arguments,
                                   mcp::TimePoint deadline) override {
    return client_.call_tool(name, arguments, deadline);
  }
  mcp::Result<void> close(mcp::TimePoint deadline) override { return client_.close(deadline); }
  mcp::TransportKind transport() const override { return client_.transport(); }
  bool is_https() const override { return is_https_; }
  bool holds_session() const override { return !client_.session_id().empty(); }
  const ConnectionNotes& notes() const override { return notes_; }
  void interrupt() { client_.interrupt(); }

 private:
  mcp::ClientEvents events() {
    return {.on_warning = [this](const std::string& warning) { note_warning(warning); },
            .on_timings = [this](const mcp::HttpTimings& timings) { note_exchange(timings); },
            .on_connected =
                [this](const mcp::HttpTimings& timings) {
                  if (!notes_.connection) notes_.connection = timings;
                },
            .on_transport_open =
                [this] {
                  if (!notes_.transport_open) notes_.transport_open = access_.loop_.now();
                }};
  }

  void note_warning(const std::string& warning) {
    auto& warnings = notes_.warnings;
    const bool known = std::ranges::find(warnings, warning) != warnings.end();
    if (!known && warnings.size() < warnings_kept) warnings.push_back(warning);
  }

  void note_exchange(const mcp::HttpTimings& timings) {
    notes_.http.add(timings);
    // The version is known only now.
    if (notes_.connection && notes_.connection->http_version.empty())
      notes_.connection->http_version = timings.http_version;
  }

  BlockingAccess& access_;
  bool is_https_;
  ConnectionNotes notes_;
  mcp::BlockingClient client_;
};

BlockingAccess::BlockingAccess(mcp::Loop& loop, mcp::Endpoint endpoint, mcp::ClientOptions options)
    : loop_(loop), endpoint_(std::move(endpoint)), options_(std::move(options)) {}

BlockingAccess::~BlockingAccess() = default;

std::unique_ptr<ProbedServer> BlockingAccess::make_server(Security security) {
  auto endpoint = endpoint_;
  if (security == Security::plain_tcp && endpoint.url) endpoint.url->scheme = "http";
  return std::make_unique<Server>(*this, std::move(endpoint));
}

mcp::TimePoint BlockingAccess::now() {
  // The loop reads the clock once a turn, so it may be behind by what ran since.
  loop_.turn(loop_.now());
  return loop_.now();
}

bool BlockingAccess::wait_until(mcp::TimePoint when) {
  while (!interrupted_ && loop_.now() < when) loop_.turn(when);
  return !interrupted_;
}

void BlockingAccess::interrupt() {
  interrupted_ = true;
  if (current_ != nullptr) current_->interrupt();
}

}  // namespace probes
