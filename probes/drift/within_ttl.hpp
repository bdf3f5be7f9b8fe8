#pragma once

#include <chrono>
#include <vector>

#include "probes/drift/change.hpp"
#include "probes/drift/snapshot.hpp"

namespace probes::drift {

/// What differs between two readings of one server, `elapsed` apart at the most, although the
/// earlier answer may still be kept (ttlMs): clients go on with what is no longer there. One
/// `drift-within-ttl` for each list, and one for the server itself.
std::vector<Change> drift_within_ttl(const Snapshot& earlier, const Snapshot& later,
                                     std::chrono::milliseconds elapsed);

}  // namespace probes::drift
