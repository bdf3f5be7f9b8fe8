#pragma once

#include "probes/drift/schema_document.hpp"
#include "probes/drift/schema_judge.hpp"
#include "probes/drift/schema_report.hpp"

namespace probes::drift {

/// Whether the two versions are written in different dialects. `same_meaning`: that is known to
/// make no difference to the older one.
void tell_dialect(const SchemaDocument& older, const SchemaDocument& newer, bool same_meaning,
                  SchemaReport& report);

/// Of two schemas that cannot be compared, as one of them cannot be read: because it is invalid, or
/// refers to other documents, or is in a dialect that is not supported, or is too large.
void tell_unreadable(const SchemaDocument& older, const SchemaDocument& newer,
                     const SchemaJudge::Compiled& errors, SchemaReport& report);

}  // namespace probes::drift
