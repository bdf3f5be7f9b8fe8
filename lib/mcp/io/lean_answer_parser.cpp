#include "mcp/io/lean_answer_parser.hpp"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <charconv>

#include "mcp/base/text.hpp"

namespace mcp {
namespace {

namespace http = boost::beast::http;
using boost::beast::string_view;
using boost::system::error_code;

std::string_view text_of(string_view text) {
  return {text.data(), text.size()};
}

/// Puts fields into a head whose strings are kept from answer to answer.
class HeadWriter {
 public:
  explicit HeadWriter(HttpResponseHead& head) : head_(head) {}
  void add(std::string_view name, std::string_view value) {
    if (count_ == head_.headers.size()) head_.headers.emplace_back();
    auto& field = head_.headers[count_++];
    field.name.assign(name);
    field.value.assign(value);
  }
  void finish(int status) {
    head_.status = status;
    head_.headers.resize(count_);
  }

 private:
  HttpResponseHead& head_;
  std::size_t count_ = 0;
};

std::optional<std::chrono::seconds> timeout_of(std::string_view value) {
  constexpr std::string_view key = "timeout=";
  const auto at = value.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  const auto digits = value.substr(at + key.size());
  int seconds = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  if (read.ec != std::errc{} || seconds < 0) return std::nullopt;
  return std::chrono::seconds(seconds);
}

/// Beast calls back for each part; the views live as long as the bytes that were put.
class Beast final : public http::basic_parser<false> {
 public:
  HeadWriter* writer = nullptr;
  std::string_view data;
  const char* objection = nullptr;
  bool transfer_encoded = false;
  bool http_1_0 = false;
  int status = 0;
  std::optional<std::chrono::seconds> timeout;

 private:
  void on_request_impl(http::verb /*verb*/, string_view /*method*/, string_view /*target*/,
                       int /*version*/, error_code& /*error*/) override {}
  void on_response_impl(int code, string_view /*reason*/, int version,
                        error_code& /*error*/) override {
    status = code;
    http_1_0 = version < 11;
  }
  void on_field_impl(http::field field, string_view name, string_view value,
                     error_code& error) override {
    if (!writer) return;  // a trailer
    if (field == http::field::transfer_encoding) check_encoding(text_of(value), error);
    if (field == http::field::content_encoding &&
        !equals_ignoring_case(text_of(value), "identity")) {
      objection = "it is packed, which was not asked for";
    }
    if (field == http::field::keep_alive) timeout = timeout_of(text_of(value));
    writer->add(text_of(name), text_of(value));
  }
  void check_encoding(std::string_view value, error_code& error) {
    // RFC 9112 section 6.1: what we cannot undo must not be taken for the body.
    if (transfer_encoded || !equals_ignoring_case(value, "chunked")) {
      error = http::error::bad_transfer_encoding;
    }
    transfer_encoded = true;
  }
  void on_header_impl(error_code& /*error*/) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/,
                         error_code& /*error*/) override {}
  std::size_t on_body_impl(string_view body, error_code& /*error*/) override {
    data = text_of(body);
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t /*size*/, string_view /*extensions*/,
                            error_code& /*error*/) override {}
  std::size_t on_chunk_body_impl(std::uint64_t /*remain*/, string_view body,
                                 error_code& error) override {
    return on_body_impl(body, error);
  }
  void on_finish_impl(error_code& /*error*/) override {}
};

bool may_be_http(std::string_view bytes) {
  constexpr std::string_view start = "HTTP/1.";
  const auto size = std::min(bytes.size(), start.size());
  return bytes.substr(0, size) == start.substr(0, size);
}

constexpr std::string_view head_end = "\r\n\r\n";

}  // namespace

struct LeanAnswerParser::State {
  std::optional<Beast> beast;
  Fault fault = Fault::none;
  std::string reason;
};

LeanAnswerParser::LeanAnswerParser(bool answers_head, std::size_t max_header_bytes)
    : state_(std::make_unique<State>()),
      answers_head_(answers_head),
      max_header_bytes_(max_header_bytes) {
  renew();
}
LeanAnswerParser::~LeanAnswerParser() = default;

