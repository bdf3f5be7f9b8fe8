#include "cli/git_file.hpp"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <memory>

#include "mcp/base/text.hpp"
#include "mcp/io/child_process.hpp"
#include "mcp/io/loop.hpp"
#include "mcp/io/signals.hpp"

namespace cli {
namespace {

constexpr auto patience = std::chrono::seconds(30);
constexpr std::size_t largest_file = 64UL * 1024 * 1024;
constexpr std::string_view prefix = "git:";

std::unexpected<mcp::Error> refuse(std::string_view word, std::string_view why) {
  return mcp::fail(mcp::ErrorKind::usage, fmt::format("{}: {}", mcp::printable(word), why),
                   "write git:REV:PATH, for example git:HEAD~1:surface.json");
}

class Output final : public mcp::ChildObserver {
 public:
  void on_stdout(std::string_view bytes) override {
    if (text.size() <= largest_file) text += bytes;
  }
  void on_stdout_closed() override {}
  void on_stderr(std::string_view bytes) override {
    if (complaint.size() < 4096) complaint += bytes;
  }
  void on_exit(mcp::ChildExit how) override { exit = how; }

  std::string text;
  std::string complaint;
  std::optional<mcp::ChildExit> exit;
};

std::string shown(const GitFile& file) {
  return mcp::printable(fmt::format("{}{}:{}", prefix, file.revision, file.path));
}

/// "fatal: path 'x' does not exist in 'HEAD'" without its first word.
std::string complaint_of(const Output& output) {
  std::string_view text = mcp::trim(output.complaint);
  text = text.substr(0, text.find('\n'));
  if (text.starts_with("fatal: ")) text.remove_prefix(7);
  return text.empty() ? "git: " + output.exit->describe() : "git: " + mcp::excerpt(text, 400);
}

mcp::Result<std::string> outcome_of(const GitFile& file, Output& output, bool interrupted) {
  const auto name = shown(file);
  if (interrupted) return mcp::fail(mcp::ErrorKind::interrupted, name + ": interrupted");
  if (!output.exit) return mcp::fail(mcp::ErrorKind::timeout, name + ": git does not end");
  if (output.exit->status != 0 || output.exit->signal != 0) {
    return mcp::fail(mcp::ErrorKind::usage, fmt::format("{}: {}", name, complaint_of(output)));
  }
  if (output.text.size() > largest_file) {
    return mcp::fail(mcp::ErrorKind::usage,
                     fmt::format("{}: is larger than {} bytes", name, largest_file));
  }
  return std::move(output.text);
}

}  // namespace

mcp::Result<std::optional<GitFile>> parse_git_file(std::string_view word) {
  if (!word.starts_with(prefix)) return std::nullopt;
  const auto rest = word.substr(prefix.size());
  const auto colon = rest.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == rest.size()) {
    return refuse(word, "REV or PATH is missing");
  }
  if (rest.starts_with('-')) return refuse(word, "REV must not begin with a dash");
  return GitFile{.revision = std::string(rest.substr(0, colon)),
                 .path = std::string(rest.substr(colon + 1))};
}

mcp::Result<std::string> read_git_file(const GitFile& file,
                                       const std::filesystem::path& directory) {
  const auto loop = mcp::make_loop();
  const auto spawner = mcp::make_child_spawner(*loop);
  Output output;
  // What `git show` shows, but never through a filter or pager of somebody's configuration.
  const mcp::ChildOptions options{
      .argv = {"git", "cat-file", "blob", fmt::format("{}:{}", file.revision, file.path)},
      .environment = {{"GIT_TERMINAL_PROMPT", "0"}},
      .directory = directory.string()};
  auto child = spawner->spawn(options, output);
  if (!child) {
    return mcp::fail(mcp::ErrorKind::usage,
                     fmt::format("{}: {}", shown(file), child.error().message),
                     "git must be installed to read a file from a revision");
  }
  (*child)->close_stdin();
  bool interrupted = false;
  std::unique_ptr<mcp::Handle> signals;
  signals = mcp::watch_signals(*loop, {SIGINT, SIGTERM}, [&](int) {
    interrupted = true;
    signals.reset();
  });
  const auto deadline = loop->now() + patience;
  while (!output.exit && !interrupted && loop->now() < deadline) loop->turn(deadline);
  return outcome_of(file, output, interrupted);
}

}  // namespace cli
