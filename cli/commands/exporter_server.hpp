#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "cli/commands/exporter_request.hpp"
#include "cli/commands/exporter_setup.hpp"
#include "cli/commands/exporter_stats.hpp"
#include "cli/commands/exporter_workers.hpp"
#include "cli/known_eras.hpp"
#include "mcp/io/http_server.hpp"
#include "mcp/io/loop.hpp"

namespace cli {

struct ExporterLimits {
  std::size_t max_concurrent = 16;
  double max_rate = 100;  // probes a second; 0: no limit
  mcp::Duration timeout_offset = std::chrono::milliseconds(500);
  AllowAny allow_any = AllowAny::no;
};

/// Answers the exporter's requests on one loop and never waits in it: probes run in ProbeWorkers.
/// Requests for the same probe share one that runs, if it ends in time for them; a probe that
/// nobody waits for any more is ended.
class ExporterServer final : public mcp::HttpHandler {
 public:
  using Setup = std::shared_ptr<const ExporterSetup>;
  using Reload = std::function<mcp::Result<Setup>()>;

  ExporterServer(mcp::Loop& loop, Setup setup, ExporterLimits limits, Reload reload);

  void on_request(const mcp::HttpServerRequest& request,
                  std::unique_ptr<mcp::HttpResponder> responder) override;

  /// Reads the configuration again; what is wrong with it leaves the old one in use.
  mcp::Result<void> reload();
  /// Ends all probes and refuses new ones.
  void stop();
  bool is_idle() const { return running_.empty(); }

 private:
  struct Waiter {
    std::unique_ptr<mcp::HttpResponder> responder;
    bool debug = false;
  };
  struct Running {
    Setup setup;  // keeps `module`
    const ExporterModule* module = nullptr;
    mcp::Url url;
    Target target;
    probes::ProbeOptions options;
    mcp::TimePoint deadline;
    bool abandoned = false;
    std::map<std::uint64_t, Waiter> waiters;
  };
  using Responder = std::unique_ptr<mcp::HttpResponder>;

  void answer_probe(const mcp::HttpServerRequest& request, Responder responder);
  void answer_reload(const mcp::HttpServerRequest& request, mcp::HttpResponder& responder);
  void answer_log(const mcp::HttpServerRequest& request, mcp::HttpResponder& responder);
  void answer_metrics(mcp::HttpResponder& responder);
  void refuse(const Refusal& refusal, mcp::HttpResponder& responder);

  /// The id of a probe that runs and ends before `deadline`; 0: there is none.
  std::uint64_t find_running(const AdmittedProbe& wanted, mcp::TimePoint deadline) const;
  std::expected<std::uint64_t, Refusal> start(const AdmittedProbe& wanted, mcp::Duration timeout);
  void add_waiter(std::uint64_t id, Waiter waiter);
  void remove_waiter(std::uint64_t id, std::uint64_t waiter);
  void finish(std::uint64_t id, const probes::ProbeReport& report);

  mcp::Loop& loop_;
  Setup setup_;
  ExporterLimits limits_;
  Reload reload_;
  RateLimit rate_;
  ExporterStats stats_;
  ProbeHistory history_;
  KnownEras eras_;
  std::map<std::uint64_t, Running> running_;
  std::uint64_t last_id_ = 0;
  bool stopping_ = false;
  ProbeWorkers workers_;
};

}  // namespace cli
