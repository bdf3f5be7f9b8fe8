#pragma once

#include <string>
#include <vector>

#include "probes/drift/snapshot.hpp"

namespace probes::drift {

/// Two snapshots with only what both can know: what one has redacted is left out of the other too,
/// and beside a bare `tools/list` result so are the handshake and the other lists.
struct Comparable {
  Snapshot older;
  Snapshot newer;
  std::vector<std::string> notes;  // one sentence for each thing that a bare list leaves unknown
};
Comparable comparable(const Snapshot& older, const Snapshot& newer);

}  // namespace probes::drift
