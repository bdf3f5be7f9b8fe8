#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mcp/io/child_process.hpp"
#include "mcp/transport/stderr_tail.hpp"
#include "mcp/transport/table.hpp"
#include "mcp/wire/line_framer.hpp"

namespace mcp {

/// A server as a child process: a JSON-RPC message a line on its stdin and stdout (2026-07-28
/// stdio). What it logs on stdout in spite of the protocol is skipped, warned of once and counted;
/// its stderr is kept for the error that tells of its death.
class Stdio final : public Transport, private ChildObserver {
 public:
  Stdio(const Endpoint& endpoint, TransportContext context, TransportObserver& observer);

  TransportKind kind() const override { return TransportKind::stdio; }
  void open(TimePoint deadline, std::move_only_function<void(Result<void>)> done) override;
  void send(Outgoing outgoing) override;
  void abandon(const RequestId& id) override;
  void set_revision(Revision revision) override { revision_ = revision; }
  void close(TimePoint deadline, std::move_only_function<void(Result<void>)> done) override;

  std::size_t skipped_lines() const { return skipped_lines_; }

 private:
  void on_stdout(std::string_view bytes) override;
  void on_stdout_closed() override;
  void on_stderr(std::string_view bytes) override { stderr_.append(bytes); }
  void on_exit(ChildExit how) override;

  void take_line(const std::string& line);
  void skip(const std::string& line);
  void refuse(const std::string& line, Error error);
  void note_answer(const Message& message);
  void die(Error why);
  Error ended_error(const std::string& how) const;

  void terminate(TimePoint kill_at);
  void kill();
  void finish_close(Result<void> outcome);

  Loop& loop_;
  ChildSpawner& children_;
  TransportObserver& observer_;
  Endpoint endpoint_;
  std::optional<Revision> revision_;
  LineFramer framer_;
  StderrTail stderr_;
  /// Requests without an answer yet, oldest first, by method: for the error of an early death.
  std::vector<std::pair<RequestId, std::string>> unanswered_;
  std::size_t skipped_lines_ = 0;
  bool has_answered_ = false;
  bool has_exited_ = false;
  bool is_dead_ = false;  // nothing more is told
  std::unique_ptr<Handle> open_timer_;
  std::unique_ptr<Handle> timer_;
  std::move_only_function<void(Result<void>)> closed_;
  std::unique_ptr<ChildProcess> child_;
};

}  // namespace mcp
