#include "cli/commands/exporter_server.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <system_error>
#include <utility>

#include "cli/commands/probe_document.hpp"
#include "cli/commands/probe_fleet.hpp"
#include "cli/render/exporter_config.hpp"
#include "cli/render/exporter_page.hpp"
#include "cli/render/exposition.hpp"
#include "cli/version.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

constexpr auto plain_type = "text/plain; charset=utf-8";
constexpr std::array paths = {"/",          "/probe",    "/metrics", "/config",
                              "/-/healthy", "/-/reload", "/logs"};

void respond(mcp::HttpResponder& responder, int status, std::string_view body,
             const std::string& type = plain_type, mcp::HeaderList more = {}) {
  more.push_back({"Content-Type", type});
  more.push_back({"Cache-Control", "no-store"});
  more.push_back({"X-Content-Type-Options", "nosniff"});
  responder.respond(status, more, body);
}

void respond_page(mcp::HttpResponder& responder, std::string_view page) {
  respond(responder, 200, page, "text/html; charset=utf-8",
          {{"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"}});
}

void respond_not_found(mcp::HttpResponder& responder) {
  std::string text = "There is nothing here. Try one of:\n";
  for (const auto* path : paths) text += fmt::format("  {}\n", path);
  respond(responder, 404, text);
}

std::int64_t unix_seconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

std::string_view result_word(const probes::ProbeReport& report, bool success) {
  if (report.verdict == probes::Verdict::interrupted) return "interrupted";
  return success ? "success" : "failure";
}

}  // namespace

ExporterServer::ExporterServer(mcp::Loop& loop, Setup setup, ExporterLimits limits, Reload reload)
    : loop_(loop),
      setup_(std::move(setup)),
      limits_(limits),
      reload_(std::move(reload)),
      rate_(limits.max_rate),
      workers_(loop, [this](std::uint64_t id, const probes::ProbeReport& report) {
        finish(id, report);
      }) {
  stats_.count_reload(true, static_cast<double>(unix_seconds()));
}

void ExporterServer::on_request(const mcp::HttpServerRequest& request,
                                std::unique_ptr<mcp::HttpResponder> responder) {
  if (std::ranges::find(paths, request.path) == paths.end()) return respond_not_found(*responder);
  const bool reloads = request.path == "/-/reload";
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (reloads ? request.method != "POST" && request.method != "PUT" : !reads)
    return respond(*responder, 405, fmt::format("Send a {} request.\n", reloads ? "POST" : "GET"),
                   plain_type, {{"Allow", reloads ? "POST, PUT" : "GET, HEAD"}});
  if (reloads) return answer_reload(request, *responder);
  if (request.path == "/probe") return answer_probe(request, std::move(responder));
  if (request.path == "/metrics") return answer_metrics(*responder);
  if (request.path == "/logs") return answer_log(request, *responder);
  if (request.path == "/config")
    return respond(*responder, 200, exporter_config_text(setup_->config));
  if (request.path == "/-/healthy") return respond(*responder, 200, "ok\n");
  respond_page(*responder, exporter_page(version(), history_.newest_first()));
}

void ExporterServer::answer_reload(const mcp::HttpServerRequest&, mcp::HttpResponder& responder) {
  const auto done = reload();
  if (done) return respond(responder, 200, "The configuration was read.\n");
  respond(responder, 500,
          fmt::format("The old configuration stays in use: {}\n", done.error().message));
}

void ExporterServer::answer_log(const mcp::HttpServerRequest& request,
                                mcp::HttpResponder& responder) {
  const auto text = query_parameter(request.query, "id").value_or("");
  std::uint64_t id = 0;
  std::from_chars(text.data(), text.data() + text.size(), id);
  const auto* probe = history_.find(id);
  if (probe == nullptr) return respond(responder, 404, "The log of that probe is not there.\n");
  respond(responder, 200, probe->log);
}

void ExporterServer::answer_metrics(mcp::HttpResponder& responder) {
  auto metrics = stats_.metrics(running_.size(), limits_.max_concurrent);
  std::ranges::move(process_metrics(), std::back_inserter(metrics));
  respond(responder, 200, exposition(metrics), exposition_type);
}

void ExporterServer::refuse(const Refusal& refusal, mcp::HttpResponder& responder) {
  stats_.count_refusal(refusal.reason);
  mcp::HeaderList more;
  if (refusal.status == 429 || refusal.status == 503) more.push_back({"Retry-After", "1"});
  respond(responder, refusal.status, refusal.text + '\n', plain_type, std::move(more));
}

