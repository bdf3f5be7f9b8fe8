#include "probes/sidecar/scraped_sessions.hpp"

#include <cmath>
#include <utility>

#include "mcp/base/text.hpp"

namespace probes::sidecar {
namespace {

constexpr int intervals_to_trust = 3;
constexpr int ok = 200;

}  // namespace

ScrapedSessions::ScrapedSessions(mcp::Loop& loop, mcp::Http& http, ScrapeOptions options)
    : loop_(loop), http_(http), options_(std::move(options)) {}

void ScrapedSessions::start() {
  scrape();
}

void ScrapedSessions::scrape() {
  status_ = 0;
  sum_.emplace(options_.metric);
  mcp::HttpRequest request{.method = "GET",
                           .url = options_.url,
                           .headers = {{.name = "Accept", .value = "text/plain;version=0.0.4"}},
                           .deadline = loop_.now() + options_.timeout,
                           .max_body_bytes = options_.max_body_bytes};
  exchange_ = http_.start(std::move(request), *this);
}

void ScrapedSessions::on_head(const mcp::HttpResponseHead& head) {
  status_ = head.status;
}

void ScrapedSessions::on_data(std::string_view bytes) {
  if (status_ == ok) sum_->feed(bytes);
}

void ScrapedSessions::on_finished(mcp::Result<mcp::HttpTimings> outcome) {
  problem_ = judge(outcome);
  exchange_.reset();
  timer_ = loop_.start_timer(loop_.now() + options_.interval, [this] { scrape(); });
}

/// What is wrong with the answer; where nothing is, its number counts from now on.
std::string ScrapedSessions::judge(const mcp::Result<mcp::HttpTimings>& outcome) {
  if (!outcome) return "the metrics cannot be read: " + outcome.error().message;
  if (status_ != ok) return "the metrics page answered HTTP " + std::to_string(status_);
  const auto sum = sum_->finish();
  if (!sum) return "the metrics have no sample of " + mcp::printable(options_.metric.name);
  constexpr double most = 1e15;
  if (*sum < 0 || *sum > most) {
    return mcp::printable(options_.metric.name) + " is no number of sessions";
  }
  active_ = static_cast<std::size_t>(std::llround(*sum));
  taken_ = loop_.now();
  return {};
}

SessionCount ScrapedSessions::count(mcp::TimePoint now) const {
  SessionCount count{.source = CountSource::scrape, .taken = taken_, .problem = problem_};
  if (!taken_) return count;
  if (now - *taken_ <= options_.interval * intervals_to_trust) {
    count.active = active_;
  } else if (problem_.empty()) {
    count.problem = "the metrics were last read " + mcp::format_duration(now - *taken_) + " ago";
  }
  return count;
}

}  // namespace probes::sidecar
