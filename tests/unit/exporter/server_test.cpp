#include "cli/commands/exporter_server.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/known_eras.hpp"
#include "tests/fakes/fake_responder.hpp"

namespace {

using namespace std::chrono_literals;
using Answer = std::shared_ptr<mcp::FakeAnswer>;

/// A server that takes requests and answers none, so that a probe of it lasts.
class SilentServer final : public mcp::HttpHandler {
 public:
  explicit SilentServer(mcp::Loop& loop) : server_(*mcp::make_http_server(loop, {}, *this)) {}
  void on_request(const mcp::HttpServerRequest&,
                  std::unique_ptr<mcp::HttpResponder> responder) override {
    held_.push_back(std::move(responder));
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()) + "/mcp"; }
  std::size_t requests() const { return held_.size(); }

 private:
  std::vector<std::unique_ptr<mcp::HttpResponder>> held_;
  std::unique_ptr<mcp::HttpServer> server_;
};

/// An exporter without its port, on a real loop with real threads.
class Bench {
 public:
  explicit Bench(cli::ExporterLimits limits = {})
      : exporter_(*loop_, setup_of({silent_.url(), "127.0.0.1:1"}), limits,
                  [this]() -> mcp::Result<cli::ExporterServer::Setup> {
                    if (new_targets_.empty()) return mcp::fail(mcp::ErrorKind::usage, "f:1:1: bad");
                    return setup_of(new_targets_);
                  }) {}

  Answer ask(const std::string& path, const std::string& query = {},
             std::vector<mcp::HeaderView> headers = {}, std::string_view method = "GET") {
    auto answer = std::make_shared<mcp::FakeAnswer>();
    auto request = mcp::fake_request(method, path, std::move(headers));
    request.query = query;
    exporter_.on_request(request, std::make_unique<mcp::FakeResponder>(answer));
    return answer;
  }
  Answer probe(const std::string& module = "mcp", const char* scrape_timeout = "60") {
    return ask("/probe", "module=" + module + "&target=" + silent_.url(),
               {{"X-Prometheus-Scrape-Timeout-Seconds", scrape_timeout}});
  }
  void wait(const std::function<bool()>& condition) {
    const auto latest = loop_->now() + 30s;
    while (!condition()) {
      REQUIRE_MESSAGE(loop_->now() < latest, "waited for 30 s");
      loop_->turn(loop_->now() + 100ms);
    }
  }
  std::string metric(const std::string& name) {
    const auto text = ask("/metrics")->body;
    const auto at = text.find("\n" + name + " ");
    if (at == std::string::npos) return "none";
    const auto begin = at + name.size() + 2;
    return text.substr(begin, text.find('\n', begin) - begin);
  }

  cli::ExporterServer& exporter() { return exporter_; }
  const SilentServer& silent() const { return silent_; }
  void set_new_targets(std::vector<std::string> targets) { new_targets_ = std::move(targets); }

 private:
  static cli::ExporterServer::Setup setup_of(const std::vector<std::string>& targets) {
    auto setup = std::make_shared<cli::ExporterSetup>();
    setup->config = cli::default_exporter_config();
    for (const auto& text : targets)
      setup->config.targets.rules.push_back(*cli::TargetRule::parse(text));
    for (const auto& [name, module] : setup->config.modules) {
      cli::Target target;
      target.endpoint.http.no_proxy = true;
      setup->prototypes.emplace(name, target);
    }
    return setup;
  }

  std::unique_ptr<mcp::Loop> loop_ = mcp::make_loop();
  SilentServer silent_{*loop_};
  std::vector<std::string> new_targets_;
  cli::ExporterServer exporter_;
};

