#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "probes/sidecar/sidecar.hpp"
#include "probes/sidecar/status.hpp"

namespace cli {

/// What a sidecar's answers need besides its status: wall clock and process.
struct SidecarProcess {
  using Wall = std::chrono::system_clock::time_point;
  Wall now;  // the same moment as Status::now
  Wall started;
  std::uint64_t resident_bytes = 0;
};

/// /status: the document of sidecar-status.schema.json, with a line feed behind it.
std::string render_sidecar_status(const probes::sidecar::Status& status,
                                  const SidecarProcess& process);
/// /metrics in the Prometheus text format 0.0.4.
std::string render_sidecar_metrics(const probes::sidecar::Status& status,
                                   const SidecarProcess& process);
/// /sessions; "active" is a number wherever anything is known, for KEDA's metrics-api scaler.
std::string render_sessions(const probes::sidecar::SessionCount& count);
/// What /drain answers.
std::string render_drain(const probes::sidecar::DrainResult& result);
/// "ok", or the reason; with a line feed.
std::string render_answer(const probes::sidecar::Answer& answer);
/// ?verbose: the same, and what it was made from.
std::string render_answer(const probes::sidecar::Answer& answer,
                          const probes::sidecar::Status& status);

/// One line: "3 sessions active (counted by the proxy)".
std::string words_of(const probes::sidecar::SessionCount& count);

}  // namespace cli
