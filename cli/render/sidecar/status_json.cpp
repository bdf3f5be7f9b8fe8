#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <ranges>

#include "cli/json_output.hpp"
#include "cli/render/sidecar/sidecar.hpp"
#include "cli/utc_time.hpp"
#include "cli/version.hpp"

namespace cli {
namespace {

// Members keep the order in which they are written here.
using OrderedJson = nlohmann::ordered_json;
using probes::sidecar::Answer;
using probes::sidecar::DrainResult;
using probes::sidecar::SessionCount;
using probes::sidecar::Status;

constexpr int schema_version = 1;
constexpr std::size_t longest_name = 200;

std::string text_of(const OrderedJson& json, int indent) {
  return visible_json(json.dump(indent, ' ', false, OrderedJson::error_handler_t::replace)) + '\n';
}

OrderedJson text_or_null(const std::string& text) {
  return text.empty() ? OrderedJson(nullptr) : OrderedJson(text);
}

/// With a resolution of a microsecond, resp. a millisecond: more digits would be noise.
double millis(mcp::Duration time) {
  return std::round(std::chrono::duration<double, std::micro>(time).count()) / 1000.0;
}
double seconds(mcp::Duration time) {
  return std::round(std::chrono::duration<double, std::milli>(time).count()) / 1000.0;
}

OrderedJson sessions_of(const SessionCount& count) {
  return {{"active", count.active ? OrderedJson(*count.active) : nullptr},
          {"source", to_string(count.source)},
          {"upper_bound", count.upper_bound},
          {"problem", text_or_null(count.problem)}};
}

OrderedJson answer_of(const Answer& answer) {
  return {{"ok", answer.ok}, {"reason", text_or_null(answer.reason)}};
}

/// The status with the wall clock's times.
class StatusDocument {
 public:
  StatusDocument(const Status& status, const SidecarProcess& process)
      : status_(status), process_(process) {}

  OrderedJson document() const {
    return {{"schema_version", schema_version},
            {"state", to_string(status_.state)},
            {"reason", status_.reason},
            {"since", time(status_.since)},
            {"for_seconds", seconds(status_.now - status_.since)},
            {"readyz", answer_of(status_.ready)},
            {"livez", answer_of(status_.live)},
            {"startupz", answer_of(status_.startup)},
            {"failures_in_row", status_.failures_in_row},
            {"last_sign", time(status_.last_sign)},
            {"target", status_.target},
            {"transport", to_string(status_.transport)},
            {"era", status_.peer ? OrderedJson(to_string(status_.peer->era())) : nullptr},
            {"revision", status_.peer ? OrderedJson(to_string(status_.peer->revision)) : nullptr},
            {"server", server()},
            {"sessions", sessions_of(status_.sessions)},
            {"canary", canary()},
            {"surface", surface()},
            {"child", child()},
            {"drain_until", time(status_.drain_until)},
            {"probes", probes()},
            {"recent", recent()},
            {"started", time(status_.started)},
            {"time", time(status_.now)},
            {"mcpctl", version()}};
  }

 private:
  OrderedJson time(mcp::TimePoint point) const {
    return utc_time_millis(
        process_.now + std::chrono::duration_cast<std::chrono::milliseconds>(point - status_.now));
  }
  OrderedJson time(const std::optional<mcp::TimePoint>& point) const {
    return point ? time(*point) : nullptr;
  }

  OrderedJson server() const {
    if (!status_.peer) return nullptr;
    return {{"name", text_or_null(status_.peer->name.substr(0, longest_name))},
            {"version", text_or_null(status_.peer->version.substr(0, longest_name))}};
  }
  OrderedJson canary() const {
    const auto& canary = status_.canary;
    OrderedJson losses = OrderedJson::object();
    for (const auto& [cause, count] : canary.losses) losses[cause] = count;
    return {{"held", canary.held},
            {"since", time(canary.since)},
            {"last_sign", time(canary.last_sign)},
            {"losses", losses},
            {"last_loss", text_or_null(canary.last_loss)},
            {"last_loss_at", time(canary.last_loss_at)}};
  }
  OrderedJson surface() const {
    const auto& surface = status_.surface;
    if (surface.digest.empty()) return nullptr;
    return {{"tools", surface.tools},         {"drifted", surface.drifted()},
            {"changes", surface.changes},     {"changed_at", time(surface.changed_at)},
            {"differing", surface.differing}, {"first_digest", surface.first_digest},
            {"digest", surface.digest}};
  }
  OrderedJson child() const {
    if (!status_.child_pid && status_.child_restarts == 0) return nullptr;
    return {{"pid", status_.child_pid ? OrderedJson(*status_.child_pid) : nullptr},
            {"restarts", status_.child_restarts}};
  }
  OrderedJson probes() const {
    OrderedJson list = OrderedJson::array();
    for (const auto& [key, count] : status_.probes) {
      list.push_back(
          {{"probe", to_string(key.first)}, {"sign", to_string(key.second)}, {"count", count}});
    }
    return list;
  }
  OrderedJson recent() const {
    OrderedJson list = OrderedJson::array();
    for (const auto& outcome : std::views::reverse(status_.recent)) {
      list.push_back(
          {{"time", time(outcome.ended)},
           {"probe", to_string(outcome.kind)},
           {"sign", to_string(outcome.sign)},
           {"millis", millis(outcome.took)},
           {"reason", outcome.reason},
           {"hint", text_or_null(outcome.hint)},
           {"failure", outcome.failure ? OrderedJson(to_string(*outcome.failure)) : nullptr}});
    }
    return list;
  }

  const Status& status_;
  const SidecarProcess& process_;
};

}  // namespace

std::string render_sidecar_status(const Status& status, const SidecarProcess& process) {
  return text_of(StatusDocument(status, process).document(), 2);
}

std::string render_sessions(const SessionCount& count) {
  auto json = sessions_of(count);
  if (count.problem.empty()) json.erase("problem");
  return text_of(json, -1);
}

std::string render_drain(const DrainResult& result) {
  return text_of({{"drained", result.drained},
                  {"cut", result.cut},
                  {"active", result.last.active ? OrderedJson(*result.last.active) : nullptr},
                  {"source", to_string(result.last.source)},
                  {"took_seconds", seconds(result.took)}},
                 -1);
}

}  // namespace cli
