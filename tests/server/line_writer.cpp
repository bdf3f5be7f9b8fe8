#include "tests/server/line_writer.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace mcp::testserver {

LineWriter::LineWriter(Loop& loop, int descriptor) : loop_(loop), descriptor_(descriptor) {
  struct stat about{};
  // A terminal's flags are shared with the shell that waits behind us, and files never block.
  if (::fstat(descriptor, &about) != 0 || !(S_ISFIFO(about.st_mode) || S_ISSOCK(about.st_mode))) {
    return;
  }
  old_flags_ = ::fcntl(descriptor, F_GETFL);
  ::fcntl(descriptor, F_SETFL, old_flags_ | O_NONBLOCK);
}

LineWriter::~LineWriter() {
  if (old_flags_ >= 0) ::fcntl(descriptor_, F_SETFL, old_flags_);
}

void LineWriter::line(std::string_view text) {
  raw(std::string(text) + "\n");
}

void LineWriter::raw(std::string_view bytes) {
  if (muted_ || broken_) return;
  pending_ += bytes;
  if (!blocked_) flush();
}

void LineWriter::on_empty(Task task) {
  empty_ = std::move(task);
  wait();
}

void LineWriter::flush() {
  std::size_t sent = 0;
  blocked_ = false;
  while (sent < pending_.size()) {
    const auto count = ::write(descriptor_, pending_.data() + sent, pending_.size() - sent);
    if (count >= 0) {
      sent += static_cast<std::size_t>(count);
    } else if (errno != EINTR) {
      blocked_ = errno == EAGAIN || errno == EWOULDBLOCK;
      broken_ = !blocked_;
      break;
    }
  }
  pending_.erase(0, broken_ ? pending_.size() : sent);
  wait();
}

/// Watches only while there is something to wait for; tasks run from the loop, never from a write.
void LineWriter::wait() {
  if (!blocked_ && !empty_) return watch_.reset();
  if (!blocked_) {
    watch_ = loop_.start_timer(loop_.now(), [this] {
      watch_.reset();
      if (auto task = std::exchange(empty_, {})) task();
    });
    return;
  }
  watch_ = loop_.watch(descriptor_, Interest::write, [this](Readiness) { flush(); });
}

}  // namespace mcp::testserver
