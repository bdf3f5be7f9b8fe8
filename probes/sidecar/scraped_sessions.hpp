#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "mcp/io/http.hpp"
#include "mcp/io/loop.hpp"
#include "probes/sidecar/metric_sum.hpp"
#include "probes/sidecar/session_count.hpp"

namespace probes::sidecar {

struct ScrapeOptions {
  std::string url;
  MetricSelector metric;
  mcp::Duration interval = std::chrono::seconds(10);
  mcp::Duration timeout = std::chrono::seconds(5);
  std::size_t max_body_bytes = 16UL * 1024 * 1024;
};

/// The sessions as the server's own metrics tell them: asked every interval, one request at a time.
/// A number that is older than three intervals is none.
class ScrapedSessions final : public SessionCounter, private mcp::HttpObserver {
 public:
  ScrapedSessions(mcp::Loop& loop, mcp::Http& http, ScrapeOptions options);

  void start();
  SessionCount count(mcp::TimePoint now) const override;

 private:
  void scrape();
  void on_head(const mcp::HttpResponseHead& head) override;
  void on_data(std::string_view bytes) override;
  void on_finished(mcp::Result<mcp::HttpTimings> outcome) override;
  std::string judge(const mcp::Result<mcp::HttpTimings>& outcome);

  mcp::Loop& loop_;
  mcp::Http& http_;
  ScrapeOptions options_;
  std::unique_ptr<mcp::HttpExchange> exchange_;
  std::unique_ptr<mcp::Handle> timer_;
  int status_ = 0;
  std::optional<MetricSum> sum_;
  std::optional<std::size_t> active_;
  std::optional<mcp::TimePoint> taken_;
  std::string problem_ = "the metrics were not read yet";
};

}  // namespace probes::sidecar
