#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "mcp/io/lean_answer_parser.hpp"
#include "mcp/io/lean_core.hpp"

namespace mcp {

class LeanConnection;
class LeanLane;

/// What is sent, as the exchange holds it or as its caller does.
struct LeanRequest {
  std::string owned;
  std::string_view bytes;
  std::size_t body_size = 0;
  bool is_head = false;
  bool is_idempotent = false;
  bool connect_only = false;
  std::size_t max_body_bytes = 0;
  std::size_t max_header_bytes = 0;
};

/// One exchange: how far it has come, its bounds, and what its observer is told. It knows nothing
/// of sockets; a connection hands it the answer.
class LeanExchange final : public HttpExchange, private LeanDeadline {
 public:
  LeanExchange(LeanLane& lane, LeanCore& core, HttpObserver& observer);
  LeanExchange(const LeanExchange&) = delete;
  LeanExchange& operator=(const LeanExchange&) = delete;
  ~LeanExchange() override;
  /// The lane goes first: no further calls.
  void detach();

  /// Sending begins on a connection. `cost`: of making it, where it is new.
  void begin(LeanConnection& connection, const HttpTimings& link, bool is_new);
  /// Back to where it was before `begin`.
  void rewind();
  std::string_view unsent() const { return request.bytes.substr(sent_); }
  void add_sent(std::size_t bytes) { sent_ += bytes; }
  bool is_sent() const { return sent_ == request.bytes.size(); }
  bool nothing_sent() const { return sent_ == 0; }
  bool nothing_heard() const { return parser_ == nullptr; }

  enum class Heard {
    more,  // the bytes were taken; further ones are needed
    done,  // the answer is whole; what is left of the bytes is not its own
    refused,
    gone,  // the observer has destroyed this
  };
  /// Takes what it can off the front of `bytes`.
  Heard hear(std::string_view& bytes, const bool& gone);
  /// The peer has closed: whether the answer is whole.
  bool hear_end();
  /// Of an answer of which something was heard.
  const LeanAnswerParser& answer() const { return *parser_; }
  TimePoint last_heard() const { return last_heard_; }

  HttpTimings timings() const;
  Duration since_begin() const { return Clock::now() - begun_; }
  Error deadline_error() const;
  /// What a cut means to this exchange; `failure` has the code and the system's words.
  Error cut_error(CurlFailure failure) const;
  const Error& refusal() const { return *refusal_; }
  /// The last call; the observer may destroy this in it.
  void finish(Result<HttpTimings> outcome);

  LeanRequest request;
  std::shared_ptr<const LeanTarget> target;
  LeanConnection* connection = nullptr;
  std::unique_ptr<Handle> waiting;   // for a connection, or to be told a failure
  LeanExchange* previous = nullptr;  // of the lane's
  LeanExchange* next = nullptr;
  bool sent_again = false;
  using LeanDeadline::deadline;

 private:
  void on_deadline() override;
  Heard refuse(Error error);
  Heard refuse_answer();
  Heard take_head(const bool& gone);
  void forget_request();
  Heard take_data(std::string_view data, const bool& gone);

  LeanLane* lane_;
  LeanCore& core_;
  HttpObserver* observer_;
  // There while an answer is being heard: what all exchanges use in turn stays in the cache.
  std::unique_ptr<LeanAnswerParser> parser_;
  TimePoint started_;
  TimePoint begun_;
  TimePoint first_byte_;
  TimePoint last_heard_;
  int status_ = 0;
  std::size_t sent_ = 0;
  std::size_t head_bytes_ = 0;  // whole or not
  std::size_t body_bytes_ = 0;
  const HttpTimings* link_ = nullptr;
  bool is_new_ = false;
  std::unique_ptr<const Error> refusal_;  // rare, and large
};

}  // namespace mcp
