#include "mcp/auth/challenge.hpp"

#include <utility>
#include <vector>

#include "mcp/base/text.hpp"

namespace mcp {
namespace {

constexpr std::string_view alphanumerics =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view token_marks = "!#$%&'*+-.^_`|~";  // RFC 9110 section 5.6.2
constexpr std::string_view token68_marks = "-._~+/";         // RFC 9110 section 11.2

bool is_token_char(char c) {
  return alphanumerics.contains(c) || token_marks.contains(c);
}

bool is_token68_char(char c) {
  return alphanumerics.contains(c) || token68_marks.contains(c);
}

/// Reads `challenge = auth-scheme [ 1*SP ( token68 / #auth-param ) ]`, comma-separated (RFC 9110
/// section 11.6.1). Commas part both challenges and parameters: a name without "=" after it begins
/// the next challenge.
class ChallengeReader {
 public:
  explicit ChallengeReader(std::string_view text) : text_(text) {}

  std::optional<std::vector<Challenge>> read() {
    std::vector<Challenge> challenges;
    for (skip_separators(); !at_end(); skip_separators()) {
      auto challenge = read_challenge();
      if (!challenge) return std::nullopt;
      if (!std::exchange(has_token68_, false)) challenges.push_back(*std::move(challenge));
    }
    return challenges;
  }

 private:
  bool at_end() const { return text_.empty(); }
  bool at(char c) const { return !text_.empty() && text_.front() == c; }

  void skip_blanks() {
    text_.remove_prefix(std::min(text_.find_first_not_of(" \t"), text_.size()));
  }
  void skip_separators() {
    text_.remove_prefix(std::min(text_.find_first_not_of(" \t,"), text_.size()));
  }

  std::string_view read_token() {
    std::size_t length = 0;
    while (length < text_.size() && is_token_char(text_[length])) ++length;
    const auto token = text_.substr(0, length);
    text_.remove_prefix(length);
    return token;
  }

  std::optional<Challenge> read_challenge() {
    Challenge challenge{.scheme = std::string(read_token()), .parameters = {}};
    if (challenge.scheme.empty()) return std::nullopt;
    if (at_end() || at(',')) return challenge;
    if (!at(' ')) return std::nullopt;
    skip_blanks();
    if (at_end() || at(',')) return challenge;
    if (skip_token68()) {
      has_token68_ = true;
      return challenge;
    }
    if (!read_parameters(challenge)) return std::nullopt;
    return challenge;
  }

  bool skip_token68() {
    std::size_t length = 0;
    while (length < text_.size() && is_token68_char(text_[length])) ++length;
    if (length == 0) return false;
    while (length < text_.size() && text_[length] == '=') ++length;
    const auto after = text_.find_first_not_of(" \t", length);
    if (after != std::string_view::npos && text_[after] != ',') return false;
    text_.remove_prefix(length);
    return true;
  }

  bool read_parameters(Challenge& challenge) {
    do {
      const auto before = text_;
      const auto name = read_token();
      skip_blanks();
      if (name.empty()) return false;
      if (!at('=')) {
        text_ = before;  // the next challenge's scheme, unless nothing was read of this one
        return !challenge.parameters.empty();
      }
      text_.remove_prefix(1);
      skip_blanks();
      auto value = at('"') ? read_quoted() : read_bare();
      if (!value) return false;
      // "Parameter names ... MUST only occur once per challenge" (RFC 9110 section 11.2).
      if (!challenge.parameters.emplace(to_lower(name), *std::move(value)).second) return false;
      skip_blanks();
      if (!at_end() && !at(',')) return false;
      skip_separators();
    } while (!at_end());
    return true;
  }

  std::optional<std::string> read_bare() {
    const auto token = read_token();
    if (token.empty()) return std::nullopt;
    return std::string(token);
  }

  std::optional<std::string> read_quoted() {
    std::string value;
    for (std::size_t i = 1; i < text_.size(); ++i) {
      if (text_[i] == '"') {
        text_.remove_prefix(i + 1);
        return value;
      }
      if (text_[i] == '\\') ++i;
      if (i == text_.size()) break;
      const auto byte = static_cast<unsigned char>(text_[i]);
      if ((byte < 0x20 && byte != '\t') || byte == 0x7f) return std::nullopt;
      value += text_[i];
    }
    return std::nullopt;
  }

  std::string_view text_;
  bool has_token68_ = false;
};

}  // namespace

std::optional<std::string> Challenge::parameter(const std::string& name) const {
  const auto found = parameters.find(name);
  if (found == parameters.end()) return std::nullopt;
  return found->second;
}

std::optional<Challenge> find_bearer_challenge(std::string_view field_value) {
  auto challenges = ChallengeReader(field_value).read();
  if (!challenges) return std::nullopt;
  for (auto& challenge : *challenges) {
    if (equals_ignoring_case(challenge.scheme, "bearer")) return std::move(challenge);
  }
  return std::nullopt;
}

}  // namespace mcp
