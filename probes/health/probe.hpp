#pragma once

#include <string>

#include "probes/health/options.hpp"
#include "probes/health/report.hpp"
#include "probes/health/server.hpp"

namespace probes {

/// Probes one server within `options.timeout`, from the first byte to the last clean-up. A failed
/// attempt is repeated up to `options.retries` times: the attempts share the time equally, so that
/// one that hangs leaves some for the next.
ProbeReport probe(const std::string& target, ServerAccess& access, const ProbeOptions& options);

}  // namespace probes
