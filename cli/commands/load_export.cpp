#include "cli/commands/load_export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <random>
#include <utility>

#include "cli/commands/load_post.hpp"
#include "cli/header_field.hpp"
#include "cli/render/load/verdict.hpp"
#include "cli/version.hpp"
#include "mcp/base/text.hpp"
#include "mcp/base/url.hpp"

namespace cli {
namespace {

using namespace std::chrono_literals;

constexpr auto post_timeout = 5s;
constexpr auto patience_at_end = 5s;
constexpr auto glance_every = 20ms;
constexpr auto traces_every = 1s;
constexpr auto pause_after_failure = 5s;
constexpr std::size_t largest_answer = 65536;
constexpr std::size_t most_waiting = 8192;
constexpr std::size_t most_in_message = 512;

std::string random_id() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}", device(), device());
}

std::vector<Label> resource_of(const scenarios::Results& facts) {
  return {{"service.name", "mcpctl"},
          {"service.version", std::string(version())},
          {"service.instance.id", random_id()},
          {"mcpctl.load.scenario", mcp::printable(facts.scenario)},
          {"mcpctl.load.target", mcp::printable(facts.target)},
          {"mcpctl.load.shard", fmt::format("{}/{}", facts.shards.front(), facts.shards_of)}};
}

std::size_t data_points(const std::vector<LoadMetric>& metrics) {
  std::size_t points = 0;
  for (const auto& metric : metrics) points += metric.points.size();
  return points;
}

/// "name=value,other=value", as the OpenTelemetry specification has it.
mcp::Result<mcp::HeaderList> read_headers(std::string_view text) {
  mcp::HeaderList headers;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    auto field = std::string(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (const auto equals = field.find('='); equals != std::string::npos) field[equals] = ':';
    auto header = parse_header_field(field);
    // Its text may be a secret, and is not shown.
    if (!header)
      return mcp::fail(mcp::ErrorKind::usage, "OTEL_EXPORTER_OTLP_HEADERS: is no list of fields",
                       "write NAME=VALUE,NAME=VALUE");
    headers.push_back(std::move(*header));
  }
  return headers;
}

mcp::Result<mcp::Duration> read_interval(const std::string& text) {
  int millis = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), millis);
  if (problem == std::errc{} && end == text.data() + text.size() && millis >= 100) {
    return std::chrono::milliseconds(millis);
  }
  return mcp::fail(mcp::ErrorKind::usage, "OTEL_METRIC_EXPORT_INTERVAL: " + mcp::quoted(text) +
                                              " is no number of milliseconds from 100 on");
}

}  // namespace

mcp::Result<ExportOptions> read_export_options(const std::string& url, const World& world) {
  const auto parsed = mcp::parse_url(url);
  if (!parsed)
    return mcp::fail(mcp::ErrorKind::usage, "--otlp: " + parsed.error().message,
                     "give the collector's address, such as http://127.0.0.1:4318");
  ExportOptions options{.url = parsed->to_string(), .headers = {}};
  while (options.url.ends_with('/')) options.url.pop_back();
  if (const auto text = world.variable("OTEL_EXPORTER_OTLP_HEADERS")) {
    auto headers = read_headers(*text);
    if (!headers) return std::unexpected(headers.error());
    options.headers = std::move(*headers);
  }
  if (const auto text = world.variable("OTEL_METRIC_EXPORT_INTERVAL")) {
    const auto interval = read_interval(*text);
    if (!interval) return std::unexpected(interval.error());
    options.every = *interval;
  }
  options.headers.push_back({"Content-Type", "application/json"});
  return options;
}

OtlpContext export_context(const scenarios::Results& facts, std::vector<scenarios::Step> steps,
                           mcp::TimePoint start) {
  return {.resource = resource_of(facts),
          .peer = peer_attributes(facts),
          .steps = std::move(steps),
          .start = facts.start,
          .start_on_loop = start};
}

LoadExport::LoadExport(mcp::Loop& loop, std::unique_ptr<mcp::Http> http, ExportOptions options,
                       OtlpContext context, Warn warn)
    : loop_(loop),
      options_(std::move(options)),
      context_(std::move(context)),
      warn_(std::move(warn)),
      next_metrics_(context_.start_on_loop + options_.every),
      http_(std::move(http)) {}

