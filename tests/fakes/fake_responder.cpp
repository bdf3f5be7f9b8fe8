#include "tests/fakes/fake_responder.hpp"

#include "mcp/base/text.hpp"

namespace mcp {

const std::string* FakeAnswer::find(std::string_view name) const {
  for (const auto& header : headers) {
    if (equals_ignoring_case(header.name, name)) return &header.value;
  }
  return nullptr;
}

void FakeAnswer::disconnect() {
  gone_ = true;
  if (auto task = std::exchange(closed_, {})) task();
}

void FakeAnswer::drain() {
  unsent = 0;
  if (auto task = std::exchange(drained_, {})) task();
}

FakeResponder::~FakeResponder() {
  if (!answer_->finished && answer_->ending.empty()) answer_->abandoned = true;
}

void FakeResponder::respond(int status, const HeaderList& headers, std::string_view body) {
  if (answer_->gone_) return;
  answer_->status = status;
  answer_->headers = headers;
  answer_->body = body;
  finish();
}

void FakeResponder::start(int status, const HeaderList& headers) {
  if (answer_->gone_) return;
  answer_->status = status;
  answer_->headers = headers;
  answer_->streaming = true;
}

void FakeResponder::write(std::string_view bytes) {
  if (!answer_->gone_) answer_->body += bytes;
}

void FakeResponder::finish() {
  if (answer_->gone_) return;
  answer_->finished = true;
  answer_->closed_ = {};
}

void FakeResponder::close(Ending ending) {
  if (!answer_->gone_) answer_->ending = ending == Ending::reset ? "reset" : "orderly";
}

HttpServerRequest fake_request(std::string_view method, std::string_view path,
                               std::vector<HeaderView> headers, std::string_view body) {
  HttpServerRequest request;
  request.method = method;
  const auto mark = path.find('?');
  request.path = path.substr(0, mark);
  if (mark != std::string_view::npos) request.query = path.substr(mark + 1);
  request.headers = std::move(headers);
  request.body = body;
  request.connection = 1;
  return request;
}

}  // namespace mcp
