#include "cli/drift_source.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <istream>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>

#include "cli/conversation.hpp"
#include "cli/file.hpp"
#include "cli/git_file.hpp"
#include "cli/live_snapshot.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

using probes::drift::Snapshot;

constexpr auto source_hint =
    "a side is a snapshot file, a target (URL, @NAME), git:REV:PATH, or - for standard input";

mcp::Result<std::string> read_standard_input(World& world) {
  if (world.in.eof()) {
    return mcp::fail(mcp::ErrorKind::usage, "-: standard input can be read only once",
                     "put one of the two into a file");
  }
  std::string text{std::istreambuf_iterator<char>(world.in), {}};
  world.in.setstate(std::ios::eofbit);
  return text;
}

/// Prefixes what a reader of two snapshots could not tell apart.
mcp::Error labelled(mcp::Error error, const std::string& label) {
  error.message = fmt::format("{}: {}", label, error.message);
  return error;
}

mcp::Result<DriftSource> read_text(const mcp::Result<std::string>& text, std::string label,
                                   std::vector<std::string>& warnings) {
  if (!text) return std::unexpected(text.error());
  auto snapshot = probes::drift::read_snapshot(*text, warnings);
  if (!snapshot) return std::unexpected(labelled(std::move(snapshot.error()), label));
  return DriftSource{.snapshot = std::move(*snapshot), .label = std::move(label)};
}

mcp::Result<DriftSource> read_live(Invocation& invocation, const TargetOptions& options,
                                   const std::string& word, std::vector<std::string>& warnings) {
  auto target = find_target(std::as_const(invocation), options, word);
  if (!target) return std::unexpected(target.error());
  std::string label = target->endpoint.name;
  auto snapshot = take_snapshot(invocation, std::move(*target), warnings);
  if (!snapshot) return std::unexpected(snapshot.error());
  return DriftSource{.snapshot = std::move(*snapshot), .label = std::move(label)};
}

mcp::Result<DriftSource> read_git(const Invocation& invocation, const std::string& word,
                                  std::vector<std::string>& warnings) {
  const auto file = parse_git_file(word);
  if (!file) return std::unexpected(file.error());
  return read_text(read_git_file(**file, invocation.world.directory), mcp::printable(word),
                   warnings);
}

mcp::Result<DriftSource> load(Invocation& invocation, const TargetOptions& options,
                              const std::string& word, std::vector<std::string>& warnings) {
  const auto kind = source_kind(invocation, word);
  if (!kind) return std::unexpected(kind.error());
  World& world = invocation.world;
  switch (*kind) {
    case SourceKind::standard_input:
      return read_text(read_standard_input(world), "standard input", warnings);
    case SourceKind::git:
      return read_git(invocation, word, warnings);
    case SourceKind::file:
      return read_text(read_file((world.directory / word).lexically_normal()), mcp::printable(word),
                       warnings);
    case SourceKind::command:
    case SourceKind::target:
      return read_live(invocation, options, word, warnings);
  }
  std::unreachable();
}

}  // namespace

mcp::Result<SourceKind> source_kind(const Invocation& invocation, const std::string& word) {
  if (word.empty()) return SourceKind::command;
  if (word == "-") return SourceKind::standard_input;
  if (word.starts_with("git:")) return SourceKind::git;
  std::error_code ignored;
  if (std::filesystem::exists(invocation.world.directory / word, ignored)) return SourceKind::file;
  if (looks_like_target(word)) return SourceKind::target;
  return mcp::fail(mcp::ErrorKind::usage, fmt::format("{}: no such file", mcp::printable(word)),
                   source_hint);
}

mcp::Result<DriftSource> load_drift_source(Invocation& invocation, const TargetOptions& options,
                                           const std::string& word,
                                           std::vector<std::string>& warnings) {
  std::vector<std::string> own;
  auto source = load(invocation, options, word, own);
  if (!source) return source;
  for (const std::string& warning : own) {
    warnings.push_back(fmt::format("{}: {}", source->label, warning));
  }
  return source;
}

}  // namespace cli
