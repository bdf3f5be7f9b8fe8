#include "cli/commands/load_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <utility>

#include "cli/commands/load.hpp"
#include "cli/conversation.hpp"
#include "cli/exit_code.hpp"
#include "cli/file.hpp"
#include "cli/render/load/comparison.hpp"
#include "cli/render/load/html/report.hpp"
#include "cli/render/load/metrics.hpp"
#include "cli/render/load/text.hpp"
#include "mcp/base/text.hpp"
#include "scenarios/threshold.hpp"

namespace cli {
namespace {

using scenarios::Results;

constexpr std::size_t largest_results = 256UL * 1024 * 1024;

Colour colour_of(const World& world) {
  return world.colour_on_out() ? Colour::ansi : Colour::none;
}

mcp::Result<Results> read_results_file(const std::string& name, const World& world) {
  const auto text = read_file((world.directory / name).lexically_normal(), largest_results);
  if (!text) return std::unexpected(text.error());
  auto results = scenarios::read_results(*text);
  if (results) return results;
  return mcp::fail(mcp::ErrorKind::usage,
                   fmt::format("{}: {}", mcp::printable(name), results.error().message),
                   results.error().hint);
}

bool all_met(const Results& results) {
  std::vector<scenarios::Threshold> thresholds;
  for (const auto& text : results.thresholds) {
    auto threshold = scenarios::parse_threshold(text);
    if (!threshold) return false;
    thresholds.push_back(std::move(*threshold));
  }
  return std::ranges::all_of(judge_all(thresholds, results.recording), [](const auto& one) {
    return one.verdict == scenarios::Verdict::met;
  });
}

/// What to know before believing the sum: it is of fewer machines, or not of the same time.
void warn_of_merge(const std::vector<Results>& parts, const Results& whole, World& world) {
  constexpr auto apart = std::chrono::seconds(1);
  if (whole.shards.size() < whole.shards_of) {
    print_warning(world, fmt::format("{} of {} shards are missing: the sum is a part of the run",
                                     whole.shards_of - whole.shards.size(), whole.shards_of));
  }
  const auto last = std::ranges::max(parts, {}, &Results::start).start;
  if (last - whole.start > apart) {
    print_warning(world, fmt::format("the shards started {} apart: give all the same --start-at",
                                     mcp::format_duration(last - whole.start)));
  }
}

}  // namespace

bool is_prometheus(const OutputOption& output) {
  return output.name == "prometheus";
}

bool is_html(const OutputOption& output) {
  return output.name == "html";
}

ExitCode show_results(const Results& results, const OutputOption& output, World& world) {
  if (output.is_json())
    world.out << write_results(results);
  else if (is_prometheus(output))
    world.out << render_load_prometheus(results);
  else if (is_html(output))
    world.out << render_load_html(results);
  else
    world.out << render_load_text(results, colour_of(world));
  if (results.search && !is_answered(*results.search)) return ExitCode::findings;
  return all_met(results) ? ExitCode::ok : ExitCode::findings;
}

mcp::Result<ExitCode> report_load(const LoadOptions& options, Invocation& invocation) {
  const auto name = take_word(invocation, "the file of --results");
  if (!name) return std::unexpected(name.error());
  if (auto ok = expect_no_more_words(invocation); !ok) return std::unexpected(ok.error());
  const auto results = read_results_file(*name, invocation.world);
  if (!results) return std::unexpected(results.error());
  return show_results(*results, options.output, invocation.world);
}

mcp::Result<ExitCode> compare_loads(const LoadOptions& options, Invocation& invocation) {
  const auto format = find_comparison_format(options.output.name);
  if (!format) return std::unexpected(format.error());
  const auto first = take_word(invocation, "the results before");
  if (!first) return std::unexpected(first.error());
  const auto second = take_word(invocation, "the results after");
  if (!second) return std::unexpected(second.error());
  if (auto ok = expect_no_more_words(invocation); !ok) return std::unexpected(ok.error());
  const auto before = read_results_file(*first, invocation.world);
  if (!before) return std::unexpected(before.error());
  const auto after = read_results_file(*second, invocation.world);
  if (!after) return std::unexpected(after.error());
  const scenarios::ComparisonOptions how;
  ComparisonDocument document{
      .before = compared_run(*first, *before),
      .after = compared_run(*second, *after),
      .comparison = scenarios::compare(before->recording, after->recording, how),
      .confidence = how.confidence};
  const auto code = document.comparison.worse() ? ExitCode::findings : ExitCode::ok;
  document.exit_status = status(code, invocation.exit_style);
  invocation.world.out << format->render(document, colour_of(invocation.world));
  return code;
}

mcp::Result<ExitCode> merge_loads(const LoadOptions& options, Invocation& invocation) {
  if (invocation.words.empty()) {
    return mcp::fail(mcp::ErrorKind::usage, "load merge: the files of --results are missing");
  }
  std::vector<Results> parts;
  for (const auto& name : invocation.words) {
    auto part = read_results_file(name, invocation.world);
    if (!part) return std::unexpected(part.error());
    parts.push_back(std::move(*part));
  }
  const auto whole = scenarios::merge_results(parts);
  if (!whole) return std::unexpected(whole.error());
  if (invocation.verbosity != Verbosity::quiet) {
    warn_of_merge(parts, *whole, invocation.world);
  }
  const std::string text = write_results(*whole);
  // "text" is the default of an option that other actions share.
  if (options.output.name == "text" || options.output.name == "-") {
    invocation.world.out << text;
  } else if (auto written = write_file(invocation.world.directory / options.output.name, text);
             !written) {
    return std::unexpected(written.error());
  }
  return ExitCode::ok;
}

}  // namespace cli
