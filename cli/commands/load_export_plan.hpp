#pragma once

#include <memory>
#include <optional>

#include "cli/commands/load.hpp"
#include "cli/commands/load_export.hpp"
#include "scenarios/driver.hpp"

namespace cli {

/// What `--otlp` and `--trace-sample` ask for, read before anything is sent.
struct ExportPlan {
  std::optional<ExportOptions> options;
  scenarios::Telling telling;
};
/// Errors are of kind usage.
mcp::Result<ExportPlan> plan_export(const LoadOptions& options, const World& world);

/// Null where nothing is exported.
mcp::Result<std::unique_ptr<LoadExport>> make_export(const ExportPlan& plan, mcp::Loop& loop,
                                                     OtlpContext context, LoadExport::Warn warn);

/// Sends the whole run and says what was sent: after the report, so that a slow collector does not
/// keep that back. Does nothing for null.
void finish_export(LoadExport* exported, const scenarios::Results& results,
                   const LoadOptions& options, const Invocation& invocation);

}  // namespace cli
