#include <algorithm>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "mcp/io/curl_transfer.hpp"

namespace mcp {
namespace {

class CurlHttp;

/// What the caller holds. A transfer whose client is gone has no engine any more.
class CurlExchange final : public HttpExchange {
 public:
  CurlExchange(CurlHttp& engine, std::unique_ptr<CurlTransfer> transfer);
  ~CurlExchange() override;
  /// The client goes first: ends the transfer.
  void detach(CURLM* multi);

 private:
  CurlHttp* engine_;
  std::unique_ptr<CurlTransfer> transfer_;
};

/// The multi handle, driven by the loop's descriptors and timers only. libcurl forbids adding and
/// removing transfers from inside its callbacks, where observers are called: both wait until it
/// has returned.
class CurlHttp final : public Http {
 public:
  CurlHttp(Loop& loop, CurlOptions options);
  ~CurlHttp() override;

  std::unique_ptr<HttpExchange> start(HttpRequest request, HttpObserver& observer) override {
    return start_transfer(std::move(request), TransferKind::exchange, observer);
  }
  std::unique_ptr<HttpExchange> start_connect(HttpRequest request,
                                              HttpObserver& observer) override {
    return start_transfer(std::move(request), TransferKind::connect_only, observer);
  }

  void cancel(CurlExchange& exchange, std::unique_ptr<CurlTransfer> transfer);

 private:
  static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) noexcept;
  static int on_timer(CURLM*, long milliseconds, void* self) noexcept;

  std::unique_ptr<HttpExchange> start_transfer(HttpRequest request, TransferKind kind,
                                               HttpObserver& observer);
  void add(CurlTransfer& transfer);
  void watch(curl_socket_t socket, int what);
  void act(curl_socket_t socket, int events);
  void settle();
  void done(CurlTransfer& transfer, CURLcode code);
  void time_out(CurlTransfer& transfer);
  void fail_later(CurlTransfer& transfer, Error error);

  Loop& loop_;
  CurlOptions options_;
  std::unordered_set<CurlExchange*> exchanges_;
  std::vector<CurlTransfer*> to_add_;
  std::vector<std::unique_ptr<CurlTransfer>> cancelled_;
  bool inside_curl_ = false;
  MultiHandle multi_;
  std::unique_ptr<Handle> timer_;
  std::unordered_map<curl_socket_t, std::unique_ptr<Handle>> watches_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // observers may destroy the client
};

CurlExchange::CurlExchange(CurlHttp& engine, std::unique_ptr<CurlTransfer> transfer)
    : engine_(&engine), transfer_(std::move(transfer)) {}

CurlExchange::~CurlExchange() {
  if (engine_) engine_->cancel(*this, std::move(transfer_));
}

void CurlExchange::detach(CURLM* multi) {
  engine_ = nullptr;
  transfer_->timer.reset();
  transfer_->abandon();
  curl_multi_remove_handle(multi, transfer_->handle());
}

CurlHttp::CurlHttp(Loop& loop, CurlOptions options)
    : loop_(loop), options_(std::move(options)), multi_(curl_multi_init()) {
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, &CurlHttp::on_socket);
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, &CurlHttp::on_timer);
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, this);
}

CurlHttp::~CurlHttp() {
  for (auto* exchange : exchanges_) exchange->detach(multi_.get());
  // Closing the connections still calls back for each socket.
  multi_.reset();
}

std::unique_ptr<HttpExchange> CurlHttp::start_transfer(HttpRequest request, TransferKind kind,
                                                       HttpObserver& observer) {
  auto owned = std::make_unique<CurlTransfer>(std::move(request), kind, options_, observer);
  auto& transfer = *owned;
  auto exchange = std::make_unique<CurlExchange>(*this, std::move(owned));
  exchanges_.insert(exchange.get());
  if (auto prepared = transfer.prepare(); !prepared) {
    fail_later(transfer, std::move(prepared.error()));
    return exchange;
  }
  if (transfer.deadline() != TimePoint::max()) {
    transfer.timer =
        loop_.start_timer(transfer.deadline(), [this, &transfer] { time_out(transfer); });
  }
  if (inside_curl_) {
    to_add_.push_back(&transfer);
  } else {
    add(transfer);
  }
  return exchange;
}

