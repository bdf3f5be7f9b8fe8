#include "tests/server/responders.hpp"

#include <algorithm>
#include <utility>

#include "mcp/io/http_server_format.hpp"

namespace mcp::testserver {

bool holds_response(std::string_view text) {
  return text.contains(R"("result":{)") || text.contains(R"("error":{)");
}

void Parking::park(ResponderPtr responder) {
  const auto place = parked_.insert(parked_.end(), std::move(responder));
  (*place)->on_closed([this, place] {
    // Taken out first: destroying it may come back to this list.
    const auto gone = std::move(*place);
    parked_.erase(place);
  });
}

void Parking::reset_when_sent(ResponderPtr responder) {
  park(std::move(responder));
  const auto place = std::prev(parked_.end());
  (*place)->on_drained([this, place] {
    const auto gone = std::move(*place);
    parked_.erase(place);
    gone->close(Ending::reset);
  });
}

CuttingResponder::CuttingResponder(Parking& parking, Fault::Kind how, std::size_t bytes,
                                   ResponderPtr inner)
    : ForwardingResponder(std::move(inner)), parking_(parking), how_(how), left_(bytes) {
  inner_->take_over();
}

void CuttingResponder::respond(int status, const HeaderList& headers, std::string_view body) {
  std::string text;
  append_head(
      text,
      {.status = status, .headers = &headers, .length = body.size(), .keep_alive = KeepAlive::no});
  text += body;
  emit(text);
  if (inner_ != nullptr) inner_->close(Ending::orderly);
}

void CuttingResponder::start(int status, const HeaderList& headers) {
  std::string text;
  append_head(text, {.status = status,
                     .headers = &headers,
                     .framing = BodyFraming::chunked,
                     .keep_alive = KeepAlive::no});
  emit(text);
}

void CuttingResponder::write(std::string_view bytes) {
  std::string text;
  append_chunk(text, bytes);
  emit(text);
}

void CuttingResponder::finish() {
  emit(last_chunk);
  if (inner_ != nullptr) inner_->close(Ending::orderly);
}

void CuttingResponder::emit(std::string_view bytes) {
  if (inner_ == nullptr) return;
  const auto part = bytes.substr(0, left_);
  left_ -= part.size();
  if (!part.empty()) inner_->write(part);
  if (part.size() == bytes.size()) return;
  cut();
}

void CuttingResponder::cut() {
  switch (how_) {
    case Fault::Kind::stall:
      return parking_.park(std::exchange(inner_, nullptr));
    case Fault::Kind::reset:
      return parking_.reset_when_sent(std::exchange(inner_, nullptr));
    default:
      inner_->close(Ending::orderly);
      inner_.reset();
  }
}

void TruncatingResponder::respond(int status, const HeaderList& headers, std::string_view body) {
  inner_->respond(status, headers, body.substr(0, bytes_.value_or(body.size() / 2)));
}

void TruncatingResponder::write(std::string_view bytes) {
  if (over_) return;
  const bool last = bytes_ ? written_ + bytes.size() >= *bytes_ : holds_response(bytes);
  if (!last) {
    written_ += bytes.size();
    return inner_->write(bytes);
  }
  over_ = true;
  inner_->write(bytes.substr(0, bytes_ ? *bytes_ - written_ : bytes.size() / 2));
  inner_->finish();
}

void TruncatingResponder::finish() {
  if (!over_) inner_->finish();
}

void BufferingResponder::start(int status, const HeaderList& headers) {
  status_ = status;
  headers_ = headers;
}

void BufferingResponder::finish() {
  inner_->start(status_, headers_);
  inner_->write(held_);
  inner_->finish();
}

}  // namespace mcp::testserver
