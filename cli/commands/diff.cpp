#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <memory>
#include <optional>
#include <ostream>
#include <utility>

#include "cli/command.hpp"
#include "cli/commands/diff_document.hpp"
#include "cli/commands/diff_fleet.hpp"
#include "cli/commands/diff_options.hpp"
#include "cli/commands/diff_rules.hpp"
#include "cli/commands/diff_watch.hpp"
#include "cli/drift_source.hpp"
#include "cli/render/drift/format.hpp"
#include "mcp/base/text.hpp"
#include "mcp/base/time.hpp"
#include "probes/drift/within_ttl.hpp"

namespace cli {
namespace {

using Clock = std::chrono::steady_clock;

/// Which word is a side, and how its server is spoken to.
struct SideWord {
  std::string word;  // empty: the command after `--`
  TargetOptions target;
};

struct LoadedSide {
  DriftSource source;
  std::string file;
  mcp::Duration took{};
};

std::unexpected<mcp::Error> usage(std::string message) {
  return mcp::fail(mcp::ErrorKind::usage, std::move(message),
                   "write: mcpctl diff OLD NEW; a side is a snapshot file, a URL, @NAME, "
                   "git:REV:PATH or -");
}

mcp::Result<std::array<SideWord, 2>> both_eras(const DiffFlags& flags,
                                               const Invocation& invocation) {
  const auto given = invocation.words.size() + (invocation.child.empty() ? 0 : 1);
  if (given != 1)
    return mcp::fail(mcp::ErrorKind::usage, "--era both: takes one target",
                     "for example: mcpctl diff --era both https://example.com/mcp");
  SideWord side{.word = invocation.words.empty() ? "" : invocation.words.front(),
                .target = flags.target};
  if (auto kind = source_kind(invocation, side.word); !kind) return std::unexpected(kind.error());
  std::array<SideWord, 2> sides{side, side};
  sides[0].target.protocol = "legacy";
  sides[1].target.protocol = "modern";
  return sides;
}

mcp::Result<std::array<SideWord, 2>> sides_of(const DiffFlags& flags,
                                              const Invocation& invocation) {
  if (!flags.era.empty()) return both_eras(flags, invocation);
  auto words = invocation.words;
  if (!invocation.child.empty()) words.emplace_back();
  if (words.empty()) return usage("diff: OLD and NEW are missing");
  if (words.size() == 1)
    return usage(invocation.child.empty() ? "diff: NEW is missing" : "diff: OLD is missing");
  if (words.size() > 2) return usage("diff: more than two sides were given");
  for (const auto& word : words)
    if (auto kind = source_kind(invocation, word); !kind) return std::unexpected(kind.error());
  return std::array<SideWord, 2>{SideWord{.word = words[0], .target = flags.target},
                                 SideWord{.word = words[1], .target = flags.target}};
}

mcp::Result<LoadedSide> load(const SideWord& side, const DiffFlags& flags, Invocation& invocation) {
  const auto start = Clock::now();
  std::vector<std::string> warnings;
  auto source = load_drift_source(invocation, side.target, side.word, warnings);
  if (!source) return std::unexpected(source.error());
  if (invocation.verbosity != Verbosity::quiet) {
    for (const auto& warning : warnings) print_warning(invocation.world, warning);
  }
  auto redacted = probes::drift::redact(source->snapshot, flags.redact);
  if (!redacted) return std::unexpected(redacted.error());
  source->snapshot = std::move(*redacted);
  const bool is_file = source_kind(invocation, side.word) == SourceKind::file;
  return LoadedSide{.source = std::move(*source),
                    .file = is_file ? side.word : std::string(),
                    .took = Clock::now() - start};
}

/// What differs between eras by their nature is no drift of one server.
void expect_two_eras(DiffSettings& settings) {
  using probes::drift::RuleSetting;
  std::vector<RuleSetting> rules;
  for (const char* rule :
       {"protocol-era-changed", "protocol-version-dropped", "protocol-version-added",
        "cache-scope-added", "ttl-zero-stated", "ttl-increased", "ttl-decreased"})
    rules.push_back({.rule = rule, .severity = std::nullopt});
  // What the user says of them comes later and counts.
  settings.gate.rules.insert(settings.gate.rules.begin(), rules.begin(), rules.end());
}

DriftStyle style_of(const DiffFlags& flags, const Invocation& invocation) {
  const World& world = invocation.world;
  const bool all = flags.all || invocation.verbosity == Verbosity::verbose;
  return {.colour = world.colour_on_out() ? Colour::ansi : Colour::none,
          .width = world.out_is_terminal ? world.width : 0,
          .safe = all ? SafeChanges::listed : SafeChanges::counted};
}

void tell_times(const LoadedSide& older, const LoadedSide& newer, mcp::Duration compared,
                Invocation& invocation) {
  if (invocation.verbosity != Verbosity::verbose) return;
  invocation.world.err << fmt::format("mcpctl: read {} in {} and {} in {}, compared in {}\n",
                                      older.source.label, mcp::format_duration(older.took),
                                      newer.source.label, mcp::format_duration(newer.took),
                                      mcp::format_duration(compared));
}

/// Reads the sides and compares them, as often as it is asked to. What is no live server is read
/// once.
class PairReader {
 public:
  PairReader(const DiffFlags& flags, const DiffSettings& settings, std::array<SideWord, 2> sides,
             Invocation& invocation)
      : flags_(flags), settings_(settings), sides_(std::move(sides)), invocation_(invocation) {}

