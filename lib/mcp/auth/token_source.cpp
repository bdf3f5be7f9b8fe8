#include "mcp/auth/token_source.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

#include "mcp/base/text.hpp"

namespace mcp {
namespace {

constexpr std::size_t longest_token = 64UL * 1024;

/// A bearer token is visible ASCII (b64token of RFC 6750 section 2.1; real ones use more marks).
/// Anything else would break out of the header field. The error never shows the token.
Result<std::string> check_token(std::string_view raw, const std::string& source) {
  const auto token = trim(raw);
  if (token.empty()) return fail(ErrorKind::usage, source + " holds no token");
  if (token.size() > longest_token) {
    return fail(ErrorKind::usage, source + " is longer than the limit of " +
                                      std::to_string(longest_token) + " bytes");
  }
  const bool visible = std::ranges::all_of(token, [](char c) { return c > 0x20 && c < 0x7f; });
  if (!visible) {
    return fail(ErrorKind::usage,
                source + " holds blanks or other characters that no bearer token has",
                "it must contain the bare token, without \"Bearer\" before it");
  }
  return std::string(token);
}

class FileTokenSource final : public TokenSource {
 public:
  explicit FileTokenSource(std::string path) : path_(std::move(path)) {}

  Result<std::string> token() override {
    std::ifstream file(path_, std::ios::binary);
    // One byte more than is allowed tells a longer file without reading it all.
    std::string text(longest_token + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file.is_open() || file.bad()) {
      return fail(ErrorKind::usage,
                  "token file " + quoted(path_) + ": " + std::generic_category().message(errno));
    }
    text.resize(static_cast<std::size_t>(file.gcount()));
    return check_token(text, "token file " + quoted(path_));
  }

 private:
  std::string path_;
};

class FixedTokenSource final : public TokenSource {
 public:
  FixedTokenSource(std::string value, std::string variable)
      : value_(std::move(value)), variable_(std::move(variable)) {}

  Result<std::string> token() override {
    return check_token(value_, "environment variable " + printable(variable_));
  }

 private:
  std::string value_;
  std::string variable_;
};

}  // namespace

std::unique_ptr<TokenSource> make_file_token_source(std::string path) {
  return std::make_unique<FileTokenSource>(std::move(path));
}

std::unique_ptr<TokenSource> make_fixed_token_source(std::string value, std::string variable) {
  return std::make_unique<FixedTokenSource>(std::move(value), std::move(variable));
}

}  // namespace mcp
