#pragma once

#include <dirent.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "mcp/base/time.hpp"
#include "mcp/io/descriptor.hpp"
#include "mcp/io/loop.hpp"

namespace mcp {

struct EstablishedSocketsOptions {
  std::uint16_t port = 0;  // the server's, on this machine
  Duration interval = std::chrono::seconds(5);
  /// The kernel's tables; one that is not there (no IPv6) counts for nothing.
  std::vector<std::string> tables = {"/proc/net/tcp", "/proc/net/tcp6"};
  std::string own_descriptors = "/proc/self/fd";
  std::size_t bytes_in_a_turn = 32UL * 1024;
};

/// Counts the established connections that have a port of this network namespace at the server's
/// end, without those that this process has made itself. Long tables are read in pieces, one a turn
/// of the loop.
class EstablishedSockets {
 public:
  EstablishedSockets(Loop& loop, EstablishedSocketsOptions options);
  ~EstablishedSockets();
  EstablishedSockets(const EstablishedSockets&) = delete;
  EstablishedSockets& operator=(const EstablishedSockets&) = delete;

  void start() { begin(); }
  /// As of the last whole pass; nothing before the first, or where no table can be read.
  std::optional<std::size_t> count() const { return count_; }
  std::optional<TimePoint> taken() const { return taken_; }
  const std::string& problem() const { return problem_; }

 private:
  struct CloseFolder {
    void operator()(DIR* folder) const;
  };

  void begin();
  void read_own();
  void open_next();
  void read_piece();
  void later(void (EstablishedSockets::*next)());
  void take_line(const std::string& line);
  void finish();

  Loop& loop_;
  EstablishedSocketsOptions options_;
  std::unique_ptr<Handle> timer_;
  std::unique_ptr<DIR, CloseFolder> folder_;
  std::unordered_set<std::uint64_t> own_;  // inodes of this process's sockets
  Descriptor table_;
  std::size_t next_table_ = 0;
  std::size_t tables_read_ = 0;
  std::string rest_;     // a line that is not whole yet
  std::string trouble_;  // of this pass
  std::size_t servers_ = 0;
  std::size_t ours_ = 0;
  std::optional<std::size_t> count_;
  std::optional<TimePoint> taken_;
  std::string problem_ = "the connections were not counted yet";
};

}  // namespace mcp