  mcp::Result<DriftDocument> read() {
    std::vector<probes::drift::Change> too_early;
    for (std::size_t index = 0; index < sides_.size(); ++index) {
      if (auto done = read_side(index, too_early); !done) return std::unexpected(done.error());
    }
    const auto start = Clock::now();
    const LoadedSide& older = *loaded_[0];
    const LoadedSide& newer = *loaded_[1];
    auto document =
        compare_sides({older.source.label, older.file, older.source.snapshot},
                      {newer.source.label, newer.file, newer.source.snapshot}, settings_);
    if (!too_early.empty()) {
      std::ranges::move(too_early, std::back_inserter(document.diff.changes));
      document.verdict = probes::drift::judge(document.diff, older.source.snapshot,
                                              newer.source.snapshot, settings_.gate);
    }
    document.exit_status = status(code_of(document), invocation_.exit_style);
    tell_times(older, newer, Clock::now() - start, invocation_);
    return document;
  }

  static ExitCode code_of(const DriftDocument& document) {
    return document.verdict.passed ? ExitCode::ok : ExitCode::findings;
  }

  /// Of the last reading.
  std::string state() const {
    return loaded_[0]->source.snapshot.digest() + loaded_[1]->source.snapshot.digest();
  }
  const std::string& changed() const { return changed_; }

 private:
  mcp::Result<void> read_side(std::size_t index, std::vector<probes::drift::Change>& too_early) {
    auto& known = loaded_[index];
    const SideWord& side = sides_[index];
    if (known && !is_live(side)) return {};
    const auto start = Clock::now();
    auto next = load(side, flags_, invocation_);
    if (!next) return std::unexpected(next.error());
    if (!flags_.era.empty()) next->source.label += index == 0 ? " (legacy)" : " (modern)";
    if (known && known->source.snapshot.digest() != next->source.snapshot.digest()) {
      changed_ = next->source.label + " changed";
      const auto elapsed =
          std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started_[index]);
      std::ranges::move(
          probes::drift::drift_within_ttl(known->source.snapshot, next->source.snapshot, elapsed),
          std::back_inserter(too_early));
    }
    known = std::move(*next);
    started_[index] = start;
    return {};
  }

  bool is_live(const SideWord& side) const {
    const auto kind = source_kind(invocation_, side.word);
    return kind == SourceKind::target || kind == SourceKind::command;
  }

  const DiffFlags& flags_;
  const DiffSettings& settings_;
  std::array<SideWord, 2> sides_;
  Invocation& invocation_;
  std::array<std::optional<LoadedSide>, 2> loaded_;
  std::array<Clock::time_point, 2> started_;
  std::string changed_;
};

mcp::Result<ExitCode> run_pair(const DiffFlags& flags, DiffSettings settings,
                               const DriftFormat& format, Invocation& invocation) {
  const auto repeated = watch_plan_of(flags.fleet);
  if (!repeated) return std::unexpected(repeated.error());
  auto sides = sides_of(flags, invocation);
  if (!sides) return std::unexpected(sides.error());
  if (!flags.era.empty()) expect_two_eras(settings);
  PairReader reader(flags, settings, std::move(*sides), invocation);
  const auto round = [&]() -> mcp::Result<WatchRound> {
    const auto document = reader.read();
    if (!document) return std::unexpected(document.error());
    return WatchRound{.state = reader.state(),
                      .what = reader.changed(),
                      .text = format.render(*document, style_of(flags, invocation)),
                      .code = PairReader::code_of(*document)};
  };
  if (*repeated) return watch(invocation, **repeated, round);
  const auto once = round();
  if (!once) return std::unexpected(once.error());
  invocation.world.out << once->text;
  return once->code;
}

mcp::Result<ExitCode> run_diff(const DiffFlags& flags, Invocation& invocation) {
  if (flags.list_rules) return list_drift_rules(flags.output, invocation);
  const auto format = find_drift_format(flags.output);
  if (!format) return std::unexpected(format.error());
  auto settings = diff_settings_of(flags, invocation.world);
  if (!settings) return std::unexpected(settings.error());
  const auto fleet = fleet_plan_of(flags.fleet);
  if (!fleet) return std::unexpected(fleet.error());
  if (*fleet) return run_fleet(flags, *settings, *format, style_of(flags, invocation), invocation);
  return run_pair(flags, std::move(*settings), *format, invocation);
}

Run add_diff(CLI::App& app) {
  const auto flags = std::make_shared<DiffFlags>();  // shared: CLI11 writes to it until Run reads
  add_diff_options(app, *flags);
  return [flags](Invocation& invocation) { return run_diff(*flags, invocation); };
}

}  // namespace

extern const Command diff_command;
const Command diff_command{
    .name = "diff",
    .group = CommandGroup::check,
    .summary = "Tell what changed between two surfaces, and whether it breaks somebody",
    .usage = "[OPTIONS] OLD NEW | OLD -- COMMAND [ARGS] | --fleet TARGET",
    .examples =
        "mcpctl diff surface.json https://staging.example.com/mcp\n"
        "mcpctl diff git:main:surface.json surface.json -o markdown\n"
        "mcpctl diff @prod @staging --fail-on dangerous --approvals approvals.yaml\n"
        "mcpctl diff --era both https://example.com/mcp\n"
        "mcpctl diff --fleet https://example.com/mcp --samples 10\n"
        "mcpctl diff --fleet https://example.com/mcp --pods 10.0.0.1:8080,10.0.0.2:8080\n"
        "mcpctl diff surface.json https://example.com/mcp --watch 10s\n"
        "mcpctl diff surface.json -- python3 server.py\n",
    .add = add_diff};

}  // namespace cli
