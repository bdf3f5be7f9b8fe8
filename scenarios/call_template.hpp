#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mcp/io/lean_http.hpp"

namespace scenarios {

/// A request as the client library wrote it once, as bytes in which the id and the arguments of a
/// call can be put anew: what is sent is what the library would have sent.
class CallTemplate {
 public:
  /// None where the request has not the form that is known here.
  static std::optional<CallTemplate> learn(const mcp::HttpRequest& request,
                                           const std::string& user_agent, std::int64_t id);

  /// The request with that id. It holds until the next change, and is sent before that.
  const mcp::PreparedRequest& with(std::int64_t id);
  /// With arguments, a JSON text; only where `takes_arguments`.
  const mcp::PreparedRequest& with(std::int64_t id, std::string_view arguments);
  bool takes_arguments() const { return arguments_.size != 0; }

 private:
  /// A part of the bytes that is written anew.
  struct Field {
    std::size_t at = 0;
    std::size_t size = 0;
  };

  CallTemplate() = default;
  bool find_fields(std::string_view body, std::int64_t id);
  void put_in_body(Field& field, std::string_view text);
  void put_length();

  mcp::PreparedRequest prepared_;
  Field length_;  // the value of Content-Length
  Field id_;
  Field arguments_;  // size 0: there are none
};

}  // namespace scenarios
