#include "cli/commands/sidecar_options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <utility>

#include "cli/conversation.hpp"
#include "cli/options.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

using probes::sidecar::DrainReadiness;

std::unexpected<mcp::Error> refuse(std::string message, std::string hint = {}) {
  return mcp::fail(mcp::ErrorKind::usage, std::move(message), std::move(hint));
}

mcp::Result<mcp::Duration> read_duration(std::string_view option, const std::string& text) {
  auto time = mcp::parse_duration(text);
  if (!time) return refuse(fmt::format("{}: {}", option, time.error().message), time.error().hint);
  return time;
}

mcp::Result<mcp::Duration> read_positive(std::string_view option, const std::string& text) {
  auto time = read_duration(option, text);
  if (time && *time <= mcp::Duration::zero()) {
    return refuse(fmt::format("{}: must be more than zero", option));
  }
  return time;
}

/// "10%" or "0.1".
mcp::Result<double> read_jitter(std::string_view text) {
  const auto complaint = refuse("--jitter: " + mcp::quoted(text) + " is not a share below 100%",
                                "for example --jitter 10%");
  const bool percent = text.ends_with('%');
  const auto number = mcp::trim(text.substr(0, text.size() - (percent ? 1 : 0)));
  double share = 0;
  const auto* const begin = number.data();
  const auto* const end = begin + number.size();
  const auto [stop, error] = std::from_chars(begin, end, share);
  if (error != std::errc() || stop != end) return complaint;
  if (percent) share /= 100;
  if (!(share >= 0 && share < 1)) return complaint;
  return share;
}

mcp::Result<void> check_counts(const SidecarFlags& flags) {
  for (const auto& [option, count] : {std::pair{"--handshake-every", flags.handshake_every},
                                      {"--failure-threshold", flags.failure_threshold},
                                      {"--success-threshold", flags.success_threshold},
                                      {"--liveness-threshold", flags.liveness_threshold},
                                      {"--stale-after", flags.stale_after}}) {
    if (count < 1) return refuse(fmt::format("{}: must be at least 1", option));
  }
  return {};
}

mcp::Result<void> check_choice(std::string_view option, const std::string& value,
                               std::string_view first, std::string_view second) {
  if (value == first || value == second) return {};
  return refuse(fmt::format("{}: {} is none of its values", option, mcp::quoted(value)),
                fmt::format("choose {} or {}", first, second));
}

mcp::Result<void> read_times(const SidecarFlags& flags, const Target& target, SidecarPlan& plan) {
  auto& options = plan.options;
  const auto interval = read_positive("--interval", flags.interval);
  if (!interval) return std::unexpected(interval.error());
  const auto jitter = read_jitter(flags.jitter);
  if (!jitter) return std::unexpected(jitter.error());
  const auto grace = read_duration("--startup-grace", flags.startup_grace);
  if (!grace) return std::unexpected(grace.error());
  const auto drain = read_duration("--drain-timeout", flags.drain_timeout);
  if (!drain) return std::unexpected(drain.error());
  const auto least = read_duration("--drain-least", flags.drain_least);
  if (!least) return std::unexpected(least.error());
  options.interval = *interval;
  options.jitter = *jitter;
  options.timeout = target.timeout;
  options.thresholds = {.failure = flags.failure_threshold,
                        .success = flags.success_threshold,
                        .liveness = flags.liveness_threshold,
                        .startup_grace = *grace,
                        .stale_after = flags.stale_after * *interval + target.timeout};
  options.drain_least = *least;
  plan.drain_timeout = *drain;
  return {};
}

mcp::Result<void> read_verdicts(const SidecarFlags& flags, SidecarPlan& plan) {
  auto& options = plan.options;
  for (const std::string& requirement : flags.ready_requires) {
    if (requirement != "stable-surface") {
      return refuse("--ready-requires: " + mcp::quoted(requirement) + " is none of its values",
                    "choose stable-surface");
    }
    options.require_stable_surface = true;
  }
  if (auto ok = check_choice("--drain-readyz", flags.drain_readyz, "ok", "fail"); !ok) return ok;
  if (auto ok = check_choice("--log-format", flags.log_format, "text", "json"); !ok) return ok;
  options.while_draining = flags.drain_readyz == "ok" ? DrainReadiness::ok : DrainReadiness::fail;
  options.protected_passes = flags.allow_protected;
  options.handshake_every = flags.handshake_every;
  plan.log_json = flags.log_format == "json";
  return {};
}

mcp::Result<void> read_proxy(const SidecarFlags& flags, SidecarPlan& plan) {
  if (flags.proxy.empty()) return {};
  const auto& endpoint = plan.options.endpoint;
  if (!endpoint.url || endpoint.url->is_https() || !endpoint.http.unix_socket.empty()) {
    return refuse("--proxy: needs a target with an http:// URL",
                  "the server beside a sidecar is reached without TLS, as http://127.0.0.1:8080");
  }
  auto proxy = read_listen_address("--proxy", flags.proxy);
  if (!proxy) return std::unexpected(proxy.error());
  plan.sessions.proxy = std::move(*proxy);
  return {};
}

