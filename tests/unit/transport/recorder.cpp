#include "tests/unit/transport/recorder.hpp"

#include <utility>

#include "mcp/wire/codec.hpp"

namespace mcp {

void Recorder::on_message(Message message) {
  lines.push_back("message " + encode(message));
  if (after_message) after_message(message);
}

void Recorder::on_request_failed(const RequestId& id, Error why) {
  note("failed " + to_string(id), std::move(why));
}

void Recorder::on_send_failed(Error why) {
  note("send failed", std::move(why));
}

void Recorder::on_closed(Error why) {
  note("closed", std::move(why));
}

void Recorder::on_stream_ended(Error why) {
  note("stream ended", std::move(why));
}

std::vector<std::string> Recorder::take() {
  return std::exchange(lines, {});
}

void Recorder::note(const std::string& what, Error why) {
  lines.push_back(what + " [" + std::string(to_string(why.kind)) + "] " + why.message);
  error = std::move(why);
}

}  // namespace mcp
