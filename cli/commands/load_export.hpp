#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/render/load/otlp.hpp"
#include "mcp/io/http.hpp"
#include "mcp/io/loop.hpp"
#include "scenarios/driver.hpp"
#include "scenarios/results.hpp"

namespace cli {

/// Where figures go while a run goes on: `--otlp`, and what OpenTelemetry reads from the
/// environment (OTEL_EXPORTER_OTLP_HEADERS, OTEL_METRIC_EXPORT_INTERVAL).
struct ExportOptions {
  std::string url;  // without /v1/metrics
  mcp::HeaderList headers;
  mcp::Duration every = std::chrono::seconds(10);
};
/// Errors are of kind usage.
mcp::Result<ExportOptions> read_export_options(const std::string& url, const World& world);

/// `facts` are the results without a recording.
OtlpContext export_context(const scenarios::Results& facts, std::vector<scenarios::Step> steps,
                           mcp::TimePoint start);

/// Sends metrics and traced requests to a collector, on the loop of whoever waits for the threads:
/// nothing that a request waits for. Of each kind one message is under way; traces wait in a queue
/// with a bound, and what does not fit, or is not taken, is counted. It never fails a run.
class LoadExport {
 public:
  using Warn = std::function<void(std::string_view)>;

  /// `warn` is called once, at the first failure.
  LoadExport(mcp::Loop& loop, std::unique_ptr<mcp::Http> http, ExportOptions options,
             OtlpContext context, Warn warn);
  ~LoadExport();

  /// Now and then, while the driver drives, and once when it has finished.
  void tick(scenarios::Driver& driver);
  /// At the end: everything, within a few seconds.
  void finish(const scenarios::Results& results);
  /// What was sent and what was not, in one line.
  std::string summary() const;

 private:
  class Post;

  void take_traces(scenarios::Driver& driver);
  void send_metrics(const std::vector<LoadMetric>& metrics);
  void send_traces();
  void settle();
  bool failed(const Post& post);
  std::unique_ptr<Post> post(std::string_view path, std::string body, std::size_t items);
  OtlpContext::Wall now() const;

  mcp::Loop& loop_;
  ExportOptions options_;
  OtlpContext context_;
  Warn warn_;
  mcp::TimePoint next_metrics_;
  mcp::TimePoint next_traces_;
  mcp::TimePoint give_up_ = mcp::TimePoint::max();
  std::deque<scenarios::TracedRequest> waiting_;
  std::uint64_t untaken_ = 0;  // by the driver
  std::uint64_t dropped_ = 0;  // here: no room, not sent, not taken
  std::uint64_t points_refused_ = 0;
  std::uint64_t traces_sent_ = 0;
  std::uint64_t metrics_sent_ = 0;
  std::uint64_t failed_ = 0;
  std::string first_failure_;
  std::unique_ptr<mcp::Http> http_;
  // Last: they use the client.
  std::unique_ptr<Post> metrics_;
  std::unique_ptr<Post> traces_;
};

}  // namespace cli
