#include "tests/server/http_channels.hpp"

#include <utility>

namespace mcp::testserver {

bool ask_on_get_stream(StreamablePeer* peer, std::string_view request) {
  if (peer == nullptr) return false;
  const auto stream = peer->streams.newest_get();
  if (!stream) return false;
  peer->streams.send(*stream, request);
  return true;
}

JsonChannel::JsonChannel(ResponderPtr responder, HeaderList headers, StreamablePeer* peer,
                         Head head)
    : responder_(std::move(responder)), headers_(std::move(headers)), peer_(peer), head_(head) {
  if (head_ == Head::at_once) responder_->start(200, headers_);
}

void JsonChannel::respond(std::string_view message, int status) {
  if (head_ == Head::with_response) return responder_->respond(status, headers_, message);
  responder_->write(message);
  responder_->finish();
}

void JsonChannel::abandon() {
  if (head_ == Head::with_response) return responder_->respond(204, {}, {});
  responder_->finish();
}

void SseChannel::respond(std::string_view message, int /*status*/) {
  stream_->event(message);
  stream_->finish();
}

bool LoggedChannel::ask(std::string_view request) {
  if (ask_on_get_) return ask_on_get_stream(&peer_, request);
  peer_.streams.send(stream_, request);
  return true;
}

void LoggedChannel::respond(std::string_view message, int /*status*/) {
  peer_.streams.send(stream_, message);
  peer_.streams.finish(stream_);
}

BatchCollector::BatchCollector(std::size_t expected, std::unique_ptr<Channel> out)
    : expected_(expected), out_(std::move(out)) {}

void BatchCollector::take(std::string_view response) {
  if (!response.empty()) {
    responses_ += responses_.empty() ? '[' : ',';
    responses_ += response;
  }
  if (--expected_ > 0) return;
  if (responses_.empty()) return out_->abandon();
  out_->respond(responses_ + "]", 200);
}

}  // namespace mcp::testserver
