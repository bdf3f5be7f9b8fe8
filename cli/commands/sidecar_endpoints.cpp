#include "cli/commands/sidecar_endpoints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "mcp/base/text.hpp"

namespace cli {
namespace {

using mcp::HttpResponder;
using mcp::HttpServerRequest;
using probes::sidecar::Answer;
using probes::sidecar::DrainResult;
using probes::sidecar::Status;

constexpr auto plain = "text/plain; charset=utf-8";
constexpr auto json = "application/json";
constexpr auto exposition_format = "text/plain; version=0.0.4; charset=utf-8";
constexpr mcp::Duration moment = std::chrono::milliseconds(20);
constexpr mcp::Duration longest_wait = std::chrono::hours(24);
/// One hook and a few people ask for a drain; a flood of callers must not be remembered.
constexpr std::size_t most_drains = 100;

void respond(HttpResponder& responder, int status, std::string_view type, std::string_view body,
             mcp::HeaderList headers = {}) {
  headers.push_back({"Content-Type", std::string(type)});
  headers.push_back({"Cache-Control", "no-store"});
  responder.respond(status, headers, body);
}

/// The value of a name in "a=1&b"; empty where it stands alone.
std::optional<std::string_view> parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto part = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const auto equals = std::min(part.find('='), part.size());
    if (part.substr(0, equals) == name) return part.substr(std::min(equals + 1, part.size()));
  }
  return std::nullopt;
}

void respond(HttpResponder& responder, const HttpServerRequest& request, const Answer& answer,
             const Status& status) {
  const bool verbose = parameter(request.query, "verbose").has_value();
  respond(responder, answer.ok ? 200 : 503, plain,
          verbose ? render_answer(answer, status) : render_answer(answer));
}

}  // namespace

struct SidecarEndpoints::Endpoint {
  std::string_view path;
  std::string_view allow;
  std::string_view what;
  void (SidecarEndpoints::*answer)(const HttpServerRequest&, HttpResponder&);  // none: /drain
};

std::span<const SidecarEndpoints::Endpoint> SidecarEndpoints::endpoints() {
  static constexpr std::string_view read = "GET, HEAD";
  static constexpr std::array table{
      Endpoint{"/readyz", read, "whether the server should get requests", &SidecarEndpoints::ready},
      Endpoint{"/livez", read, "whether it answers at all", &SidecarEndpoints::live},
      Endpoint{"/startupz", read, "whether it was ready once", &SidecarEndpoints::started},
      Endpoint{"/status", read, "everything, as JSON", &SidecarEndpoints::status},
      Endpoint{"/metrics", read, "the same for Prometheus", &SidecarEndpoints::metrics},
      Endpoint{"/sessions", read, "how many sessions are active", &SidecarEndpoints::sessions},
      Endpoint{"/drain", "GET, POST", "no new sessions; ?wait=55s returns when the last one ends",
               nullptr},
  };
  return table;
}

void SidecarEndpoints::respond_not_found(HttpResponder& responder) {
  std::string text = "There is no such endpoint. These are:\n\n";
  for (const auto& each : endpoints()) text += fmt::format("{:<10} {}\n", each.path, each.what);
  respond(responder, 404, plain, text);
}

SidecarEndpoints::SidecarEndpoints(SidecarAccess access, mcp::Duration drain_timeout)
    : access_(std::move(access)), drain_timeout_(drain_timeout) {}

SidecarEndpoints::~SidecarEndpoints() {
  *alive_ = false;
}

void SidecarEndpoints::on_request(const HttpServerRequest& request,
                                  std::unique_ptr<HttpResponder> responder) {
  const auto endpoint = std::ranges::find(endpoints(), request.path, &Endpoint::path);
  if (endpoint == endpoints().end()) return respond_not_found(*responder);
  const auto method = request.method;
  const bool allowed =
      method == "GET" || (endpoint->answer == nullptr ? method == "POST" : method == "HEAD");
  if (!allowed) {
    return respond(*responder, 405, plain, fmt::format("Use {}.\n", endpoint->allow),
                   {{"Allow", std::string(endpoint->allow)}});
  }
  if (endpoint->answer == nullptr) return drain(request, std::move(responder));
  (this->*endpoint->answer)(request, *responder);
}

void SidecarEndpoints::ready(const HttpServerRequest& request, HttpResponder& responder) {
  const auto status = access_.status();
  respond(responder, request, status.ready, status);
}

void SidecarEndpoints::live(const HttpServerRequest& request, HttpResponder& responder) {
  const auto status = access_.status();
  respond(responder, request, status.live, status);
}

void SidecarEndpoints::started(const HttpServerRequest& request, HttpResponder& responder) {
  const auto status = access_.status();
  respond(responder, request, status.startup, status);
}

const std::string& SidecarEndpoints::recent(Document& document, Render render) {
  const auto now = access_.now();
  if (document.text.empty() || now - document.made >= moment) {
    document = {.made = now, .text = render(access_.status(), access_.process())};
  }
  return document.text;
}

void SidecarEndpoints::metrics(const HttpServerRequest& /*request*/, HttpResponder& responder) {
  respond(responder, 200, exposition_format, recent(metrics_, render_sidecar_metrics));
}

void SidecarEndpoints::status(const HttpServerRequest& /*request*/, HttpResponder& responder) {
  respond(responder, 200, json, recent(status_, render_sidecar_status));
}

// Where nothing is known a scaler must not take it for zero.
void SidecarEndpoints::sessions(const HttpServerRequest& /*request*/, HttpResponder& responder) {
  const auto count = access_.status().sessions;
  respond(responder, count.active ? 200 : 503, json, render_sessions(count));
}

void SidecarEndpoints::drain(const HttpServerRequest& request,
                             std::unique_ptr<HttpResponder> responder) {
  const auto now = access_.now();
  const auto wait = parameter(request.query, "wait");
  if (!wait) {
    if (!has_too_many_drains()) begin_drain(now + drain_timeout_, [](const DrainResult&) {});
    return respond(*responder, 202, json, render_drain({.last = access_.status().sessions}));
  }
  const auto time = mcp::parse_duration(*wait);
  if (!time || *time > longest_wait) {
    return respond(*responder, 400, plain,
                   fmt::format("wait: {}; write /drain?wait=55s\n",
                               time ? "at most 24h" : time.error().message));
  }
  if (has_too_many_drains()) {
    return respond(*responder, 503, plain,
                   "too many callers wait for the drain already; /sessions tells what is left\n");
  }
  drain_until(now + *time, std::move(responder));
}

bool SidecarEndpoints::has_too_many_drains() const {
  return *open_drains_ >= most_drains;
}

void SidecarEndpoints::begin_drain(mcp::TimePoint until, SidecarAccess::DrainDone done) {
  ++*open_drains_;
  access_.drain(until,
                [open = open_drains_, done = std::move(done)](const DrainResult& result) mutable {
                  --*open;
                  done(result);
                });
}

void SidecarEndpoints::drain_until(mcp::TimePoint until, std::unique_ptr<HttpResponder> responder) {
  const auto id = ++last_waiting_;
  // A caller that goes away ends its own wait; the drain goes on.
  responder->on_closed([this, id, alive = alive_] {
    if (*alive) waiting_.erase(id);
  });
  waiting_.emplace(id, std::move(responder));
  begin_drain(until, [this, id, alive = alive_](const DrainResult& result) {
    if (!*alive) return;
    const auto waiting = waiting_.extract(id);
    if (waiting) respond(*waiting.mapped(), 200, json, render_drain(result));
  });
}

}  // namespace cli
