#include "cli/commands/sidecar_log.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

#include "cli/json_output.hpp"
#include "cli/render/sidecar/sidecar.hpp"
#include "cli/utc_time.hpp"

namespace cli {
namespace {

// Members keep the order in which they are written here.
using OrderedJson = nlohmann::ordered_json;
using probes::sidecar::CanaryStatus;
using probes::sidecar::DrainResult;
using probes::sidecar::State;
using probes::sidecar::Status;
using probes::sidecar::SurfaceStatus;

double seconds(mcp::Duration time) {
  return std::round(std::chrono::duration<double, std::milli>(time).count()) / 1000.0;
}

std::string plural(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

SidecarLog::SidecarLog(std::ostream& out, Format format, std::function<Wall()> clock,
                       std::function<bool()> has_room)
    : out_(out), format_(format), clock_(std::move(clock)), has_room_(std::move(has_room)) {}

void SidecarLog::listening(const std::string& address,
                           const probes::sidecar::SidecarOptions& options) {
  write("listening",
        fmt::format("listening on {} for {}, a probe every {}", address, options.endpoint.name,
                    mcp::format_duration(options.interval)),
        {{"address", address},
         {"target", options.endpoint.name},
         {"interval_seconds", seconds(options.interval)}});
}

void SidecarLog::passing(const std::string& address, const std::string& upstream) {
  write("passing", fmt::format("proxy on {}, passing requests on to {}", address, upstream),
        {{"address", address}, {"upstream", upstream}});
}

void SidecarLog::look(const Status& status) {
  look_at_canary(status.canary);
  look_at_surface(status.surface);
  if (status.child_restarts != restarts_) {
    restarts_ = status.child_restarts;
    write("child-restarted", fmt::format("the server was started again ({} so far)", restarts_),
          {{"restarts", restarts_}});
  }
  look_at_state(status);
}

void SidecarLog::look_at_state(const Status& status) {
  if (state_ == status.state) return;
  const auto before = std::exchange(state_, status.state);
  const auto since = std::exchange(since_, status.since);
  if (!before) return;  // it begins; that it listens was said
  const auto lasted = status.since - since;
  auto reason = status.reason;
  if (status.state == State::draining && status.drain_until) {
    reason += fmt::format(", for at most {}; {}",
                          mcp::format_duration(*status.drain_until - status.since),
                          words_of(status.sessions));
  }
  write("state",
        fmt::format("{}: {} (after {} {})", to_string(status.state), reason,
                    mcp::format_duration(lasted), to_string(*before)),
        {{"state", to_string(status.state)},
         {"reason", reason},
         {"before", to_string(*before)},
         {"before_seconds", seconds(lasted)}});
}

void SidecarLog::look_at_canary(const CanaryStatus& canary) {
  std::uint64_t losses = 0;
  for (const auto& [cause, count] : canary.losses) losses += count;
  if (losses == losses_) return;
  losses_ = losses;
  write("canary-lost", fmt::format("canary lost: {} ({} so far)", canary.last_loss, losses),
        {{"reason", canary.last_loss}, {"losses", losses}});
}

void SidecarLog::look_at_surface(const SurfaceStatus& surface) {
  if (surface.changes == surface_changes_) return;
  surface_changes_ = surface.changes;
  const auto names = fmt::format("{}", fmt::join(surface.differing, ", "));
  write("surface-changed",
        surface.drifted() ? "the tools differ from those of the first handshake: " + names
                          : std::string("the tools are those of the first handshake again"),
        {{"drifted", surface.drifted()},
         {"differing", surface.differing},
         {"digest", surface.digest}});
}

void SidecarLog::drained(const DrainResult& result) {
  const auto took = mcp::format_duration(result.took);
  auto text = fmt::format("drained in {}: no session was cut", took);
  if (!result.drained) {
    text = fmt::format("drain ended after {}: {} cut", took, plural(result.cut, "session"));
    if (!result.last.active)
      text = fmt::format("drain ended after {}: {}", took, words_of(result.last));
  }
  write("drained", text,
        {{"drained", result.drained}, {"cut", result.cut}, {"took_seconds", seconds(result.took)}});
}

void SidecarLog::write(std::string_view event, const std::string& text,
                       const OrderedJson& members) {
  if (!has_room_()) {
    ++left_out_;
    return;
  }
  if (const auto lost = std::exchange(left_out_, 0); lost != 0) {
    write("log-cut", plural(lost, "line") + " left out, as nobody read them", {{"lines", lost}});
  }
  const auto time = utc_time(clock_());
  if (format_ == Format::text) {
    out_ << fmt::format("mcpctl: {} {}\n", time, text) << std::flush;
    return;
  }
  OrderedJson line = {{"time", time}, {"event", event}, {"message", text}};
  line.update(members);
  out_ << visible_json(line.dump(-1, ' ', false, OrderedJson::error_handler_t::replace)) << '\n'
       << std::flush;
}

}  // namespace cli