mcp::Result<void> read_scrape(const SidecarFlags& flags, SidecarPlan& plan) {
  if (flags.scrape.empty() != flags.scrape_metric.empty()) {
    return refuse("--scrape and --scrape-metric belong together");
  }
  if (flags.scrape.empty()) return {};
  const auto url = mcp::parse_url(flags.scrape);
  if (!url) return refuse("--scrape: " + url.error().message, url.error().hint);
  auto metric = probes::sidecar::parse_metric_selector(flags.scrape_metric);
  if (!metric) return refuse("--scrape-metric: " + metric.error().message, metric.error().hint);
  plan.sessions.scrape_url = url->to_string();
  plan.sessions.scrape_metric = std::move(*metric);
  return {};
}

mcp::Result<void> read_sessions(const SidecarFlags& flags, SidecarPlan& plan) {
  const auto idle = read_positive("--session-idle", flags.session_idle);
  if (!idle) return std::unexpected(idle.error());
  plan.sessions.idle = *idle;
  plan.sessions.interval = std::min(plan.sessions.interval, plan.options.interval);
  if (auto ok = read_proxy(flags, plan); !ok) return ok;
  return read_scrape(flags, plan);
}

CLI::Option* add(CLI::App& app, const char* name, auto& value, const char* type,
                 const char* description) {
  return app.add_option(name, value, description)->type_name(type);
}

void add_probing_options(CLI::App& app, SidecarFlags& flags) {
  add(app, "--listen", flags.listen, "ADDRESS:PORT",
      "Answer here; without it 0.0.0.0:9808; :9808 is IPv6 as well");
  add(app, "--interval", flags.interval, "DURATION", "From probe to probe; without it 10s");
  add(app, "--jitter", flags.jitter, "SHARE", "Of the interval, to either side; without it 10%");
  add(app, "--handshake-every", flags.handshake_every, "N",
      "Make every Nth probe a full handshake with tools/list; without it 10");
  add(app, "--failure-threshold", flags.failure_threshold, "N",
      "Failures in a row that fail /readyz; without it 3");
  add(app, "--success-threshold", flags.success_threshold, "N",
      "Successes in a row that pass it again; without it 1");
  add(app, "--liveness-threshold", flags.liveness_threshold, "N",
      "Probes in a row without any answer that fail /livez; without it 6");
  add(app, "--startup-grace", flags.startup_grace, "DURATION",
      "No failure of /livez before; without it 1m");
  add(app, "--stale-after", flags.stale_after, "N",
      "Intervals after which a verdict is none; without it 3");
  add_repeatable(app, "--ready-requires", flags.ready_requires,
                 "stable-surface: /readyz fails when the tools change")
      ->type_name("WHAT");
  app.add_flag("--allow-protected", flags.allow_protected,
               "Pass when the server asks for a token and none was given");
}

void add_serving_options(CLI::App& app, SidecarFlags& flags) {
  add(app, "--drain-readyz", flags.drain_readyz, "ANSWER",
      "What /readyz says while draining: ok (without it) or fail");
  add(app, "--drain-timeout", flags.drain_timeout, "DURATION",
      "Longest drain at SIGTERM, and of /drain without wait; without it 25s");
  add(app, "--drain-least", flags.drain_least, "DURATION",
      "Shortest drain, even without sessions: load balancers learn late; without it 0s");
  add(app, "--proxy", flags.proxy, "ADDRESS:PORT",
      "Pass requests on to the server from here, and count its sessions");
  add(app, "--session-idle", flags.session_idle, "DURATION",
      "How long a session without a request is active; without it 5m");
  add(app, "--scrape", flags.scrape, "URL", "Page with the server's own metrics (Prometheus)");
  add(app, "--scrape-metric", flags.scrape_metric, "NAME",
      "Its number of sessions: mcp_sessions, or mcp_sessions{state=\"open\"}");
  add(app, "--log-format", flags.log_format, "FORMAT", "Of changes on stderr: text or json");
}

}  // namespace

void add_sidecar_options(CLI::App& app, SidecarFlags& flags) {
  add_target_options(app, flags.target, "5s");
  app.get_option("--timeout")->description("Time for one probe; without it 5s");
  // A sidecar is a proxy itself, so the one on its own way has another name here.
  app.remove_option(app.get_option("--proxy"));
  flags.target.proxy_option = "forward-proxy";
  add(app, "-x,--forward-proxy", flags.target.proxy, "URL",
      "Proxy on the way to the server; without it that of the environment")
      ->group("Connection");
  add_probing_options(app, flags);
  add_serving_options(app, flags);
}

mcp::Result<SidecarPlan> sidecar_plan_of(const SidecarFlags& flags, Invocation& invocation) {
  SidecarPlan plan;
  auto listen = read_listen_address("--listen", flags.listen);
  if (!listen) return std::unexpected(listen.error());
  plan.listen = std::move(*listen);
  if (auto ok = check_counts(flags); !ok) return std::unexpected(ok.error());
  auto target = find_target(invocation, flags.target);
  if (!target) return std::unexpected(target.error());
  if (auto ok = expect_no_more_words(invocation); !ok) return std::unexpected(ok.error());
  if (auto ok = read_times(flags, *target, plan); !ok) return std::unexpected(ok.error());
  if (auto ok = read_verdicts(flags, plan); !ok) return std::unexpected(ok.error());
  plan.options.endpoint = target->endpoint;
  plan.options.client = target->client;
  if (auto ok = read_sessions(flags, plan); !ok) return std::unexpected(ok.error());
  plan.target = std::move(*target);
  return plan;
}

}  // namespace cli
