#include "cli/commands/load_export_plan.hpp"

#include <fmt/format.h>

#include <ostream>
#include <random>
#include <utility>

#include "mcp/io/http.hpp"

namespace cli {
namespace {

using namespace std::chrono_literals;

/// How old the figures of an export may be.
constexpr auto totals_every = 2s;
constexpr auto traces_by_default = "10/s";

}  // namespace

mcp::Result<ExportPlan> plan_export(const LoadOptions& options, const World& world) {
  ExportPlan plan;
  if (options.otlp.empty()) {
    if (options.trace_sample.empty()) return plan;
    return mcp::fail(mcp::ErrorKind::usage, "--trace-sample: belongs to --otlp URL");
  }
  auto read = read_export_options(options.otlp, world);
  if (!read) return std::unexpected(read.error());
  plan.options = std::move(*read);
  const auto sampling = scenarios::read_trace_sampling(
      options.trace_sample.empty() ? traces_by_default : options.trace_sample);
  if (!sampling)
    return mcp::fail(mcp::ErrorKind::usage, "--trace-sample: " + sampling.error().message,
                     sampling.error().hint);
  std::random_device seed;
  plan.telling = {.totals_every = totals_every,
                  .traces = *sampling,
                  .trace_seed = (std::uint64_t{seed()} << 32U) | seed()};
  return plan;
}

mcp::Result<std::unique_ptr<LoadExport>> make_export(const ExportPlan& plan, mcp::Loop& loop,
                                                     OtlpContext context, LoadExport::Warn warn) {
  if (!plan.options) return nullptr;
  auto http = mcp::make_curl_http(loop, {.user_agent = "mcpctl"});
  if (!http) return std::unexpected(http.error());
  return std::make_unique<LoadExport>(loop, std::move(*http), *plan.options, std::move(context),
                                      std::move(warn));
}

void finish_export(LoadExport* exported, const scenarios::Results& results,
                   const LoadOptions& options, const Invocation& invocation) {
  if (exported == nullptr) return;
  invocation.world.out << std::flush;
  exported->finish(results);
  if (options.output.name == "text") {
    invocation.world.out << fmt::format("  otlp         {}\n", exported->summary());
  } else if (invocation.verbosity != Verbosity::quiet) {
    invocation.world.err << fmt::format("mcpctl: otlp: {}\n", exported->summary());
  }
}

}  // namespace cli
