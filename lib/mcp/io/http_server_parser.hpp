#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "mcp/io/http_server.hpp"

namespace mcp {

/// Cuts one connection's bytes into requests. The only owner of Beast's parser.
class HttpRequestParser {
 public:
  /// Holds no memory before the first byte of a request, and no more than `kept_bytes` after it.
  HttpRequestParser(std::size_t max_header_bytes, std::size_t max_body_bytes,
                    std::size_t kept_bytes);
  ~HttpRequestParser();
  HttpRequestParser(const HttpRequestParser&) = delete;
  HttpRequestParser& operator=(const HttpRequestParser&) = delete;

  struct Progress {
    std::size_t consumed = 0;
    /// The status that refuses the request; 0: none does. After a refusal the parser is done.
    int refusal = 0;
  };
  /// Takes bytes of the current request, stops at its end. What it did not consume has to be
  /// offered again with more behind it.
  Progress feed(std::string_view bytes);

  bool started() const;      // a byte of a request was consumed
  bool header_done() const;  // the body is to come
  bool done() const;
  bool keep_alive() const;
  bool http_1_0() const;
  bool is_head() const;
  /// The client waits for "100 Continue" before it sends the body (RFC 9110 section 10.1.1).
  bool expects_continue() const;

  /// Fills in the whole request once `done`; it refers to this parser until `reset`.
  void fill(HttpServerRequest& request) const;
  /// Makes ready for the next request.
  void reset();
  /// What it holds, of the current request and for the next.
  std::size_t held_bytes() const;

 private:
  struct State;
  std::size_t max_header_bytes_;
  std::size_t max_body_bytes_;
  std::size_t kept_bytes_;
  std::unique_ptr<State> state_;  // from the first byte on
};

}  // namespace mcp
