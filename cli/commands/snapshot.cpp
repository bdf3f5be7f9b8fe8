#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>
#include <utility>

#include "cli/conversation.hpp"
#include "cli/file.hpp"
#include "cli/live_snapshot.hpp"
#include "cli/options.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

using probes::drift::Snapshot;

struct SnapshotOptions {
  TargetOptions target;
  std::string era;
  std::string file;
  std::vector<std::string> redact;
};

mcp::Result<TargetOptions> target_options_of(const SnapshotOptions& options) {
  TargetOptions target = options.target;
  if (options.era.empty()) return target;
  if (options.era != "legacy" && options.era != "modern") {
    return mcp::fail(mcp::ErrorKind::usage,
                     "--era: " + mcp::quoted(options.era) + " is none of its values",
                     "choose legacy or modern");
  }
  if (target.protocol != "auto" && target.protocol != options.era) {
    return mcp::fail(mcp::ErrorKind::usage, "--era and --protocol exclude each other");
  }
  target.protocol = options.era;
  return target;
}

/// "12 tools, 1 prompt"; only the lists that the server has.
std::string counts(const Snapshot& snapshot) {
  std::string text;
  for (const auto& kind : probes::drift::item_kinds) {
    if (snapshot.document().find(kind.member) == nullptr) continue;
    const auto count = snapshot.items(kind).size();
    text +=
        fmt::format("{}{} {}{}", text.empty() ? "" : ", ", count, kind.noun, count == 1 ? "" : "s");
  }
  return text.empty() ? "no lists" : text;
}

/// A pattern with a typo would let the volatile value through, and show as drift some other day.
void warn_of_idle_patterns(World& world, const Snapshot& snapshot,
                           const std::vector<std::string>& patterns) {
  const auto content = [](const Snapshot& each) {
    auto members = each.document().object();
    for (const char* name : {"digest", "digests", "redacted"}) members.erase(name);
    return mcp::schema::Value(std::move(members));
  };
  for (const std::string& pattern : patterns) {
    const auto redacted = probes::drift::redact(snapshot, {pattern});
    if (!redacted || content(*redacted) != content(snapshot)) continue;
    print_warning(world, fmt::format("--redact {}: names nothing here", mcp::quoted(pattern)));
  }
}

mcp::Result<void> write(const SnapshotOptions& options, const Snapshot& snapshot, World& world) {
  if (!options.file.empty() && options.file != "-") {
    return write_file((world.directory / options.file).lexically_normal(), snapshot.file_text());
  }
  world.out << snapshot.file_text();
  return {};
}

mcp::Result<ExitCode> run_snapshot(const SnapshotOptions& options, Invocation& invocation) {
  const auto target_options = target_options_of(options);
  if (!target_options) return std::unexpected(target_options.error());
  // A mistake in a pattern is told before anything is asked of the server.
  const Snapshot nothing{mcp::schema::Value(mcp::schema::Value::Object())};
  if (auto valid = probes::drift::redact(nothing, options.redact); !valid) {
    return std::unexpected(valid.error());
  }
  auto target = find_target(invocation, *target_options);
  if (!target) return std::unexpected(target.error());
  if (auto ok = expect_no_more_words(invocation); !ok) return std::unexpected(ok.error());

  World& world = invocation.world;
  std::vector<std::string> warnings;
  const auto whole = take_snapshot(invocation, std::move(*target), warnings);
  if (!whole) return std::unexpected(whole.error());
  const bool quiet = invocation.verbosity == Verbosity::quiet;
  if (!quiet) {
    for (const std::string& warning : warnings) print_warning(world, warning);
    warn_of_idle_patterns(world, *whole, options.redact);
  }
  const auto snapshot = probes::drift::redact(*whole, options.redact);
  if (!snapshot) return std::unexpected(snapshot.error());
  if (auto written = write(options, *snapshot, world); !written) {
    return std::unexpected(written.error());
  }
  if (!quiet) {
    world.err << fmt::format("mcpctl: {}, digest {}\n", counts(*snapshot), snapshot->digest());
  }
  return ExitCode::ok;
}

Run add_snapshot(CLI::App& app) {
  auto options = std::make_shared<SnapshotOptions>();  // shared: by the parser's references
  app.add_option("-o,--output", options->file, "Write to this file; without it standard output")
      ->type_name("FILE");
  add_repeatable(app, "--redact", options->redact,
                 "Leave out what a JSON Pointer names; * is any one token, ** any number of them: "
                 "'/tools/*/_meta', '/**/description'")
      ->type_name("POINTER");
  app.add_option("--era", options->era, "Speak legacy or modern only (as --protocol)")
      ->type_name("ERA");
  add_target_options(app, options->target, "30s");
  return [options](Invocation& invocation) { return run_snapshot(*options, invocation); };
}

}  // namespace

extern const Command snapshot_command{
    .name = "snapshot",
    .group = CommandGroup::check,
    .summary = "Write down everything that a client can see of a server",
    .usage = "[OPTIONS] TARGET | -- COMMAND [ARGS]",
    .examples =
        "mcpctl snapshot https://example.com/mcp -o surface.json\n"
        "mcpctl snapshot @files --redact '/handshake/_meta' | less\n"
        "mcpctl snapshot --era legacy -o legacy.json -- python3 server.py",
    .add = add_snapshot,
};

}  // namespace cli
