#pragma once

#include "cli/target.hpp"
#include "mcp/client/era_cache.hpp"
#include "probes/health/observation.hpp"

namespace cli {

/// What one run of the program has learnt of the servers that it probes again and again, so that
/// each probe need not find out the era anew.
class KnownEras {
 public:
  /// Tells the target what is known of it; nothing where an option dictates the era.
  void prepare(Target& target) const;
  void learn(const Target& target, const probes::Observation& seen);

 private:
  mcp::EraCache cache_;
};

}  // namespace cli
