#pragma once

#include <string>
#include <vector>

#include "mcp/transport/transport.hpp"

namespace mcp {

/// Writes down what a transport tells, one line a call: "message {...}",
/// "failed 1 [session-lost]", and keeps the errors for closer looks.
class Recorder final : public TransportObserver {
 public:
  void on_message(Message message) override;
  void on_request_failed(const RequestId& id, Error error) override;
  void on_send_failed(Error error) override;
  void on_closed(Error why) override;
  void on_stream_opened() override { lines.emplace_back("stream opened"); }
  void on_stream_ended(Error why) override;
  void on_warning(const std::string& warning) override { lines.push_back("warning " + warning); }
  void on_keep_alive() override { ++keep_alives; }
  void on_timings(const HttpTimings&) override { ++timings; }

  /// The lines since the last call.
  std::vector<std::string> take();

  std::vector<std::string> lines;
  /// Of the last failure of any sort.
  Error error;
  int timings = 0;
  int keep_alives = 0;
  /// When set, called after each message was written down.
  std::move_only_function<void(const Message&)> after_message;

 private:
  void note(const std::string& what, Error why);
};

using Lines = std::vector<std::string>;

}  // namespace mcp