LoadExport::~LoadExport() = default;

OtlpContext::Wall LoadExport::now() const {
  return context_.start + (loop_.now() - context_.start_on_loop);
}

void LoadExport::tick(scenarios::Driver& driver) {
  settle();
  take_traces(driver);
  if (loop_.now() >= next_traces_) send_traces();
  if (metrics_ || loop_.now() < next_metrics_) return;
  next_metrics_ = loop_.now() + options_.every;
  const auto totals = driver.totals();
  if (totals.threads != 0) send_metrics(load_metrics(totals));
}

void LoadExport::finish(const scenarios::Results& results) {
  give_up_ = loop_.now() + patience_at_end;
  auto metrics = load_metrics(results.recording);
  std::ranges::move(verdict_metrics(results), std::back_inserter(metrics));
  bool all_sent = false;
  while (loop_.now() < give_up_) {
    settle();
    send_traces();
    if (!metrics_ && !std::exchange(all_sent, true)) send_metrics(metrics);
    if (!metrics_ && !traces_ && waiting_.empty()) return;
    loop_.turn(std::min(give_up_, loop_.now() + glance_every));
  }
  settle();
  dropped_ += waiting_.size() + (traces_ ? traces_->items() : 0);
  waiting_.clear();
}

void LoadExport::take_traces(scenarios::Driver& driver) {
  untaken_ = driver.dropped_traces();
  for (const auto& trace : driver.take_traces()) {
    if (waiting_.size() < most_waiting) {
      waiting_.push_back(trace);
    } else {
      ++dropped_;
    }
  }
}

std::unique_ptr<LoadExport::Post> LoadExport::post(std::string_view path, std::string body,
                                                   std::size_t items) {
  return std::make_unique<Post>(
      *http_,
      mcp::HttpRequest{.url = options_.url + std::string(path),
                       .headers = options_.headers,
                       .body = std::move(body),
                       .deadline = std::min(give_up_, loop_.now() + post_timeout),
                       .max_body_bytes = largest_answer},
      items);
}

void LoadExport::send_metrics(const std::vector<LoadMetric>& metrics) {
  metrics_ = post("/v1/metrics", otlp_metrics(metrics, context_, now()), data_points(metrics));
}

void LoadExport::send_traces() {
  if (traces_ || waiting_.empty()) return;
  const auto end =
      waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(waiting_.size(), most_in_message));
  const std::vector<scenarios::TracedRequest> some(waiting_.begin(), end);
  waiting_.erase(waiting_.begin(), end);
  next_traces_ = loop_.now() + traces_every;
  traces_ = post("/v1/traces", otlp_traces(some, context_), some.size());
}

/// Sums up what is over. A failed message is not sent again: the next metrics hold the same
/// figures, and traces are a sample anyway.
void LoadExport::settle() {
  if (metrics_ && metrics_->is_over()) {
    const auto done = std::exchange(metrics_, nullptr);
    if (!failed(*done)) {
      ++metrics_sent_;
      points_refused_ += done->rejected();
    }
  }
  if (traces_ && traces_->is_over()) {
    const auto done = std::exchange(traces_, nullptr);
    const auto lost = failed(*done) ? done->items() : done->rejected();
    traces_sent_ += done->items() - lost;
    dropped_ += lost;
  }
}

bool LoadExport::failed(const Post& post) {
  if (post.failure().empty()) return false;
  next_traces_ = loop_.now() + pause_after_failure;
  if (++failed_ > 1) return true;
  first_failure_ = post.failure();
  warn_(fmt::format("--otlp: {}: {}", mcp::printable(options_.url), first_failure_));
  return true;
}

std::string LoadExport::summary() const {
  auto text = fmt::format("{}: {}, {}", mcp::printable(options_.url),
                          counted(metrics_sent_, "set of metrics", "sets of metrics"),
                          counted(traces_sent_, "trace", "traces"));
  if (const auto lost = dropped_ + untaken_; lost != 0) text += fmt::format(", {} dropped", lost);
  if (points_refused_ != 0) text += fmt::format(", {} data points refused", points_refused_);
  if (failed_ != 0)
    text += fmt::format("; {} failed: {}", counted(failed_, "export", "exports"), first_failure_);
  return text;
}

}  // namespace cli
