#pragma once

#include <cstdint>
#include <string>

#include "cli/commands/load_export.hpp"

namespace cli {

/// One message to a collector.
class LoadExport::Post final : private mcp::HttpObserver {
 public:
  /// `items` are data points or spans.
  Post(mcp::Http& http, mcp::HttpRequest request, std::size_t items);

  bool is_over() const { return over_; }
  std::size_t items() const { return items_; }
  /// Why it failed; empty when it was taken, wholly or in part.
  const std::string& failure() const { return failure_; }
  /// Items that the collector says it did not take (partialSuccess).
  std::uint64_t rejected() const;

 private:
  void on_head(const mcp::HttpResponseHead& head) override { status_ = head.status; }
  void on_data(std::string_view bytes) override;
  void on_finished(mcp::Result<mcp::HttpTimings> outcome) override;

  std::size_t items_;
  bool over_ = false;
  int status_ = 0;
  std::string body_;
  std::string failure_;
  std::unique_ptr<mcp::HttpExchange> exchange_;  // last: its end finds the rest
};

}  // namespace cli
