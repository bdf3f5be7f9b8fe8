#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <charconv>
#include <optional>

#include "mcp/base/text.hpp"
#include "scenarios/argument_template.hpp"

namespace scenarios {
namespace {

constexpr std::int64_t longest = 1'000'000;

std::optional<std::int64_t> integer(std::string_view text) {
  text = mcp::trim(text);
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || problem != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

std::string drawn(std::string_view alphabet, std::int64_t length, Random& random) {
  std::string text(static_cast<std::size_t>(length), ' ');
  for (auto& character : text) character = alphabet[random.below(alphabet.size())];
  return text;
}

/// RFC 9562 section 5.4.
std::string uuid(Random& random) {
  const auto high = (random.next() & ~0xf000ULL) | 0x4000ULL;
  const auto low = (random.next() & ~(3ULL << 62U)) | (2ULL << 62U);
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32U, (high >> 16U) & 0xffffU,
                     high & 0xffffU, low >> 48U, low & 0xffff'ffff'ffffU);
}

/// The text between the brackets of "NAME(…)"; none when it has another shape.
std::optional<std::string_view> inside(std::string_view text, std::string_view name) {
  if (!text.starts_with(name)) return std::nullopt;
  text.remove_prefix(name.size());
  if (!text.starts_with('(') || !text.ends_with(')')) return std::nullopt;
  return text.substr(1, text.size() - 2);
}

std::unexpected<mcp::Error> refuse(std::string_view name, std::string hint) {
  return mcp::fail(mcp::ErrorKind::usage,
                   fmt::format("{} is nothing that an agent can fill in",
                               mcp::quoted(fmt::format("${{{}}}", name))),
                   std::move(hint));
}

}  // namespace

mcp::Result<TextTemplate::Part> TextTemplate::read_name(std::string_view name) {
  if (name == "agent.id") return Part{.kind = Kind::agent};
  if (name == "iteration") return Part{.kind = Kind::iteration};
  if (name == "random.uuid") return Part{.kind = Kind::uuid};
  if (const auto range = inside(name, "random.int")) {
    const auto comma = range->find(',');
    const auto low = integer(range->substr(0, comma));
    const auto high =
        comma == std::string_view::npos ? std::nullopt : integer(range->substr(comma + 1));
    const bool fits = low && high && *low <= *high && *low > -(1LL << 53) && *high < (1LL << 53);
    if (!fits) return refuse(name, "write it like ${random.int(1,100)}");
    return Part{.kind = Kind::integer, .low = *low, .high = *high};
  }
  for (const auto& [word, kind] :
       {std::pair{"random.hex", Kind::hex}, {"random.text", Kind::letters}}) {
    const auto argument = inside(name, word);
    if (!argument) continue;
    const auto length = integer(*argument);
    if (!length || *length < 1 || *length > longest) {
      return refuse(name, fmt::format("write it like ${{{}(8)}}, at most {}", word, longest));
    }
    return Part{.kind = kind, .high = *length};
  }
  constexpr std::array names = {"agent.id",    "iteration",     "random.int(1,100)",
                                "random.uuid", "random.hex(8)", "random.text(8)"};
  const auto near = mcp::nearest(name, names);
  return refuse(name, near.empty() ? fmt::format("it can fill in {}", fmt::join(names, ", "))
                                   : fmt::format("did you mean {}?", near));
}

mcp::Result<TextTemplate> TextTemplate::read(std::string_view text) {
  TextTemplate result;
  std::string literal;
  const auto keep_literal = [&] {
    if (!literal.empty()) result.parts_.push_back({.kind = Kind::literal, .text = literal});
    literal.clear();
  };
  while (!text.empty()) {
    const auto end = text.starts_with("${") ? text.find('}') : std::string_view::npos;
    if (end == std::string_view::npos) {
      literal += text.front();
      text.remove_prefix(text.starts_with("$$") ? 2 : 1);
      continue;
    }
    auto part = read_name(text.substr(2, end - 2));
    if (!part) return std::unexpected(part.error());
    keep_literal();
    result.parts_.push_back(std::move(*part));
    text.remove_prefix(end + 1);
  }
  keep_literal();
  return result;
}

bool TextTemplate::is_constant() const {
  return parts_.empty() || (parts_.size() == 1 && parts_.front().kind == Kind::literal);
}

bool TextTemplate::is_number() const {
  if (parts_.size() != 1) return false;
  const auto kind = parts_.front().kind;
  return kind == Kind::agent || kind == Kind::iteration || kind == Kind::integer;
}

std::string TextTemplate::fill(const TemplateContext& context, Random& random) const {
  std::string text;
  for (const auto& part : parts_) text += fill(part, context, random);
  return text;
}

std::string TextTemplate::fill(const Part& part, const TemplateContext& context, Random& random) {
  switch (part.kind) {
    case Kind::literal:
      return part.text;
    case Kind::agent:
      return fmt::to_string(context.agent);
    case Kind::iteration:
      return fmt::to_string(context.iteration);
    case Kind::integer: {
      const auto range = static_cast<std::uint64_t>(part.high - part.low) + 1;
      return fmt::to_string(part.low + static_cast<std::int64_t>(random.below(range)));
    }
    case Kind::hex:
      return drawn("0123456789abcdef", part.high, random);
    case Kind::letters:
      return drawn("abcdefghijklmnopqrstuvwxyz", part.high, random);
    case Kind::uuid:
      return uuid(random);
  }
  return {};
}

}  // namespace scenarios
