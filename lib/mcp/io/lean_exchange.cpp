#include "mcp/io/lean_exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/io/curl_failure.hpp"
#include "mcp/io/curl_timings.hpp"
#include "mcp/io/lean_lane.hpp"

namespace mcp {

LeanExchange::LeanExchange(LeanLane& lane, LeanCore& core, HttpObserver& observer)
    : lane_(&lane), core_(core), observer_(&observer), started_(Clock::now()) {}

LeanExchange::~LeanExchange() {
  if (!lane_) return;
  core_.deadlines.remove(*this);
  lane_->cancel(*this);
}

void LeanExchange::detach() {
  core_.deadlines.remove(*this);
  waiting.reset();
  lane_ = nullptr;
  observer_ = nullptr;
}

void LeanExchange::begin(LeanConnection& on, const HttpTimings& link, bool is_new) {
  connection = &on;
  link_ = &link;
  is_new_ = is_new;
  begun_ = is_new ? Clock::now() : started_;
  core_.deadlines.add(*this);
}

void LeanExchange::rewind() {
  core_.deadlines.remove(*this);
  connection = nullptr;
  sent_ = 0;
  head_bytes_ = 0;
}

LeanExchange::Heard LeanExchange::hear(std::string_view& bytes, const bool& gone) {
  last_heard_ = Clock::now();
  if (!parser_) {
    parser_ = std::make_unique<LeanAnswerParser>(request.is_head, request.max_header_bytes);
    first_byte_ = last_heard_;
  }
  while (true) {
    const auto step = parser_->step(bytes, core_.head);
    bytes.remove_prefix(step.consumed);
    auto heard = Heard::more;
    switch (step.what) {
      case LeanAnswerParser::What::more:
        if (step.consumed > 0) continue;
        if (!parser_->head_done()) head_bytes_ = parser_->head_bytes() + bytes.size();
        return Heard::more;
      case LeanAnswerParser::What::head:
        heard = take_head(gone);
        break;
      case LeanAnswerParser::What::data:
        heard = take_data(step.data, gone);
        break;
      case LeanAnswerParser::What::done:
        return Heard::done;
      case LeanAnswerParser::What::failed:
        return refuse_answer();
    }
    if (heard != Heard::more) return heard;
  }
}

bool LeanExchange::hear_end() {
  last_heard_ = Clock::now();
  return parser_ && parser_->end();
}

LeanExchange::Heard LeanExchange::take_head(const bool& gone) {
  head_bytes_ = parser_->head_bytes();
  const auto& head = core_.head;
  status_ = head.status;
  observer_->on_head(head);
  if (gone) return Heard::gone;
  forget_request();
  const auto length = request.is_head ? std::nullopt : parser_->content_length();
  if (!length || *length <= request.max_body_bytes) return Heard::more;
  return refuse({.kind = ErrorKind::limit,
                 .message = fmt::format("the answer has {} bytes, more than {} (max_body_bytes)",
                                        *length, request.max_body_bytes)});
}

/// A stream may stay open for hours; what has been answered is not sent again.
void LeanExchange::forget_request() {
  if (request.owned.empty() || !is_sent()) return;
  std::string().swap(request.owned);
  request.bytes = {};
  sent_ = 0;
}

LeanExchange::Heard LeanExchange::take_data(std::string_view data, const bool& gone) {
  body_bytes_ += data.size();
  if (body_bytes_ > request.max_body_bytes) {
    return refuse({.kind = ErrorKind::limit,
                   .message = fmt::format("the answer is larger than {} bytes when unpacked "
                                          "(max_body_bytes)",
                                          request.max_body_bytes)});
  }
  observer_->on_data(data);
  return gone ? Heard::gone : Heard::more;
}

LeanExchange::Heard LeanExchange::refuse(Error error) {
  refusal_ = std::make_unique<const Error>(std::move(error));
  return Heard::refused;
}

LeanExchange::Heard LeanExchange::refuse_answer() {
  if (parser_->fault() == LeanAnswerParser::Fault::head_too_large) {
    return refuse({.kind = ErrorKind::limit,
                   .message = fmt::format("the answer's header is larger than {} bytes "
                                          "(max_header_bytes)",
                                          request.max_header_bytes)});
  }
  const bool not_http = parser_->fault() == LeanAnswerParser::Fault::not_http;
  return refuse(describe({.code = not_http ? FailureCode::not_http : FailureCode::unreadable,
                          .detail = parser_->reason(),
                          .url = target->url}));
}

HttpTimings LeanExchange::timings() const {
  HttpTimings timings;
  if (is_new_) timings = *link_;
  timings.peer_address = link_->peer_address;
  timings.new_connection = is_new_;
  timings.http_version = parser_->is_http_1_0() ? "1.0" : "1.1";
  timings.status = status_;
  timings.first_byte = first_byte_ - begun_;
  timings.transfer = last_heard_ - first_byte_;
  timings.total = last_heard_ - started_;
  return timings;
}

Error LeanExchange::deadline_error() const {
  const Progress progress{.authority = target->authority,
                          .request_bytes = request.body_size,
                          .head_bytes = head_bytes_,
                          .head_complete = parser_ && parser_->head_done(),
                          .body_bytes = body_bytes_};
  auto uploaded = request.body_size;  // all, once the request is forgotten
  if (!request.bytes.empty()) {
    const auto head_size = request.bytes.size() - request.body_size;
    uploaded = std::max(sent_, head_size) - head_size;
  }
  return {.kind = ErrorKind::timeout,
          .message = "timed out " + describe_exchange_phase(progress, uploaded)};
}

Error LeanExchange::cut_error(CurlFailure failure) const {
  failure.url = target->url;
  failure.head_complete = parser_ && parser_->head_done();
  failure.head_bytes = head_bytes_;
  failure.body_bytes = body_bytes_;
  return describe(failure);
}

void LeanExchange::on_deadline() {
  lane_->time_out(*this);
}

void LeanExchange::finish(Result<HttpTimings> outcome) {
  core_.deadlines.remove(*this);
  waiting.reset();
  parser_.reset();
  if (auto* observer = std::exchange(observer_, nullptr)) {
    observer->on_finished(std::move(outcome));
  }
}

}  // namespace mcp
