#include "mcp/io/lean_connection.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "mcp/io/curl_failure.hpp"
#include "mcp/io/lean_lane.hpp"
#include "mcp/io/socket_address.hpp"

namespace mcp {
namespace {

// A peer that sends without end must not keep the loop from the others.
constexpr int reads_in_a_turn = 16;

LaneCut::By cause_of(LinkResult result, int os_error) {
  using State = LinkResult::State;
  if (result.state == State::done) return LaneCut::By::garbage;
  if (result.state == State::closed) return LaneCut::By::fin;
  return os_error == ECONNRESET || os_error == EPIPE ? LaneCut::By::reset : LaneCut::By::error;
}

/// Learns whether the connection is destroyed in a call that it makes.
class GoneFlag {
 public:
  // Inlined, g++ 12 takes the slot for a pointer that outlives the flag.
  [[gnu::noinline]] explicit GoneFlag(bool*& slot) : slot_(slot) { slot_ = &gone_; }
  GoneFlag(const GoneFlag&) = delete;
  GoneFlag& operator=(const GoneFlag&) = delete;
  ~GoneFlag() {
    if (!gone_) slot_ = nullptr;
  }
  const bool& gone() const { return gone_; }

 private:
  bool*& slot_;
  bool gone_ = false;
};

}  // namespace

LeanConnection::LeanConnection(LeanLane& lane, LeanCore& core, NewLink made,
                               std::shared_ptr<const LeanTarget> target)
    : lane_(lane),
      core_(core),
      link_(std::move(made.link)),
      target_(std::move(target)),
      idle_since_(Clock::now()),
      timings_(std::move(made.timings)),
      made_at_(idle_since_) {
  watch(Interest::read);
}

LeanConnection::~LeanConnection() {
  if (gone_) *gone_ = true;
  watch_.reset();
}

bool LeanConnection::leads_to(const LeanTarget& target) const {
  return target_.get() == &target || same_origin(target_->url, target.url);
}

std::string LeanConnection::local_address() const {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::getsockname(link_->descriptor(), generic, &size) != 0) return {};
  return address_text(*generic);
}