void CurlHttp::add(CurlTransfer& transfer) {
  const auto code = curl_multi_add_handle(multi_.get(), transfer.handle());
  if (code == CURLM_OK) return;
  fail_later(transfer, {.kind = ErrorKind::http, .message = curl_multi_strerror(code)});
}

void CurlHttp::fail_later(CurlTransfer& transfer, Error error) {
  transfer.timer = loop_.start_timer(loop_.now(), [&transfer, error = std::move(error)]() mutable {
    transfer.finish(std::unexpected(std::move(error)));
  });
}

void CurlHttp::cancel(CurlExchange& exchange, std::unique_ptr<CurlTransfer> transfer) {
  exchanges_.erase(&exchange);
  std::erase(to_add_, transfer.get());
  if (inside_curl_) {
    transfer->abandon();
    cancelled_.push_back(std::move(transfer));
  } else {
    curl_multi_remove_handle(multi_.get(), transfer->handle());
  }
}

void CurlHttp::time_out(CurlTransfer& transfer) {
  auto error = transfer.deadline_error();
  curl_multi_remove_handle(multi_.get(), transfer.handle());
  transfer.finish(std::unexpected(std::move(error)));
}

int CurlHttp::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) noexcept {
  static_cast<CurlHttp*>(self)->watch(socket, what);
  return 0;
}

int CurlHttp::on_timer(CURLM*, long milliseconds, void* self) noexcept {
  auto& engine = *static_cast<CurlHttp*>(self);
  engine.timer_.reset();
  if (milliseconds >= 0) {
    // libcurl compares with its own clock: the turn's would make it wake too early, for nothing.
    engine.timer_ = engine.loop_.start_timer(Clock::now() + std::chrono::milliseconds(milliseconds),
                                             [&engine] { engine.act(CURL_SOCKET_TIMEOUT, 0); });
  }
  return 0;
}

void CurlHttp::watch(curl_socket_t socket, int what) {
  // One watch a descriptor: the old one goes before the new one comes.
  watches_.erase(socket);
  if (what == CURL_POLL_REMOVE || what == CURL_POLL_NONE) return;
  const auto interest = what == CURL_POLL_IN    ? Interest::read
                        : what == CURL_POLL_OUT ? Interest::write
                                                : Interest::read_write;
  watches_.emplace(socket, loop_.watch(socket, interest, [this, socket](Readiness ready) {
    act(socket, (ready.readable ? CURL_CSELECT_IN : 0) | (ready.writable ? CURL_CSELECT_OUT : 0) |
                    (ready.error ? CURL_CSELECT_ERR : 0));
  }));
}

void CurlHttp::act(curl_socket_t socket, int events) {
  int running = 0;
  inside_curl_ = true;
  curl_multi_socket_action(multi_.get(), socket, events, &running);
  inside_curl_ = false;
  settle();
}

void CurlHttp::settle() {
  for (const auto& transfer : std::exchange(cancelled_, {})) {
    curl_multi_remove_handle(multi_.get(), transfer->handle());
  }
  for (auto* transfer : std::exchange(to_add_, {})) add(*transfer);
  const std::weak_ptr<bool> alive = alive_;
  int left = 0;
  while (!alive.expired()) {
    const auto* message = curl_multi_info_read(multi_.get(), &left);
    if (!message) return;
    if (message->msg != CURLMSG_DONE) continue;
    done(*easy_info<CurlTransfer*>(message->easy_handle, CURLINFO_PRIVATE), message->data.result);
  }
}

void CurlHttp::done(CurlTransfer& transfer, CURLcode code) {
  const bool again = transfer.follow_redirect(code);
  auto outcome = again ? Result<HttpTimings>() : transfer.outcome(code);
  curl_multi_remove_handle(multi_.get(), transfer.handle());
  if (again) {
    add(transfer);
  } else {
    transfer.finish(std::move(outcome));
  }
}

}  // namespace

Result<std::unique_ptr<Http>> make_curl_http(Loop& loop, HttpOptions options) {
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (initialised != CURLE_OK) return fail(ErrorKind::http, curl_easy_strerror(initialised));
  auto checked = CurlOptions::make(std::move(options));
  if (!checked) return std::unexpected(std::move(checked.error()));
  return std::make_unique<CurlHttp>(loop, std::move(*checked));
}

}  // namespace mcp
