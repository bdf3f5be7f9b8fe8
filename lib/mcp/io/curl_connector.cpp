#include "mcp/io/curl_connector.hpp"

#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/base/url.hpp"
#include "mcp/io/curl_failure.hpp"
#include "mcp/io/curl_multi.hpp"
#include "mcp/io/curl_transfer.hpp"
#include "mcp/io/descriptor.hpp"
#include "mcp/io/plain_link.hpp"

namespace mcp {
namespace {

constexpr int links_in_a_group = 32;

bool is_https(std::string_view url) {
  return url.size() >= 6 && equals_ignoring_case(url.substr(0, 6), "https:");
}

/// Bytes to a proxy that is spoken to by TLS must go through libcurl.
bool may_use_secure_proxy(const HttpOptions& options) {
  if (options.no_proxy) return false;
  if (!options.proxy.empty()) return is_https(options.proxy);
  return std::ranges::any_of(std::to_array({"http_proxy", "all_proxy", "ALL_PROXY"}),
                             [](const char* name) {
                               // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody sets variables
                               const char* value = std::getenv(name);
                               return value && is_https(value);
                             });
}

socklen_t size_of(const sockaddr_storage& address) {
  return address.ss_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
}

/// Binds a socket before it connects: without a port of its own until then, so that the same port
/// serves several destinations.
struct Source {
  const sockaddr_storage* address = nullptr;
  int os_error = 0;

  static int bind(void* self, curl_socket_t socket, curlsocktype /*purpose*/) noexcept {
    auto& source = *static_cast<Source*>(self);
    const int late = 1;
    ::setsockopt(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &late, sizeof late);
    const auto* generic = reinterpret_cast<const sockaddr*>(source.address);
    if (::bind(socket, generic, size_of(*source.address)) == 0) return CURL_SOCKOPT_OK;
    source.os_error = errno;
    return CURL_SOCKOPT_ERROR;
  }
};

/// A transfer that only connects is asked for its outcome.
struct Silent final : HttpObserver {
  void on_head(const HttpResponseHead& /*head*/) override {}
  void on_data(std::string_view /*bytes*/) override {}
  void on_finished(Result<HttpTimings> /*outcome*/) override {}
};

/// libcurl asks it to close a socket: not the one that a link has taken over.
struct SocketKeeper {
  curl_socket_t kept = CURL_SOCKET_BAD;

  static int close(void* self, curl_socket_t socket) noexcept {
    return static_cast<SocketKeeper*>(self)->kept == socket ? 0 : ::close(socket);
  }
};

}  // namespace

/// One multi handle with few connections.
class CurlConnector::Group final : private CurlMultiOwner {
 public:
  explicit Group(Loop& loop, bool secured) : multi(loop, *this), for_tls(secured) {
    multi.set(CURLMOPT_MAXCONNECTS, 1000L);
  }
  CurlMulti multi;
  bool for_tls;
  int links = 0;  // made and being made

 private:
  void on_done(CURL* handle, CURLcode code) override;
};

/// Bytes go through libcurl, whose handle stays where it was made.
class CurlConnector::TlsLink final : public Link {
 public:
  TlsLink(Group& group, std::unique_ptr<CurlTransfer> transfer,
          std::unique_ptr<SocketKeeper> keeper)
      : group_(group),
        keeper_(std::move(keeper)),
        transfer_(std::move(transfer)),
        socket_(keeper_->kept) {}
  ~TlsLink() override {
    group_.multi.remove(transfer_->handle());
    --group_.links;
  }
  int descriptor() const override { return socket_.get(); }
  LinkResult send(std::string_view bytes) override {
    std::size_t sent = 0;
    const auto code = curl_easy_send(transfer_->handle(), bytes.data(), bytes.size(), &sent);
    return result(code, sent);
  }
  LinkResult receive(std::span<char> space) override {
    std::size_t received = 0;
    const auto code = curl_easy_recv(transfer_->handle(), space.data(), space.size(), &received);
    if (code == CURLE_OK && received == 0) return {.state = LinkResult::State::closed};
    return result(code, received);
  }
  bool is_raw() const override { return false; }
  void explain(CurlFailure& failure) const override {
    const auto told = transfer_->failure(code_);
    failure.code = told.code;
    failure.detail = told.detail;
    failure.os_error = os_error_;
    failure.certificates = told.certificates;
  }

 private:
  LinkResult result(CURLcode code, std::size_t bytes) {
    if (code == CURLE_OK) return {.state = LinkResult::State::done, .bytes = bytes};
    if (code == CURLE_AGAIN) return {.state = LinkResult::State::again};
    code_ = code;
    os_error_ = errno == ECONNRESET || errno == EPIPE || errno == ETIMEDOUT ? errno : 0;
    return {.state = LinkResult::State::failed};
  }

  Group& group_;
  std::unique_ptr<SocketKeeper> keeper_;
  std::unique_ptr<CurlTransfer> transfer_;  // the handle's buffers and callbacks are there
  Descriptor socket_;
  CURLcode code_ = CURLE_OK;
  int os_error_ = 0;
};

/// What the caller of connect holds.
class CurlConnector::Attempt final : public Handle {
 public:
  Attempt(Group& group, const CurlOptions& options, const ConnectRequest& request, Made made)
      : group_(group),
        transfer_(std::make_unique<CurlTransfer>(
            HttpRequest{.url = request.url, .deadline = request.deadline},
            TransferKind::connect_only, options, silent_)),
        made_(std::move(made)) {
    ++group_.links;
  }
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;
  ~Attempt() override {
    leave();
    if (transfer_) --group_.links;
  }

