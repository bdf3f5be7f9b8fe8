#include <algorithm>
#include <memory>
#include <unordered_set>
#include <utility>
#include <vector>

#include "mcp/io/curl_multi.hpp"
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
  void detach(CurlMulti& multi);

 private:
  CurlHttp* engine_;
  std::unique_ptr<CurlTransfer> transfer_;
};

/// Transfers on one multi handle. Observers are called from inside libcurl's callbacks, where
/// adding and removing transfers is forbidden: both wait until it has returned.
class CurlHttp final : public Http, private CurlMultiOwner {
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
  void on_returned() override;
  void on_done(CURL* handle, CURLcode code) override;

  std::unique_ptr<HttpExchange> start_transfer(HttpRequest request, TransferKind kind,
                                               HttpObserver& observer);
  void add(CurlTransfer& transfer);
  void time_out(CurlTransfer& transfer);
  void fail_later(CurlTransfer& transfer, Error error);

  Loop& loop_;
  CurlOptions options_;
  std::unordered_set<CurlExchange*> exchanges_;
  std::vector<CurlTransfer*> to_add_;
  std::vector<std::unique_ptr<CurlTransfer>> cancelled_;
  CurlMulti multi_;
};

CurlExchange::CurlExchange(CurlHttp& engine, std::unique_ptr<CurlTransfer> transfer)
    : engine_(&engine), transfer_(std::move(transfer)) {}

CurlExchange::~CurlExchange() {
  if (engine_) engine_->cancel(*this, std::move(transfer_));
}

void CurlExchange::detach(CurlMulti& multi) {
  engine_ = nullptr;
  transfer_->timer.reset();
  transfer_->abandon();
  multi.remove(transfer_->handle());
}

CurlHttp::CurlHttp(Loop& loop, CurlOptions options)
    : loop_(loop), options_(std::move(options)), multi_(loop, *this) {}

CurlHttp::~CurlHttp() {
  for (auto* exchange : exchanges_) exchange->detach(multi_);
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
  if (multi_.inside()) {
    to_add_.push_back(&transfer);
  } else {
    add(transfer);
  }
  return exchange;
}

void CurlHttp::add(CurlTransfer& transfer) {
  const auto code = multi_.add(transfer.handle());
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
  if (multi_.inside()) {
    transfer->abandon();
    cancelled_.push_back(std::move(transfer));
  } else {
    multi_.remove(transfer->handle());
  }
}

void CurlHttp::time_out(CurlTransfer& transfer) {
  auto error = transfer.deadline_error();
  multi_.remove(transfer.handle());
  transfer.finish(std::unexpected(std::move(error)));
}

void CurlHttp::on_returned() {
  for (const auto& transfer : std::exchange(cancelled_, {})) {
    multi_.remove(transfer->handle());
  }
  for (auto* transfer : std::exchange(to_add_, {})) add(*transfer);
}

void CurlHttp::on_done(CURL* handle, CURLcode code) {
  auto& transfer = *easy_info<CurlTransfer*>(handle, CURLINFO_PRIVATE);
  const bool again = transfer.follow_redirect(code);
  auto outcome = again ? Result<HttpTimings>() : transfer.outcome(code);
  multi_.remove(transfer.handle());
  if (again) {
    add(transfer);
  } else {
    transfer.finish(std::move(outcome));
  }
}

}  // namespace

Result<std::unique_ptr<Http>> make_curl_http(Loop& loop, HttpOptions options) {
  auto checked = make_curl_options(std::move(options));
  if (!checked) return std::unexpected(std::move(checked.error()));
  return std::make_unique<CurlHttp>(loop, std::move(*checked));
}

}  // namespace mcp
