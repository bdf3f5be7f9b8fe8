#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "probes/sidecar/sidecar.hpp"
#include "probes/sidecar/status.hpp"

namespace cli {

/// What a sidecar tells on stderr: a line for each change, as text or as JSON. A line for which
/// there is no room is left out and counted, as writing it would hold up every answer.
class SidecarLog {
 public:
  enum class Format { text, json };
  using Wall = std::chrono::system_clock::time_point;

  SidecarLog(std::ostream& out, Format format, std::function<Wall()> clock,
             std::function<bool()> has_room);

  void listening(const std::string& address, const probes::sidecar::SidecarOptions& options);
  void passing(const std::string& address, const std::string& upstream);
  /// Tells what has changed since the last look.
  void look(const probes::sidecar::Status& status);
  void drained(const probes::sidecar::DrainResult& result);

 private:
  void look_at_state(const probes::sidecar::Status& status);
  void look_at_canary(const probes::sidecar::CanaryStatus& canary);
  void look_at_surface(const probes::sidecar::SurfaceStatus& surface);
  void write(std::string_view event, const std::string& text,
             const nlohmann::ordered_json& members);

  std::ostream& out_;
  Format format_;
  std::function<Wall()> clock_;
  std::function<bool()> has_room_;
  std::uint64_t left_out_ = 0;
  std::optional<probes::sidecar::State> state_;
  mcp::TimePoint since_;
  std::uint64_t losses_ = 0;
  std::uint64_t surface_changes_ = 0;
  std::uint64_t restarts_ = 0;
};

}  // namespace cli
