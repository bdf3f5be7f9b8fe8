#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "mcp/io/http.hpp"

namespace mcp {

/// Frames one HTTP/1.x answer (RFC 9112). It is handed bytes and says what they were; it calls
/// nobody, so that whoever hears of a part may destroy it.
class LeanAnswerParser {
 public:
  enum class What { more, head, data, done, failed };
  struct Step {
    What what = What::more;
    /// To be taken off the front of what was given. `more` that consumed something wants to be
    /// called again with the rest, `more` that consumed nothing wants further bytes behind it.
    std::size_t consumed = 0;
    std::string_view data;  // of the body; a part of what was given
  };
  enum class Fault { none, not_http, malformed, head_too_large };

  LeanAnswerParser(bool answers_head, std::size_t max_header_bytes);
  LeanAnswerParser(const LeanAnswerParser&) = delete;
  LeanAnswerParser& operator=(const LeanAnswerParser&) = delete;
  ~LeanAnswerParser();

  /// `head` is filled before a step says `head`. It may be another object each time: a head is
  /// read in one step. Its strings are reused.
  Step step(std::string_view bytes, HttpResponseHead& head);
  /// The peer has closed: whether the answer is whole.
  bool end();

  Fault fault() const;
  /// Of `malformed` and `not_http`, in words.
  const std::string& reason() const;
  /// Whether another answer may follow on the connection (RFC 9112 section 9.3).
  bool keep_alive() const;
  std::optional<std::uint64_t> content_length() const;
  bool is_http_1_0() const;
  /// N of `Keep-Alive: timeout=N`.
  std::optional<std::chrono::seconds> keep_alive_timeout() const;
  std::size_t head_bytes() const { return head_bytes_; }
  bool head_done() const { return head_done_; }

 private:
  struct State;
  void renew();
  Step read_head(std::string_view bytes, HttpResponseHead& head);
  Step finish_head(std::size_t consumed);
  Step read_body(std::string_view bytes);
  Step fail(Fault fault);

  std::unique_ptr<State> state_;
  bool answers_head_;
  std::size_t max_header_bytes_;
  std::size_t head_bytes_ = 0;
  bool head_done_ = false;
};

}  // namespace mcp
