#include "probes/drift/schema_place.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace probes::drift {
namespace {

constexpr std::size_t longest_text = 60;
constexpr std::size_t longest_list = 6;

/// Cut between two code points.
std::string cut(std::string_view text) {
  if (text.size() <= longest_text) return std::string(text);
  auto end = longest_text;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace

std::string shown(const mcp::schema::Value& value) {
  return cut(value.text());
}

std::string type_words(std::string_view type) {
  if (type == "null") return "null";
  if (type == "boolean") return "true or false";
  const bool vowel = type == "array" || type == "integer" || type == "object";
  return fmt::format("{} {}", vowel ? "an" : "a", type);
}

std::string shown_name(std::string_view name) {
  return fmt::format("\"{}\"", cut(name));
}

std::string shown_list(const mcp::schema::Value::Array& values, std::string_view last_word) {
  const auto count = std::min(values.size(), longest_list);
  std::string out;
  for (std::size_t index = 0; index < count; ++index) {
    const bool last = index + 1 == values.size();
    if (index > 0) out += last ? fmt::format(" {} ", last_word) : ", ";
    out += shown(values[index]);
  }
  if (count < values.size()) {
    out +=
        fmt::format(" {} {} more", last_word == "or" ? "or one of" : "and", values.size() - count);
  }
  return out;
}

SchemaPlace SchemaPlace::member(std::string_view name) const {
  SchemaPlace out = *this;
  out.path_ = path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
  out.noun_ = fmt::format("{} {}", direction_ == Direction::input ? "the argument" : "the result's",
                          shown_name(out.path_));
  return out;
}

SchemaPlace SchemaPlace::within(std::string_view words, std::string_view step) const {
  SchemaPlace out = *this;
  out.noun_ = fmt::format("{} {}", words, noun());
  out.path_ += step;
  return out;
}

SchemaPlace SchemaPlace::item() const {
  return within("each item of", "[]");
}

SchemaPlace SchemaPlace::item_at(std::size_t index) const {
  return within(fmt::format("item {} of", index), fmt::format("[{}]", index));
}

SchemaPlace SchemaPlace::matching_item() const {
  return within("a matching item of", "[]");
}

SchemaPlace SchemaPlace::further_member() const {
  return within("each further member of", path_.empty() ? "*" : ".*");
}

SchemaPlace SchemaPlace::member_like(std::string_view pattern) const {
  return within(fmt::format("each member like {} of", shown_name(pattern)),
                path_.empty() ? "*" : ".*");
}

std::string SchemaPlace::noun() const {
  if (!noun_.empty()) return noun_;
  return direction_ == Direction::input ? "the arguments object" : "the result";
}

std::string SchemaPlace::subject() const {
  auto text = noun();
  text.front() = static_cast<char>(text.front() - 'a' + 'A');
  return text;
}

}  // namespace probes::drift