TEST_CASE("exporter: a probe of what does not listen is a failure, not an error") {
  Bench bench;
  const auto answer = bench.ask("/probe", "target=http://127.0.0.1:1/mcp");
  bench.wait([&] { return answer->finished; });
  CHECK(answer->status == 200);
  CHECK(*answer->find("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(answer->body.find("\nprobe_success 0\n") != std::string::npos);
  CHECK(answer->body.find("\nprobe_mcp_verdict{verdict=\"unreachable\"} 1\n") != std::string::npos);
  CHECK(answer->body.find("target=") == std::string::npos);
  CHECK(bench.metric("mcpctl_exporter_probes_total{module=\"mcp\",result=\"failure\"}") == "1");
}

TEST_CASE("exporter: requests for the same probe share one, if it ends in time for them") {
  Bench bench;
  const auto first = bench.probe("mcp", "1.5");
  const auto second = bench.probe("mcp", "60");
  CHECK(bench.metric("mcpctl_exporter_probes_running") == "1");
  CHECK(bench.metric("mcpctl_exporter_probes_shared_total") == "1");
  const auto sooner = bench.probe("mcp", "0.6");
  const auto other = bench.probe("mcp_handshake", "1.5");
  CHECK(bench.metric("mcpctl_exporter_probes_running") == "3");
  bench.wait(
      [&] { return first->finished && second->finished && sooner->finished && other->finished; });
  CHECK(first->body == second->body);
  CHECK(first->body != sooner->body);
  CHECK(first->body.find("\nprobe_timeout_seconds 1\n") != std::string::npos);
  CHECK(first->body.find("verdict=\"unresponsive\"") != std::string::npos);
}

TEST_CASE("exporter: beyond as many probes as may run at a time it is too busy") {
  Bench bench({.max_concurrent = 1});
  const auto running = bench.probe("mcp");
  const auto refused = bench.probe("mcp_handshake");
  CHECK(refused->status == 503);
  CHECK(refused->body == "Too busy: as many probes run as may run at a time.\n");
  CHECK(*refused->find("Retry-After") == "1");
  CHECK(bench.metric("mcpctl_exporter_refusals_total{reason=\"busy\"}") == "1");
  running->disconnect();
  bench.wait([&] { return bench.exporter().is_idle(); });
  const auto next = bench.probe("mcp_handshake");
  CHECK(next->status == 0);
}

TEST_CASE("exporter: beyond the rate a probe is refused, and a shared one is not") {
  Bench bench({.max_rate = 0.001});
  const auto first = bench.probe("mcp");
  const auto shared = bench.probe("mcp");
  const auto refused = bench.probe("mcp_handshake");
  CHECK(first->status == 0);
  CHECK(shared->status == 0);
  CHECK(refused->status == 429);
}

TEST_CASE("exporter: a client that goes away ends its probe, unless another waits for it too") {
  Bench bench;
  const auto first = bench.probe();
  const auto second = bench.probe();
  bench.wait([&] { return bench.silent().requests() > 0; });
  first->disconnect();
  CHECK(bench.metric("mcpctl_exporter_probes_running") == "1");
  second->disconnect();
  bench.wait([&] { return bench.exporter().is_idle(); });
  CHECK(bench.metric("mcpctl_exporter_probes_total{module=\"mcp\",result=\"interrupted\"}") == "1");
}

TEST_CASE("exporter: nobody joins a probe that is being ended") {
  Bench bench;
  const auto first = bench.probe();
  first->disconnect();
  const auto second = bench.probe();
  CHECK(bench.metric("mcpctl_exporter_probes_shared_total") == "0");
  bench.wait([&] {
    return bench.metric("mcpctl_exporter_probes_running") == "1" && bench.silent().requests() > 0;
  });
  CHECK(second->status == 0);
}

TEST_CASE("exporter: when it stops, probes end and their clients are told") {
  Bench bench;
  const auto waiting = bench.probe();
  bench.wait([&] { return bench.silent().requests() > 0; });
  bench.exporter().stop();
  bench.wait([&] { return bench.exporter().is_idle(); });
  CHECK(waiting->status == 503);
  CHECK(waiting->body == "The exporter is ending.\n");
  CHECK(bench.probe()->status == 503);
}

TEST_CASE("exporter: a bad new configuration keeps the old one and says so") {
  Bench bench;
  const auto refused = bench.ask("/-/reload", "", {}, "POST");
  CHECK(refused->status == 500);
  CHECK(refused->body == "The old configuration stays in use: f:1:1: bad\n");
  CHECK(bench.metric("mcpctl_exporter_config_last_reload_successful") == "0");
  CHECK(bench.probe()->status == 0);
}

TEST_CASE("exporter: a new configuration holds for new requests, and not for those that run") {
  Bench bench;
  const auto running = bench.ask("/probe", "target=" + bench.silent().url(),
                                 {{"X-Prometheus-Scrape-Timeout-Seconds", "1"}});
  bench.set_new_targets({"other.test"});
  CHECK(bench.ask("/-/reload", "", {}, "POST")->status == 200);
  CHECK(bench.probe()->status == 403);
  bench.wait([&] { return running->finished; });
  CHECK(running->status == 200);
}

TEST_CASE("exporter: other paths and methods are told what there is") {
  Bench bench;
  CHECK(bench.ask("/-/healthy")->body == "ok\n");
  CHECK(bench.ask("/probes")->status == 404);
  CHECK(bench.ask("/probes")->body.find("  /probe\n") != std::string::npos);
  const auto get = bench.ask("/-/reload");
  CHECK(get->status == 405);
  CHECK(*get->find("Allow") == "POST, PUT");
  CHECK(bench.ask("/probe", "", {}, "POST")->status == 405);
  CHECK(bench.ask("/logs", "id=1")->status == 404);
  CHECK(bench.ask("/config")->body.find("mcp_handshake") != std::string::npos);
}

}  // namespace
