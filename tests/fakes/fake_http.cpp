#include "tests/fakes/fake_http.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "mcp/base/text.hpp"

namespace mcp {
namespace {

class FakeExchangeHandle final : public HttpExchange {
 public:
  explicit FakeExchangeHandle(std::move_only_function<void()> cancel)
      : cancel_(std::move(cancel)) {}
  ~FakeExchangeHandle() override { cancel_(); }

 private:
  std::move_only_function<void()> cancel_;
};

}  // namespace

FakeExchange::FakeExchange(HttpRequest request, HttpObserver& observer, bool connect_only)
    : request_(std::move(request)), observer_(observer), connect_only_(connect_only) {}

const std::string* FakeExchange::sent_header(std::string_view name) const {
  const auto found = std::ranges::find_if(request_.headers, [&](const Header& header) {
    return equals_ignoring_case(header.name, name);
  });
  return found == request_.headers.end() ? nullptr : &found->value;
}

void FakeExchange::head(int status, HeaderList headers) {
  if (!over()) observer_.on_head({.status = status, .headers = std::move(headers)});
}

void FakeExchange::data(std::string_view bytes) {
  if (!over()) observer_.on_data(bytes);
}

void FakeExchange::finish(HttpTimings timings) {
  if (over()) return;
  finished_ = true;
  observer_.on_finished(std::move(timings));
}

void FakeExchange::fail(Error error) {
  if (over()) return;
  finished_ = true;
  observer_.on_finished(std::unexpected(std::move(error)));
}

void FakeExchange::answer(int status, HeaderList headers, std::string_view body) {
  head(status, std::move(headers));
  if (!body.empty()) data(body);
  finish();
}

void FakeExchange::answer_json(int status, std::string_view body) {
  answer(status, {{"Content-Type", "application/json"}}, body);
}

std::unique_ptr<HttpExchange> FakeHttp::start(HttpRequest request, HttpObserver& observer) {
  return add(std::move(request), observer, false);
}

std::unique_ptr<HttpExchange> FakeHttp::start_connect(HttpRequest request, HttpObserver& observer) {
  return add(std::move(request), observer, true);
}

std::unique_ptr<HttpExchange> FakeHttp::add(HttpRequest request, HttpObserver& observer,
                                            bool connect_only) {
  auto exchange = std::make_shared<FakeExchange>(std::move(request), observer, connect_only);
  exchanges.push_back(exchange);
  if (on_start) {
    loop_.post([this, exchange] {
      if (!exchange->over()) on_start(*exchange);
    });
  }
  return std::make_unique<FakeExchangeHandle>([exchange] {
    if (!exchange->finished_) exchange->cancelled_ = true;
  });
}

std::size_t FakeHttp::open() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(exchanges, [](const auto& exchange) { return !exchange->over(); }));
}

}  // namespace mcp
