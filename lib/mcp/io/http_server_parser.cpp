#include "mcp/io/http_server_parser.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mcp/base/text.hpp"

namespace mcp {

namespace {

namespace http = boost::beast::http;
using boost::beast::string_view;
using boost::system::error_code;

/// A span of the storage that all texts of one request share.
struct Span {
  std::size_t offset = 0;
  std::size_t size = 0;
};

/// What the parser collected. Kept over requests, so that a steady connection allocates nothing.
struct Collected {
  std::string storage;
  Span method;
  Span target;
  std::vector<std::pair<Span, Span>> fields;
  std::string body;
  bool http_1_0 = false;

  Span keep(string_view text) {
    const Span span{.offset = storage.size(), .size = text.size()};
    storage.append(text.data(), text.size());
    return span;
  }
  std::string_view text(Span span) const {
    return std::string_view(storage).substr(span.offset, span.size);
  }
  void clear() {
    storage.clear();
    fields.clear();
    http_1_0 = false;
    body.clear();
  }
  std::size_t capacity() const {
    return storage.capacity() + fields.capacity() * sizeof fields[0] + body.capacity();
  }
};

/// Beast calls back for each part; everything is copied, as its views die with the input.
class Parser : public http::basic_parser<true> {
 public:
  Parser(Collected& collected, std::size_t max_header, std::size_t max_body)
      : collected_(&collected) {
    header_limit(static_cast<std::uint32_t>(max_header));
    body_limit(max_body);
  }

 private:
  void on_request_impl(http::verb /*method*/, string_view method, string_view target, int version,
                       error_code& error) override {
    error = {};
    collected_->http_1_0 = version < 11;
    collected_->method = collected_->keep(method);
    collected_->target = collected_->keep(target);
  }
  void on_response_impl(int /*code*/, string_view /*reason*/, int /*version*/,
                        error_code& error) override {
    error = {};
  }
  void on_field_impl(http::field /*field*/, string_view name, string_view value,
                     error_code& error) override {
    error = {};
    // In two steps: the order of evaluation inside braces is fixed, but hard to see.
    const auto name_span = collected_->keep(name);
    const auto value_span = collected_->keep(value);
    collected_->fields.emplace_back(name_span, value_span);
  }
  void on_header_impl(error_code& error) override { error = {}; }
  void on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/,
                         error_code& error) override {
    error = {};
  }
  std::size_t on_body_impl(string_view body, error_code& error) override {
    error = {};
    collected_->body.append(body.data(), body.size());
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t /*size*/, string_view /*extensions*/,
                            error_code& error) override {
    error = {};
  }
  std::size_t on_chunk_body_impl(std::uint64_t /*remain*/, string_view body,
                                 error_code& error) override {
    return on_body_impl(body, error);
  }
  void on_finish_impl(error_code& error) override { error = {}; }

  Collected* collected_;
};

int refusal_for(const error_code& error) {
  if (error == http::error::header_limit) return 431;
  if (error == http::error::body_limit) return 413;
  return 400;
}

}  // namespace

struct HttpRequestParser::State {
  Collected collected;
  std::optional<Parser> parser;

  State(std::size_t max_header, std::size_t max_body) { renew(max_header, max_body); }
  void renew(std::size_t max_header, std::size_t max_body) {
    collected.clear();
    parser.emplace(collected, max_header, max_body);
    parser->eager(true);
  }
};

HttpRequestParser::HttpRequestParser(std::size_t max_header_bytes, std::size_t max_body_bytes,
                                     std::size_t kept_bytes)
    : max_header_bytes_(max_header_bytes),
      max_body_bytes_(max_body_bytes),
      kept_bytes_(kept_bytes) {}
HttpRequestParser::~HttpRequestParser() = default;

HttpRequestParser::Progress HttpRequestParser::feed(std::string_view bytes) {
  if (state_ == nullptr) state_ = std::make_unique<State>(max_header_bytes_, max_body_bytes_);
  error_code error;
  const auto consumed =
      state_->parser->put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  if (error == http::error::need_more) return {.consumed = consumed, .refusal = 0};
  return {.consumed = consumed, .refusal = error ? refusal_for(error) : 0};
}

bool HttpRequestParser::started() const {
  return state_ != nullptr && state_->parser->got_some();
}
bool HttpRequestParser::header_done() const {
  return state_ != nullptr && state_->parser->is_header_done();
}
bool HttpRequestParser::done() const {
  return state_ != nullptr && state_->parser->is_done();
}
bool HttpRequestParser::keep_alive() const {
  return state_ != nullptr && state_->parser->keep_alive();
}

bool HttpRequestParser::http_1_0() const {
  return state_ != nullptr && state_->collected.http_1_0;
}

bool HttpRequestParser::is_head() const {
  return state_ != nullptr && state_->collected.text(state_->collected.method) == "HEAD";
}

bool HttpRequestParser::expects_continue() const {
  if (state_ == nullptr) return false;
  for (const auto& [name, value] : state_->collected.fields) {
    if (equals_ignoring_case(state_->collected.text(name), "expect") &&
        equals_ignoring_case(state_->collected.text(value), "100-continue")) {
      return true;
    }
  }
  return false;
}

void HttpRequestParser::fill(HttpServerRequest& request) const {
  const auto& collected = state_->collected;
  request.method = collected.text(collected.method);
  const auto target = collected.text(collected.target);
  const auto mark = target.find('?');
  request.path = target.substr(0, mark);
  request.query = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
  request.headers.clear();
  for (const auto& [name, value] : collected.fields) {
    request.headers.push_back({.name = collected.text(name), .value = collected.text(value)});
  }
  request.body = collected.body;
}

void HttpRequestParser::reset() {
  if (state_ == nullptr) return;
  if (held_bytes() > kept_bytes_) return state_.reset();
  state_->renew(max_header_bytes_, max_body_bytes_);
}

std::size_t HttpRequestParser::held_bytes() const {
  return state_ == nullptr ? 0 : sizeof(State) + state_->collected.capacity();
}

}  // namespace mcp