bool LeanConnection::is_alive() const {
  // Shorter than that, and the turn has just looked.
  constexpr auto recently = std::chrono::milliseconds(1);
  if (core_.loop.now() - idle_since_ < recently) return true;
  char byte = 0;
  const auto count = ::recv(link_->descriptor(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (count > 0) return !link_->is_raw();  // with TLS it may be a ticket
  return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void LeanConnection::watch(Interest interest) {
  watch_.reset();
  watches_write_ = interest == Interest::read_write;
  watch_ =
      core_.loop.watch(link_->descriptor(), interest, [this](Readiness ready) { on_ready(ready); });
}

LeanConnection::Began LeanConnection::begin(LeanExchange& exchange) {
  exchange_ = &exchange;
  idle = false;
  exchange.begin(*this, timings_, exchanges_ == 0);
  if (send() || !exchange.nothing_sent()) return Began::yes;
  exchange_ = nullptr;
  exchange.rewind();
  return Began::not_taken;
}

/// False when the socket takes nothing any more; whatever the peer has said is then still read.
bool LeanConnection::send() {
  while (!exchange_->is_sent()) {
    const auto result = link_->send(exchange_->unsent());
    if (result.state == LinkResult::State::again) {
      if (!watches_write_) watch(Interest::read_write);
      return true;
    }
    if (result.state != LinkResult::State::done) {
      if (watches_write_) watch(Interest::read);
      return false;
    }
    exchange_->add_sent(result.bytes);
  }
  if (watches_write_) watch(Interest::read);
  return true;
}

void LeanConnection::on_ready(Readiness ready) {
  const GoneFlag flag(gone_);
  if (ready.writable && exchange_) send();
  for (int reads = 0; reads < reads_in_a_turn; ++reads) {
    if (!receive(flag.gone())) return;
  }
}

bool LeanConnection::receive(const bool& gone) {
  const auto result = link_->receive(core_.space);
  if (result.state == LinkResult::State::again) return false;
  if (!exchange_) {
    idle_event(result);
    return false;
  }
  if (result.state != LinkResult::State::done) {
    cut(result);
    return false;
  }
  if (!consume({core_.space.data(), result.bytes}, gone)) return false;
  return !link_->is_raw() || result.bytes == core_.space.size();
}

bool LeanConnection::consume(std::string_view bytes, const bool& gone) {
  if (!rest_.empty()) {
    rest_.append(bytes);
    bytes = rest_;
  }
  switch (exchange_->hear(bytes, gone)) {
    case LeanExchange::Heard::more:
      keep_rest(bytes);
      return true;
    case LeanExchange::Heard::done:
      finish(bytes.empty());
      return false;
    case LeanExchange::Heard::refused: {
      auto& exchange = *std::exchange(exchange_, nullptr);
      exchange.connection = nullptr;
      lane_.close(*this, nullptr);
      exchange.finish(std::unexpected(exchange.refusal()));
      return false;
    }
    case LeanExchange::Heard::gone:
      break;
  }
  return false;
}

void LeanConnection::keep_rest(std::string_view bytes) {
  if (bytes.empty()) {
    rest_.clear();
  } else if (rest_.empty()) {
    rest_.assign(bytes);
  } else {
    rest_.erase(0, rest_.size() - bytes.size());
  }
}

void LeanConnection::finish(bool clean) {
  auto& exchange = *exchange_;
  auto timings = exchange.timings();
  const auto& answer = exchange.answer();
  const bool reusable = clean && exchange.is_sent() && answer.keep_alive();
  const bool announced = !answer.keep_alive();
  keep_alive_ = answer.keep_alive_timeout();
  exchange_ = nullptr;
  exchange.connection = nullptr;
  ++exchanges_;
  idle_since_ = exchange.last_heard();
  if (!rest_.empty()) std::string().swap(rest_);
  if (reusable) {
    lane_.release(*this);
  } else {
    const auto told = describe_cut(announced ? LaneCut::By::announced : LaneCut::By::garbage);
    lane_.close(*this, &told);
  }
  exchange.finish(std::move(timings));
}

void LeanConnection::idle_event(LinkResult result) {
  CurlFailure failure;
  if (result.state == LinkResult::State::failed) link_->explain(failure);
  auto told = describe_cut(cause_of(result, failure.os_error));
  told.os_error = failure.os_error;
  lane_.close(*this, &told);
}

void LeanConnection::cut(LinkResult result) {
  auto& exchange = *exchange_;
  if (result.state == LinkResult::State::closed && exchange.hear_end()) return finish(true);
  CurlFailure failure{.code = FailureCode::closed};
  if (result.state == LinkResult::State::failed) link_->explain(failure);
  failure.peer = timings_.peer_address;
  auto told = describe_cut(cause_of(result, failure.os_error));
  told.os_error = failure.os_error;
  auto error = exchange.cut_error(std::move(failure));
  const bool again = lane_.may_send_again(exchange, told);
  auto& lane = lane_;
  exchange_ = nullptr;
  exchange.connection = nullptr;
  lane.close(*this, &told);
  if (again) return lane.send_again(exchange);
  exchange.finish(std::unexpected(std::move(error)));
}

LaneCut LeanConnection::describe_cut(LaneCut::By by) const {
  const auto now = Clock::now();
  LaneCut told{.by = by, .after = now - idle_since_, .age = now - made_at_};
  if (exchange_) {
    told.during = exchange_->nothing_heard() ? LaneCut::During::request : LaneCut::During::answer;
    told.after = exchange_->since_begin();
  }
  told.exchanges = exchanges_;
  told.keep_alive = keep_alive_;
  told.peer_address = timings_.peer_address;
  return told;
}

}  // namespace mcp
