#include "probes/sidecar/sidecar.hpp"

#include "probes/sidecar/sidecar_core.hpp"

namespace probes::sidecar {

Sidecar::Sidecar(mcp::TransportContext context, SidecarOptions options, SessionCounter& sessions)
    : core_(std::make_unique<Core>(context, std::move(options), sessions)) {}

Sidecar::~Sidecar() = default;

void Sidecar::start() {
  core_->start();
}

Status Sidecar::status() const {
  return core_->status();
}

void Sidecar::drain(mcp::TimePoint until, std::move_only_function<void(DrainResult)> done) {
  core_->drain(until, std::move(done));
}

void Sidecar::stop(mcp::TimePoint deadline, std::move_only_function<void()> done) {
  core_->stop(deadline, std::move(done));
}

}  // namespace probes::sidecar