void ExporterServer::answer_probe(const mcp::HttpServerRequest& request, Responder responder) {
  const auto query = parse_probe_query(request.query);
  const auto wanted = admit(query, setup_->config, limits_.allow_any);
  if (!wanted) return refuse(wanted.error(), *responder);
  const auto scrape = request.find("X-Prometheus-Scrape-Timeout-Seconds").value_or("");
  const auto timeout = probe_timeout(scrape, wanted->module->timeout, limits_.timeout_offset);
  if (!timeout) return refuse(timeout.error(), *responder);
  auto id = find_running(*wanted, loop_.now() + *timeout);
  if (id != 0) {
    stats_.count_shared();
  } else {
    const auto started = start(*wanted, *timeout);
    if (!started) return refuse(started.error(), *responder);
    id = *started;
  }
  add_waiter(id, {.responder = std::move(responder), .debug = query.debug});
}

std::uint64_t ExporterServer::find_running(const AdmittedProbe& wanted,
                                           mcp::TimePoint deadline) const {
  for (const auto& [id, each] : running_) {
    const bool is_same = each.module == wanted.module && mcp::same_origin(each.url, wanted.url) &&
                         each.url.target == wanted.url.target;
    if (is_same && !each.abandoned && each.deadline <= deadline) return id;
  }
  return 0;
}

std::expected<std::uint64_t, Refusal> ExporterServer::start(const AdmittedProbe& wanted,
                                                            mcp::Duration timeout) {
  const auto refused = [](int status, std::string_view reason, const char* text) {
    return std::unexpected(Refusal{.status = status, .reason = reason, .text = text});
  };
  if (stopping_) return refused(503, "ending", "The exporter is ending.");
  if (running_.size() >= limits_.max_concurrent)
    return refused(503, "busy", "Too busy: as many probes run as may run at a time.");
  if (!rate_.take(loop_.now()))
    return refused(429, "rate", "Too many probes were asked for in this second.");
  Running running{.setup = setup_,
                  .module = wanted.module,
                  .url = wanted.url,
                  .target = setup_->prototypes.find(wanted.module->name)->second,
                  .options = wanted.module->options,
                  .deadline = loop_.now() + timeout};
  auto& target = running.target;
  target.endpoint.url = wanted.url;
  target.endpoint.name = wanted.name;
  eras_.prepare(target);
  running.options.timeout = timeout;
  running.options.today = std::chrono::system_clock::now();
  running.options.credential_given = has_credential(target.endpoint);
  const auto id = ++last_id_;
  try {
    workers_.start(id, {.name = wanted.name, .target = target, .options = running.options});
  } catch (const std::system_error&) {
    return refused(503, "busy", "Too busy: there is no thread or descriptor for one more probe.");
  }
  running_.emplace(id, std::move(running));
  return id;
}

void ExporterServer::add_waiter(std::uint64_t id, Waiter waiter) {
  const auto number = ++last_id_;
  waiter.responder->on_closed([this, id, number] { remove_waiter(id, number); });
  running_.at(id).waiters.emplace(number, std::move(waiter));
}

void ExporterServer::remove_waiter(std::uint64_t id, std::uint64_t waiter) {
  const auto found = running_.find(id);
  if (found == running_.end()) return;
  found->second.waiters.erase(waiter);
  if (!found->second.waiters.empty()) return;
  found->second.abandoned = true;
  workers_.cancel(id);
}

void ExporterServer::finish(std::uint64_t id, const probes::ProbeReport& report) {
  auto node = running_.extract(id);
  const auto& running = node.mapped();
  eras_.learn(running.target, report.seen);
  const auto document = document_of(report, running.options, ExitStyle::plain);
  const bool success = document.level == Level::ok || document.level == Level::warning;
  const auto result = result_word(report, success);
  stats_.count_probe(running.module->name, result, report);
  const auto log = probe_log(document, exporter_module_text(*running.module));
  for (const auto& [number, waiter] : running.waiters) {
    auto& responder = *waiter.responder;
    if (result == "interrupted") {
      refuse({.status = 503, .reason = "ending", .text = "The exporter is ending."}, responder);
    } else if (waiter.debug) {
      respond(responder, 200, log);
    } else {
      respond(responder, 200, exposition(document.metrics), exposition_type);
    }
  }
  history_.add({.time = fmt::format("{:%Y-%m-%d %H:%M:%SZ}",
                                    fmt::gmtime(std::chrono::system_clock::to_time_t(
                                        std::chrono::system_clock::now()))),
                .module = running.module->name,
                .target = document.subject,
                .verdict = document.verdict,
                .duration = mcp::format_duration(report.total),
                .success = success,
                .log = log});
}

mcp::Result<void> ExporterServer::reload() {
  auto setup = reload_();
  stats_.count_reload(setup.has_value(), static_cast<double>(unix_seconds()));
  if (!setup) return std::unexpected(setup.error());
  setup_ = std::move(*setup);
  return {};
}

void ExporterServer::stop() {
  stopping_ = true;
  workers_.cancel_all();
}

}  // namespace cli
