#include "scenarios/prepared_call.hpp"

#include <array>
#include <charconv>
#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/wire/answer_scan.hpp"
#include "mcp/wire/sse_parser.hpp"

namespace scenarios {
namespace {

/// What is longer is read as it comes, by the client library.
constexpr std::size_t longest_body = 1024UL * 1024;
/// As the client library waits for the end of a stream whose answer has come.
constexpr std::chrono::milliseconds longest_linger{200};

bool is_type(std::string_view field, std::string_view type) {
  if (field == type) return true;
  return mcp::equals_ignoring_case(mcp::trim(field.substr(0, field.find(';'))), type);
}

bool is_id(std::string_view text, std::int64_t id) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), id).ptr;
  return text == std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

}  // namespace

PreparedCall::~PreparedCall() {
  if (gone_ != nullptr) *gone_ = true;
}

void PreparedCall::start(const Start& start) {
  owner_ = &start.owner;
  loop_ = &start.loop;
  id_ = start.id;
  era_ = start.era;
  started_ = mcp::Clock::now();
  exchange_ = start.lane.start_prepared(start.request, ask.deadline, *this);
}

void PreparedCall::finish() {
  linger_.reset();
  exchange_.reset();
  kind_ = Kind::unusual;
  is_answered_ = false;
  is_tool_error_ = false;
  body_.clear();
  outcome_.reset();
}

void PreparedCall::on_head(const mcp::HttpResponseHead& head) {
  if (heir_ != nullptr) return heir_->on_head(head);
  const auto* type = head.find("Content-Type");
  if (head.status == 200 && type != nullptr) {
    if (is_type(*type, "application/json")) {
      kind_ = Kind::text;
    } else if (is_type(*type, "text/event-stream")) {
      kind_ = Kind::events;
    }
  }
  if (kind_ != Kind::unusual) return;
  head_ = head;
  owner_->on_unusual(*this);
}

void PreparedCall::on_data(std::string_view bytes) {
  if (heir_ != nullptr) return heir_->on_data(bytes);
  body_ += bytes;
  if (body_.size() > longest_body) return owner_->on_unusual(*this);
  if (kind_ == Kind::events) read_events();
}

void PreparedCall::on_finished(mcp::Result<mcp::HttpTimings> outcome) {
  linger_.reset();
  if (heir_ != nullptr) return heir_->on_finished(std::move(outcome));
  if (is_answered_) return take_answer();
  if (outcome && kind_ == Kind::text && is_right(body_)) {
    ended_ = started_ + outcome->total;
    if (ask.wants_result) outcome_ = std::move(outcome);  // in case that it is not to be read
    return take_answer();
  }
  outcome_ = std::move(outcome);
  owner_->on_unusual(*this);
}

void PreparedCall::take_answer() {
  is_answered_ = true;
  owner_->on_answered(*this);
}

bool PreparedCall::is_right(std::string_view text) {
  const auto scan = mcp::scan_answer(text);
  if (!scan.is_answer() || !is_id(scan.id, id_)) return false;
  if (scan.result != mcp::AnswerScan::Shape::object) return false;
  is_tool_error_ = scan.is_error;
  // Other kinds ask for something (2026-07-28 basic, "ResultType").
  return era_ == mcp::Era::legacy || scan.result_type.empty() || scan.result_type == "\"complete\"";
}

/// One event and nothing else that the session would have to hear of.
void PreparedCall::read_events() {
  mcp::SseParser parser;
  auto events = parser.feed(body_);
  if (events && events->empty()) return;
  const bool is_one = events && events->size() == 1 && events->front().type == "message";
  if (!is_one || !is_right(events->front().data)) return owner_->on_unusual(*this);
  if (std::exchange(is_answered_, true)) return;
  ended_ = mcp::Clock::now();
  event_ = std::move(events->front().data);
  linger_ = loop_->start_timer(loop_->now() + longest_linger, [this] { take_answer(); });
}

void PreparedCall::replay() {
  bool gone = false;
  gone_ = &gone;
  linger_.reset();
  is_answered_ = false;
  const auto body = std::exchange(body_, {});
  auto outcome = std::exchange(outcome_, {});
  if (!head_ && kind_ != Kind::unusual) {
    const auto* type = kind_ == Kind::events ? "text/event-stream" : "application/json";
    head_ = mcp::HttpResponseHead{.status = 200, .headers = {{"Content-Type", type}}};
  }
  if (head_) {
    const auto head = *std::move(head_);
    heir_->on_head(head);
  }
  if (!gone && !body.empty()) heir_->on_data(body);
  if (!gone && outcome) heir_->on_finished(*std::move(outcome));
  if (!gone) gone_ = nullptr;
}

}  // namespace scenarios
