#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "mcp/io/established_sockets.hpp"
#include "probes/sidecar/socket_sessions.hpp"
#include "tests/fakes/fake_loop.hpp"

using namespace probes::sidecar;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

/// Files as the kernel writes them, in a folder that goes with this.
class Tables {
 public:
  Tables() : folder_(fs::temp_directory_path() / ("mcpctl-tables-" + std::to_string(::getpid()))) {
    fs::create_directories(folder_ / "fd");
  }
  Tables(const Tables&) = delete;
  Tables& operator=(const Tables&) = delete;
  ~Tables() { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ / name; }
  void write(const std::string& name, const std::string& lines) const {
    std::ofstream(folder_ / name)
        << "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  "
           "timeout inode\n"
        << lines;
  }
  void own(int inode) const {
    fs::create_symlink("socket:[" + std::to_string(inode) + "]",
                       folder_ / "fd" / std::to_string(inode));
  }

 private:
  fs::path folder_;
};

std::string line(const std::string& local, const std::string& remote, const std::string& state,
                 int inode) {
  return "   0: " + local + " " + remote + " " + state +
         " 00000000:00000000 00:00000000 00000000  1000        0 " + std::to_string(inode) +
         " 1 0000000000000000 20 4 30 10 -1\n";
}

}  // namespace

TEST_CASE("established sockets: only the port's established connections count, less our own") {
  const Tables tables;
  const std::string mapped = "0000000000000000FFFF00000100007F:1F90";
  tables.write("tcp", line("00000000:1F90", "00000000:0000", "0A", 1) +
                          line("0100007F:1F90", "0100007F:C350", "01", 2) +
                          line("0100007F:1F90", "0100007F:C351", "06", 3) +
                          line("0100007F:1F91", "0100007F:1F90", "01", 4) +
                          line("0100007F:C350", "0100007F:1F90", "01", 5) +
                          line("0100007F:C352", "0100007F:1F90", "01", 6));
  tables.write("tcp6", line(mapped, "0000000000000000FFFF00000100007F:C352", "01", 7) +
                           line(mapped, "0000000000000000FFFF00000100007F:C353", "01", 8));
  tables.own(6);
  tables.own(99);
  mcp::FakeLoop loop;
  mcp::EstablishedSockets sockets(loop, {.port = 8080,
                                         .interval = 5s,
                                         .tables = {tables.path("tcp"), tables.path("tcp6")},
                                         .own_descriptors = tables.path("fd"),
                                         .bytes_in_a_turn = 50});
  const SocketSessions sessions(sockets);
  CHECK(sessions.count(loop.now()).problem == "the connections were not counted yet");
  sockets.start();
  loop.settle();
  const auto count = sessions.count(loop.now());
  CHECK(count.source == CountSource::sockets);
  CHECK(count.active == 2);
  CHECK(count.upper_bound);
  CHECK(count.taken == loop.now());
  CHECK(count.problem.empty());
  tables.write("tcp", "");
  tables.write("tcp6", "");
  loop.advance(5s);
  loop.settle();
  CHECK(sessions.count(loop.now()).active == 0);
}

TEST_CASE("established sockets: a machine without tables says so") {
  mcp::FakeLoop loop;
  mcp::EstablishedSockets sockets(loop, {.port = 8080, .tables = {"/nowhere/tcp"}});
  sockets.start();
  loop.settle();
  CHECK_FALSE(sockets.count().has_value());
  CHECK(sockets.problem() == "no table of connections can be read");
}
