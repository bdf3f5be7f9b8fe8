#pragma once

#include "cli/render/document.hpp"

/// A healthy server with two phases and one check.
cli::Document healthy_document();
/// A server that refuses connections; its texts hold what formats must escape.
cli::Document refused_document();
/// A server with one error, one warning and one notice among its checks.
cli::Document unhealthy_document();
