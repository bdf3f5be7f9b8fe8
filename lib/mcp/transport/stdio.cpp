#include "mcp/transport/stdio.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/transport/message_facts.hpp"

namespace mcp {
namespace {

/// After its stdout has ended a child is given this long to exit, which tells more.
constexpr auto exit_patience = std::chrono::milliseconds(200);

}  // namespace

Stdio::Stdio(const Endpoint& endpoint, TransportContext context, TransportObserver& observer)
    : loop_(context.loop),
      children_(*context.children),
      observer_(observer),
      endpoint_(endpoint),
      framer_(endpoint.limits.message.bytes),
      stderr_(endpoint.limits.stderr_bytes) {}

void Stdio::open(TimePoint /*deadline*/, std::move_only_function<void(Result<void>)> done) {
  Result<void> outcome;
  if (auto child = children_.spawn(endpoint_.child, *this)) {
    child_ = *std::move(child);
  } else {
    is_dead_ = true;
    outcome = std::unexpected(std::move(child.error()));
  }
  // A timer of its own: the child may end before the owner has heard that it was started.
  open_timer_ = loop_.start_timer(loop_.now(),
                                  [done = std::move(done), outcome = std::move(outcome)]() mutable {
                                    done(std::move(outcome));
                                  });
}

void Stdio::send(Outgoing outgoing) {
  if (is_dead_ || !child_) return;
  if (auto id = request_id_of(outgoing.message)) {
    unanswered_.emplace_back(*std::move(id), name_of(outgoing.message));
  }
  child_->write(encode(outgoing.message) + '\n');
}

void Stdio::abandon(const RequestId& id) {
  std::erase_if(unanswered_, [&id](const auto& each) { return each.first == id; });
}

void Stdio::on_stdout(std::string_view bytes) {
  if (is_dead_) return;
  const auto lines = framer_.feed(bytes);
  if (!lines) return die(lines.error());
  for (const auto& line : *lines) {
    take_line(line);
    if (is_dead_) return;
  }
}

void Stdio::take_line(const std::string& line) {
  auto messages = decode_under(revision_, line, endpoint_.limits.message, "stdout");
  if (!messages) {
    // A log line, JSON or not, does not speak of JSON-RPC; a broken message does.
    if (!line.contains("\"jsonrpc\"")) return skip(line);
    return refuse(line, std::move(messages.error()));
  }
  for (auto& message : *messages) {
    note_answer(message);
    observer_.on_message(std::move(message));
    if (is_dead_) return;
  }
}

void Stdio::skip(const std::string& line) {
  // "The server MUST NOT write anything to its stdout that is not a valid MCP message" (2026-07-28
  // stdio). Many do, and their other messages are good.
  if (skipped_lines_++ > 0) return;
  observer_.on_warning(
      "stdout holds a line that is no MCP message, skipped like all that follow: " + quoted(line));
}

void Stdio::refuse(const std::string& line, Error error) {
  if (const auto id = find_id(line, endpoint_.limits.message)) {
    abandon(*id);
    return observer_.on_request_failed(*id, std::move(error));
  }
  die(std::move(error));
}

void Stdio::note_answer(const Message& message) {
  if (const auto id = answered_id_of(message)) {
    has_answered_ = true;
    abandon(*id);
  }
}

void Stdio::on_stdout_closed() {
  if (is_dead_) return;
  // The last line may lack its line feed.
  if (const std::string rest(trim(framer_.rest())); !rest.empty()) take_line(rest);
  if (is_dead_ || closed_) return;
  timer_ = loop_.start_timer(loop_.now() + exit_patience,
                             [this] { die(ended_error("closed its stdout")); });
}

void Stdio::on_exit(ChildExit how) {
  has_exited_ = true;
  if (closed_) return finish_close({});
  if (!is_dead_) die(ended_error("ended (" + how.describe() + ")"));
}

Error Stdio::ended_error(const std::string& how) const {
  auto message = "the server process " + how;
  if (!unanswered_.empty()) message += " before answering " + unanswered_.front().second;
  if (const auto line = stderr_.last_line(); !line.empty()) {
    message += "; its last stderr line: " + quoted(line);
  }
  return {.kind = has_answered_ ? ErrorKind::protocol : ErrorKind::connect,
          .message = std::move(message)};
}

void Stdio::die(Error why) {
  is_dead_ = true;
  timer_.reset();
  observer_.on_closed(std::move(why));
}

// 2026-07-28 stdio, "Shutdown": close stdin, wait, then SIGTERM, wait, then SIGKILL.
void Stdio::close(TimePoint deadline, std::move_only_function<void(Result<void>)> done) {
  is_dead_ = true;
  closed_ = std::move(done);
  if (!child_ || has_exited_) {
    timer_ = loop_.start_timer(loop_.now(), [this] { finish_close({}); });
    return;
  }
  child_->close_stdin();
  const auto now = loop_.now();
  const TimePoint patient = now + endpoint_.stdio_grace;
  // Each step gets its share of a short deadline, so that none is left out.
  const auto term_at = std::min(patient, now + std::max(deadline - now, Duration::zero()) / 2);
  const auto kill_at = std::min(term_at + endpoint_.stdio_grace, std::max(deadline, now));
  timer_ = loop_.start_timer(term_at, [this, kill_at] { terminate(kill_at); });
}

void Stdio::terminate(TimePoint kill_at) {
  observer_.on_warning(
      "the server process did not end when its stdin was closed: SIGTERM was sent");
  child_->send_signal(SIGTERM);
  timer_ = loop_.start_timer(kill_at, [this] { kill(); });
}

void Stdio::kill() {
  observer_.on_warning("the server process did not end on SIGTERM: SIGKILL was sent");
  child_->send_signal(SIGKILL);
  timer_ = loop_.start_timer(loop_.now() + exit_patience, [this] {
    finish_close(fail(ErrorKind::timeout,
                      fmt::format("the server process {} did not end on SIGKILL", child_->pid())));
  });
}

void Stdio::finish_close(Result<void> outcome) {
  timer_.reset();
  if (closed_) std::exchange(closed_, nullptr)(std::move(outcome));
}

}  // namespace mcp