  void start(Loop& loop, const sockaddr_storage* source);
  void done(CURLcode code);

 private:
  Result<void> prepare(const sockaddr_storage* source);
  void leave() {
    if (std::exchange(added_, false)) group_.multi.remove(transfer_->handle());
  }
  void time_out();
  void finish(Result<NewLink> outcome);
  Error source_error(CURLcode code) const;
  std::unique_ptr<Link> adopt();

  Group& group_;
  Silent silent_;
  Source source_;
  std::unique_ptr<SocketKeeper> keeper_ = std::make_unique<SocketKeeper>();
  std::unique_ptr<CurlTransfer> transfer_;
  Made made_;
  bool added_ = false;
};

Result<void> CurlConnector::Attempt::prepare(const sockaddr_storage* source) {
  if (auto prepared = transfer_->prepare(); !prepared) return prepared;
  EasySetup set(transfer_->handle());
  set(CURLOPT_PRIVATE, this);
  set(CURLOPT_HTTPPROXYTUNNEL, 1L);
  set(CURLOPT_CLOSESOCKETFUNCTION, &SocketKeeper::close);
  set(CURLOPT_CLOSESOCKETDATA, keeper_.get());
  if (source) {
    source_.address = source;
    set(CURLOPT_SOCKOPTFUNCTION, &Source::bind);
    set(CURLOPT_SOCKOPTDATA, &source_);
  }
  if (set.first_failure() == CURLE_OK) return {};
  return fail(ErrorKind::usage, curl_easy_strerror(set.first_failure()));
}

void CurlConnector::Attempt::start(Loop& loop, const sockaddr_storage* source) {
  auto ready = prepare(source);
  if (ready) {
    const auto code = group_.multi.add(transfer_->handle());
    added_ = code == CURLM_OK;
    if (!added_) ready = fail(ErrorKind::http, curl_multi_strerror(code));
  }
  if (!ready) {
    transfer_->timer =
        loop.start_timer(loop.now(), [this, error = std::move(ready.error())]() mutable {
          finish(std::unexpected(std::move(error)));
        });
  } else if (transfer_->deadline() != TimePoint::max()) {
    transfer_->timer = loop.start_timer(transfer_->deadline(), [this] { time_out(); });
  }
}

void CurlConnector::Attempt::time_out() {
  auto error = transfer_->deadline_error();
  leave();
  finish(std::unexpected(std::move(error)));
}

void CurlConnector::Attempt::done(CURLcode code) {
  auto timings = transfer_->outcome(code);
  if (!timings) {
    auto error = source_.os_error != 0 ? source_error(code) : std::move(timings.error());
    leave();
    return finish(std::unexpected(std::move(error)));
  }
  transfer_->timer.reset();
  finish(NewLink{.link = adopt(), .timings = std::move(*timings)});
}

Error CurlConnector::Attempt::source_error(CURLcode code) const {
  const auto failure = transfer_->failure(code);
  return {.kind = ErrorKind::connect,
          .message = fmt::format("cannot connect to {} from the source that was given: {}",
                                 host_and_port(failure.url),
                                 std::generic_category().message(source_.os_error))};
}

std::unique_ptr<Link> CurlConnector::Attempt::adopt() {
  keeper_->kept = easy_info<curl_socket_t>(transfer_->handle(), CURLINFO_ACTIVESOCKET);
  if (group_.for_tls) {
    added_ = false;  // it stays, with the link
    transfer_->abandon();
    return std::make_unique<TlsLink>(group_, std::move(transfer_), std::move(keeper_));
  }
  leave();
  return std::make_unique<PlainLink>(Descriptor(keeper_->kept));
}

/// The last call: the caller may destroy this attempt in it, and the connector.
void CurlConnector::Attempt::finish(Result<NewLink> outcome) {
  auto made = std::move(made_);
  made(std::move(outcome));
}

void CurlConnector::Group::on_done(CURL* handle, CURLcode code) {
  easy_info<Attempt*>(handle, CURLINFO_PRIVATE)->done(code);
}

CurlConnector::CurlConnector(Loop& loop, CurlOptions options)
    : loop_(loop),
      options_(std::move(options)),
      secure_proxy_(may_use_secure_proxy(options_.options())) {}

CurlConnector::~CurlConnector() = default;

CurlConnector::Group& CurlConnector::group_for(bool secured) {
  const auto free = std::ranges::find_if(groups_, [&](const auto& group) {
    return group->for_tls == secured && group->links < links_in_a_group;
  });
  if (free != groups_.end()) return **free;
  return *groups_.emplace_back(std::make_unique<Group>(loop_, secured));
}

std::unique_ptr<Handle> CurlConnector::connect(const ConnectRequest& request, Made made) {
  auto& group = group_for(secure_proxy_ || is_https(request.url));
  auto attempt = std::make_unique<Attempt>(group, options_, request, std::move(made));
  attempt->start(loop_, request.source);
  return attempt;
}

}  // namespace mcp