void LeanAnswerParser::renew() {
  auto& beast = state_->beast.emplace();
  beast.header_limit(UINT32_MAX);
  beast.body_limit(boost::none);
  beast.skip(answers_head_);
}

LeanAnswerParser::Step LeanAnswerParser::fail(Fault fault) {
  state_->fault = fault;
  return {.what = What::failed};
}

LeanAnswerParser::Step LeanAnswerParser::step(std::string_view bytes, HttpResponseHead& head) {
  if (state_->fault != Fault::none) return {.what = What::failed};
  if (!head_done_) return bytes.empty() ? Step{} : read_head(bytes, head);
  if (state_->beast->is_done()) return {.what = What::done};
  return bytes.empty() ? Step{} : read_body(bytes);
}

LeanAnswerParser::Step LeanAnswerParser::read_head(std::string_view bytes, HttpResponseHead& head) {
  if (!may_be_http(bytes)) {
    state_->reason = "the answer does not begin with HTTP/1.";
    return fail(Fault::not_http);
  }
  const auto end = bytes.find(head_end);
  const bool whole = end != std::string_view::npos;
  const auto size = whole ? end + head_end.size() : bytes.size();
  if (head_bytes_ + size > max_header_bytes_) return fail(Fault::head_too_large);
  if (!whole) return {};
  auto& beast = *state_->beast;
  HeadWriter writer(head);
  beast.writer = &writer;
  error_code error;
  beast.put(boost::asio::const_buffer(bytes.data(), size), error);
  beast.writer = nullptr;
  if (error || !beast.is_header_done()) {
    state_->reason = error ? error.message() : "its header has no end";
    return fail(Fault::malformed);
  }
  head_bytes_ += size;
  const int status = beast.status;
  if (status >= 200) {
    writer.finish(status);
    return finish_head(size);
  }
  if (status == 101) {
    state_->reason = "it switches to another protocol, which was not asked for";
    return fail(Fault::malformed);
  }
  // RFC 9110 section 15.2: any number of 1xx answers may come before the final one.
  renew();
  return {.consumed = size};
}

LeanAnswerParser::Step LeanAnswerParser::finish_head(std::size_t consumed) {
  head_done_ = true;
  const auto& beast = *state_->beast;
  if (beast.objection && !beast.is_done()) {
    state_->reason = beast.objection;
    state_->fault = Fault::malformed;  // told after the head
  }
  return {.what = What::head, .consumed = consumed};
}

LeanAnswerParser::Step LeanAnswerParser::read_body(std::string_view bytes) {
  auto& beast = *state_->beast;
  beast.data = {};
  error_code error;
  const auto consumed = beast.put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  if (error == http::error::need_more && bytes.size() - consumed > max_header_bytes_) {
    state_->reason = "a chunk's header or the trailers are too long";
    return fail(Fault::malformed);
  }
  if (error && error != http::error::need_more) {
    state_->reason = error.message();
    return fail(Fault::malformed);
  }
  if (!beast.data.empty()) return {.what = What::data, .consumed = consumed, .data = beast.data};
  return {.what = beast.is_done() ? What::done : What::more, .consumed = consumed};
}

bool LeanAnswerParser::end() {
  if (!head_done_) return false;
  auto& beast = *state_->beast;
  if (beast.is_done()) return true;
  error_code error;
  beast.put_eof(error);
  return !error;
}

LeanAnswerParser::Fault LeanAnswerParser::fault() const {
  return state_->fault;
}

const std::string& LeanAnswerParser::reason() const {
  return state_->reason;
}

bool LeanAnswerParser::keep_alive() const {
  const auto& beast = *state_->beast;
  // RFC 9112 section 6.1: HTTP/1.0 has no transfer encodings, so the framing is not to be trusted.
  return beast.keep_alive() && !(beast.http_1_0 && beast.transfer_encoded);
}

std::optional<std::uint64_t> LeanAnswerParser::content_length() const {
  const auto length = state_->beast->content_length();
  if (!length) return std::nullopt;
  return *length;
}

bool LeanAnswerParser::is_http_1_0() const {
  return state_->beast->http_1_0;
}

std::optional<std::chrono::seconds> LeanAnswerParser::keep_alive_timeout() const {
  return state_->beast->timeout;
}

}  // namespace mcp
