#pragma once

#include "cli/render/drift/document.hpp"

/// A breaking change with a witness, a long text that changed, and a new tool.
cli::DriftDocument drift_document();
/// One breaking change whose texts try to get out of every format.
cli::DriftDocument hostile_drift_document();
/// Two equal sides.
cli::DriftDocument equal_drift_document();
