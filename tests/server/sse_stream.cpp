#include "tests/server/sse_stream.hpp"

#include <utility>

#include "tests/server/json_view.hpp"

namespace mcp::testserver {

namespace {

HeaderList stream_headers(const HeaderList& further) {
  // 2026-07-28 streamable-http, "Receiving Messages": X-Accel-Buffering tells proxies not to hold
  // events back.
  HeaderList headers{{.name = "Content-Type", .value = "text/event-stream"},
                     {.name = "Cache-Control", .value = "no-cache, no-transform"},
                     {.name = "X-Accel-Buffering", .value = "no"}};
  headers.insert(headers.end(), further.begin(), further.end());
  return headers;
}

}  // namespace

void OpenStreams::keep_alive() {
  // A copy: a write may end a connection.
  for (auto* stream : std::list(streams_)) stream->comment();
}

SseStream::SseStream(OpenStreams& registry, std::unique_ptr<HttpResponder> responder,
                     const HeaderList& headers)
    : registry_(registry), responder_(std::move(responder)) {
  place_ = registry_.streams_.insert(registry_.streams_.end(), this);
  ++registry_.metrics_.streams_opened;
  ++registry_.metrics_.streams_open;
  responder_->start(200, stream_headers(headers));
}

SseStream::~SseStream() {
  registry_.streams_.erase(place_);
  --registry_.metrics_.streams_open;
}

void SseStream::event(std::string_view data, std::string_view id, std::string_view type) {
  std::string storage;
  const auto line = one_line(data, storage);
  std::string text;
  text.reserve(line.size() + id.size() + type.size() + 32);
  text += "event: ";
  text += type;
  if (!id.empty()) {
    text += "\nid: ";
    text += id;
  }
  text += "\ndata: ";
  text += line;
  text += "\n\n";
  responder_->write(text);
}

void SseStream::prime(std::string_view id, std::chrono::milliseconds retry) {
  responder_->write("id: " + std::string(id) + "\nretry: " + std::to_string(retry.count()) +
                    "\ndata: \n\n");
}

void SseStream::comment() {
  responder_->write(": keep-alive\n\n");
}

void SseStream::finish() {
  responder_->finish();
}

}  // namespace mcp::testserver
