#pragma once

#include <memory>
#include <string>

#include "mcp/base/error.hpp"

namespace mcp {

/// Gives the bearer token for a request (RFC 6750). It is asked before each exchange, so a file
/// that a platform rotates is read again.
class TokenSource {
 public:
  virtual ~TokenSource() = default;
  /// Errors are of kind usage and name the file or variable, never its contents.
  virtual Result<std::string> token() = 0;
};

/// Reads the file each time; white space around the token is dropped.
std::unique_ptr<TokenSource> make_file_token_source(std::string path);
/// `value` was read from the environment by the program; `variable` is its name for messages.
std::unique_ptr<TokenSource> make_fixed_token_source(std::string value, std::string variable);

}  // namespace mcp
