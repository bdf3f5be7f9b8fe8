#pragma once

#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "mcp/io/loop.hpp"
#include "mcp/wire/line_framer.hpp"
#include "tests/server/conversation.hpp"
#include "tests/server/line_writer.hpp"
#include "tests/server/pump.hpp"

namespace mcp::testserver {

/// An MCP server on two descriptors: one message a line. The end of the input ends it.
class StdioServer {
 public:
  /// `done` is called once: at the end of the input, when nobody reads the output, or by a fault.
  StdioServer(Loop& loop, TestServerOptions options, int input, int output, Task done);
  ~StdioServer();
  StdioServer(const StdioServer&) = delete;
  StdioServer& operator=(const StdioServer&) = delete;

  /// Ends subscriptions, writes what is left, then `done`.
  void drain();

 private:
  class FaultyChannel;
  struct Held {
    std::string line;
    Strikes strikes;
    std::unique_ptr<Handle> timer;
  };

  void read_some();
  void take_line(const std::string& line);
  void receive(std::string_view line, const Strikes& strikes);
  void hold(const std::string& line, const Strikes& strikes, Duration time);
  void respond(std::string_view message, const Strikes& strikes);
  void flood(Flood flood);
  void flood_on();
  void announce_later();
  void finish();

  Service service_;
  int input_;
  LineWriter writer_;
  LineFramer framer_;
  Session session_;
  std::unique_ptr<Conversation> conversation_;
  std::list<Held> held_;
  std::unique_ptr<Handle> reading_;
  std::unique_ptr<Handle> flooding_;
  std::unique_ptr<Handle> announcing_;
  Flood flood_;
  bool tools_changed_ = false;
  Task done_;
};

}  // namespace mcp::testserver
