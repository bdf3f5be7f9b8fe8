#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "mcp/io/loop.hpp"
#include "tests/server/responders.hpp"

namespace mcp::testserver {

/// More bytes than memory should hold: `filler` over and over between two texts.
struct Flood {
  static constexpr std::uint64_t endless = std::numeric_limits<std::uint64_t>::max();
  std::string head;
  std::string filler;
  std::uint64_t repeats = endless;
  std::string tail;
  Duration gap{};  // between two fillers; 0: as fast as the peer takes them
};

/// Sends floods, each at the pace of its connection.
class Pump {
 public:
  explicit Pump(Loop& loop) : loop_(loop) {}
  /// The answer has been started. `closed` is called when the peer goes away before its end.
  void run(ResponderPtr responder, Flood flood, std::function<void()> closed);

 private:
  struct Run {
    ResponderPtr responder;
    Flood flood;
    std::unique_ptr<Handle> timer;
  };
  void step(std::list<Run>::iterator run);

  Loop& loop_;
  std::list<Run> runs_;
};

/// Pads the result to a size; see Fault::Kind::huge.
class HugeResponder : public ForwardingResponder {
 public:
  HugeResponder(Pump& pump, std::size_t size, ResponderPtr inner)
      : ForwardingResponder(std::move(inner)), pump_(pump), size_(size) {}
  void respond(int status, const HeaderList& headers, std::string_view body) override;
  void write(std::string_view bytes) override;

 private:
  void pad(std::string_view text);
  Pump& pump_;
  std::size_t size_;
};

/// Answers with an endless event stream; see Fault::Kind::comments and notifications.
class FloodResponder : public ForwardingResponder {
 public:
  FloodResponder(Pump& pump, Flood flood, ResponderPtr inner);
  ~FloodResponder() override;
  FloodResponder(const FloodResponder&) = delete;
  FloodResponder& operator=(const FloodResponder&) = delete;
  void respond(int status, const HeaderList& headers, std::string_view body) override;
  void start(int status, const HeaderList& headers) override;
  void on_closed(Task task) override;

 private:
  void flood();
  Pump& pump_;
  Flood flood_;
  // Shared with the pump, which must not call it once this responder is gone.
  std::shared_ptr<Task> closed_ = std::make_shared<Task>();
};

/// Cuts a text with a result in two, between which padding of any size fits: `"padding":"…"`.
struct PaddedText {
  std::string head;
  std::string tail;
};
std::optional<PaddedText> split_for_padding(std::string_view text);
/// Log messages, to be repeated; as events, or as lines.
enum class FloodForm { events, lines };
std::string notification_filler(FloodForm form);

}  // namespace mcp::testserver
