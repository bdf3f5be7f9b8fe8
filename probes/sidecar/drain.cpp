#include "probes/sidecar/drain.hpp"

#include <algorithm>
#include <utility>

namespace probes::sidecar {
namespace {

constexpr auto between_looks = std::chrono::milliseconds(100);

}  // namespace

void Drain::wait(mcp::TimePoint until, Done done) {
  const auto now = loop_.now();
  if (!begun_) {
    begun_ = now;
    sessions_.refuse_new();
  }
  waiters_.push_back({.begun = now, .until = until, .done = std::move(done)});
  timer_ = loop_.start_timer(now, [this] { look(); });
}

std::optional<mcp::TimePoint> Drain::until() const {
  if (waiters_.empty()) return std::nullopt;
  return std::ranges::max_element(waiters_, {}, &Waiter::until)->until;
}

bool Drain::is_empty(const SessionCount& count) const {
  if (others_ == OtherSessions::impossible) return true;
  // A number that was read before new sessions were refused may be too small by now.
  return count.active == 0 && (!count.taken || *count.taken >= *begun_);
}

bool Drain::is_soonest_end_over() const {
  return others_ == OtherSessions::impossible || loop_.now() - *begun_ >= least_;
}

void Drain::look() {
  timer_.reset();
  const auto now = loop_.now();
  const auto count = sessions_.count(now);
  const bool empty = is_empty(count);
  const bool may_end = empty && is_soonest_end_over();
  auto waiting = std::exchange(waiters_, {});
  std::vector<Waiter> over;
  for (auto& waiter : waiting) {
    (may_end || now >= waiter.until ? over : waiters_).push_back(std::move(waiter));
  }
  const bool is_last = waiters_.empty() && !over.empty();
  auto cut = empty ? 0 : count.active.value_or(0);
  if (is_last && !empty) cut = std::max(cut, sessions_.cut_all());
  look_again();
  for (auto& waiter : over) end(std::move(waiter), count, cut);
}

void Drain::look_again() {
  if (waiters_.empty()) return;
  const auto soonest = std::ranges::min_element(waiters_, {}, &Waiter::until)->until;
  const auto when = std::min<mcp::TimePoint>(loop_.now() + between_looks, soonest);
  timer_ = loop_.start_timer(when, [this] { look(); });
}

void Drain::end(Waiter waiter, const SessionCount& count, std::size_t cut) {
  waiter.done(
      {.drained = is_empty(count), .last = count, .cut = cut, .took = loop_.now() - waiter.begun});
}

void Drain::stop() {
  timer_.reset();
  const auto count = sessions_.count(loop_.now());
  for (auto& waiter : std::exchange(waiters_, {})) {
    end(std::move(waiter), count, 0);
  }
}

}  // namespace probes::sidecar
