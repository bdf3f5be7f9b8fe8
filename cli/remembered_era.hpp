#pragma once

#include <optional>

#include "cli/target.hpp"
#include "mcp/session/revision.hpp"

namespace cli {

/// Whether era or transport were dictated by an option: then there is nothing to be learnt.
bool is_era_dictated(const Target& target);

/// What an earlier run learnt of this target; nothing where there is no cache or no entry.
std::optional<mcp::EraMemory> recall_era(const Target& target);

/// Writes down what this run learnt, if that is new and neither era nor transport were dictated by
/// an option. A place that cannot be written to is no error: the next run asks again.
void remember_era(const Target& target, mcp::EraMemory learnt);

}  // namespace cli
