#include "probes/health/expectation.hpp"

#include <fmt/format.h>
#include <regex.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "mcp/base/json_pointer.hpp"
#include "mcp/base/text.hpp"

namespace probes {
namespace {

std::optional<std::vector<std::string>> split_pointer(std::string_view pointer) {
  std::vector<std::string> tokens;
  while (!pointer.empty()) {
    if (pointer.front() != '/') return std::nullopt;
    pointer.remove_prefix(1);
    const auto end = std::min(pointer.find('/'), pointer.size());
    auto token = mcp::unescape_token(pointer.substr(0, end));
    if (!token) return std::nullopt;
    tokens.push_back(std::move(*token));
    pointer.remove_prefix(end);
  }
  return tokens;
}

const nlohmann::json* step(const nlohmann::json& value, const std::string& token) {
  if (value.is_object()) {
    const auto member = value.find(token);
    return member == value.end() ? nullptr : &*member;
  }
  if (!value.is_array() || (token.size() > 1 && token.front() == '0')) return nullptr;
  std::size_t index = 0;
  const auto* end = token.data() + token.size();
  const auto [stop, error] = std::from_chars(token.data(), end, index);
  if (error != std::errc() || stop != end || index >= value.size()) return nullptr;
  return &value[index];
}

std::string shown(const nlohmann::json& value) {
  using nlohmann::json;
  auto text = value.dump(-1, ' ', false, json::error_handler_t::replace);
  constexpr std::size_t longest = 80;
  const bool cut = text.size() > longest;
  if (cut) text.resize(longest);
  return mcp::printable(text) + (cut ? "…" : "");
}

}  // namespace

mcp::Result<Expectation> Expectation::parse(std::string_view text) {
  const auto equals = text.find('=');
  const auto pointer = text.substr(0, equals);
  auto tokens = split_pointer(pointer);
  if (equals == std::string_view::npos || !tokens)
    return mcp::fail(mcp::ErrorKind::usage,
                     "--expect: " + mcp::quoted(text) + " is not JSONPOINTER=VALUE",
                     "for example --expect /structuredContent/sum=5");
  Expectation expectation;
  expectation.pointer_ = pointer;
  expectation.tokens_ = std::move(*tokens);
  expectation.text_ = text.substr(equals + 1);
  auto value = nlohmann::json::parse(expectation.text_, nullptr, false);
  if (value.is_discarded()) value = expectation.text_;
  expectation.value_ = std::move(value);
  return expectation;
}

std::string Expectation::mismatch(const mcp::Json& result) const {
  const auto* value = &*result;
  for (const auto& token : tokens_) {
    value = step(*value, token);
    if (value == nullptr)
      return fmt::format("{}: nothing there, expected {}", mcp::printable(pointer_),
                         shown(*value_));
  }
  if (*value == *value_) return {};
  if (value->is_string() && value->get_ref<const std::string&>() == text_) return {};
  return fmt::format("{}: {}, expected {}", mcp::printable(pointer_), shown(*value),
                     shown(*value_));
}

struct TextPattern::Compiled {
  regex_t expression{};
  bool ready = false;
  Compiled() = default;
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;
  ~Compiled() {
    if (ready) regfree(&expression);
  }
};

mcp::Result<TextPattern> TextPattern::parse(const std::string& pattern) {
  const auto compiled = std::make_shared<Compiled>();
  const int code = regcomp(&compiled->expression, pattern.c_str(), REG_EXTENDED | REG_NEWLINE);
  if (code != 0) {
    std::array<char, 128> why{};
    regerror(code, &compiled->expression, why.data(), why.size());
    return mcp::fail(mcp::ErrorKind::usage,
                     fmt::format("--expect-text: {}: {}", mcp::quoted(pattern), why.data()),
                     "it is a POSIX extended regular expression, as grep -E takes it");
  }
  compiled->ready = true;
  TextPattern result;
  result.pattern_ = pattern;
  result.compiled_ = compiled;
  return result;
}

bool TextPattern::matches(std::string_view text) const {
  // REG_STARTEND: the text may contain NUL, and need not end in one.
  regmatch_t range{};
  range.rm_so = 0;
  range.rm_eo = static_cast<regoff_t>(std::min(text.size(), searched_bytes));
  const char* bytes = text.empty() ? "" : text.data();
  return regexec(&compiled_->expression, bytes, 1, &range, REG_STARTEND) == 0;
}

std::string text_of_result(const mcp::Json& result) {
  std::string text;
  const auto content = result->is_object() ? result->find("content") : result->end();
  if (content == result->end() || !content->is_array()) return text;
  for (const auto& block : *content) {
    const auto part = block.is_object() ? block.find("text") : block.end();
    if (part == block.end() || !part->is_string()) continue;
    if (!text.empty()) text += '\n';
    text += part->get_ref<const std::string&>();
  }
  return text;
}

}  // namespace probes
