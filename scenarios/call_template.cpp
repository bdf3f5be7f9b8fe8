#include "scenarios/call_template.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <utility>

#include "mcp/wire/json_scanner.hpp"

namespace scenarios {
namespace {

constexpr std::string_view length_name = "\r\nContent-Length: ";

/// The digits of a number, without memory of their own elsewhere.
class Digits {
 public:
  explicit Digits(std::int64_t number)
      : end_(std::to_chars(text_.data(), text_.data() + text_.size(), number).ptr) {}
  std::string_view text() const {
    return {text_.data(), static_cast<std::size_t>(end_ - text_.data())};
  }

 private:
  std::array<char, 20> text_{};
  const char* end_;
};

/// The texts of `id` and of `params.arguments` in a request.
struct Parts {
  std::string_view id;
  std::string_view arguments;
};

bool find_parts(std::string_view body, Parts& parts) {
  constexpr int deep = 250;
  mcp::JsonScanner json(body);
  const auto take = [&](std::string_view& into) {
    const auto* from = json.position();
    if (!json.skip_value(deep)) return false;
    into = {from, static_cast<std::size_t>(json.position() - from)};
    return true;
  };
  return json.walk_object([&](std::string_view key, bool /*has_escape*/) {
    if (key == "id") return take(parts.id);
    if (key != "params" || json.peek() != mcp::AnswerScan::Shape::object)
      return json.skip_value(deep);
    return json.walk_object([&](std::string_view member, bool /*has_escape*/) {
      return member == "arguments" ? take(parts.arguments) : json.skip_value(deep);
    });
  });
}

}  // namespace

std::optional<CallTemplate> CallTemplate::learn(const mcp::HttpRequest& request,
                                                const std::string& user_agent, std::int64_t id) {
  auto prepared = mcp::prepare(request, user_agent);
  if (!prepared) return std::nullopt;
  CallTemplate made;
  made.prepared_ = std::move(*prepared);
  if (!made.find_fields(request.body, id)) return std::nullopt;
  return made;
}

bool CallTemplate::find_fields(std::string_view body, std::int64_t id) {
  const std::string_view bytes = prepared_.bytes;
  const auto head_size = bytes.size() - body.size();
  const auto length = bytes.substr(0, head_size).rfind(length_name);
  if (length == std::string_view::npos) return false;
  length_.at = length + length_name.size();
  length_.size = bytes.find('\r', length_.at) - length_.at;
  Parts parts;
  if (!find_parts(body, parts) || parts.id != Digits(id).text()) return false;
  const auto field = [&](std::string_view part) {
    return Field{.at = head_size + static_cast<std::size_t>(part.data() - body.data()),
                 .size = part.size()};
  };
  id_ = field(parts.id);
  if (!parts.arguments.empty()) arguments_ = field(parts.arguments);
  // The encoder writes the id first; `put_in_body` moves what is behind it.
  return arguments_.size == 0 || arguments_.at > id_.at;
}

const mcp::PreparedRequest& CallTemplate::with(std::int64_t id) {
  const Digits digits(id);
  const auto text = digits.text();
  if (text.size() == id_.size) {
    std::memcpy(prepared_.bytes.data() + id_.at, text.data(), text.size());
  } else {
    const auto before = id_.size;
    put_in_body(id_, text);
    if (arguments_.size != 0) arguments_.at += text.size() - before;
    put_length();
  }
  return prepared_;
}

const mcp::PreparedRequest& CallTemplate::with(std::int64_t id, std::string_view arguments) {
  put_in_body(arguments_, arguments);
  put_length();
  return with(id);
}

void CallTemplate::put_in_body(Field& field, std::string_view text) {
  prepared_.bytes.replace(field.at, field.size, text);
  prepared_.body_size += text.size() - field.size;
  field.size = text.size();
}

void CallTemplate::put_length() {
  const Digits digits(static_cast<std::int64_t>(prepared_.body_size));
  const auto text = digits.text();
  const auto moved = text.size() - length_.size;
  prepared_.bytes.replace(length_.at, length_.size, text);
  length_.size = text.size();
  id_.at += moved;
  if (arguments_.size != 0) arguments_.at += moved;
}

}  // namespace scenarios
