#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "mcp/schema/value.hpp"
#include "scenarios/random.hpp"

namespace scenarios {

/// What a running agent knows when it fills in a template.
struct TemplateContext {
  std::int64_t agent = 0;
  std::int64_t iteration = 0;
};

/// A text with `${agent.id}`, `${iteration}`, `${random.int(LOW,HIGH)}`, `${random.hex(DIGITS)}`,
/// `${random.text(LETTERS)}`, `${random.uuid}` in it; `$$` is a dollar sign.
class TextTemplate {
 public:
  static mcp::Result<TextTemplate> read(std::string_view text);

  bool is_constant() const;
  /// Made of one number alone, which then may become a JSON number.
  bool is_number() const;
  std::string fill(const TemplateContext& context, Random& random) const;

 private:
  enum class Kind : std::uint8_t { literal, agent, iteration, integer, hex, letters, uuid };
  struct Part {
    Kind kind = Kind::literal;
    std::string text;
    std::int64_t low = 0;
    std::int64_t high = 0;  // or the length
  };
  static mcp::Result<Part> read_name(std::string_view name);
  static std::string fill(const Part& part, const TemplateContext& context, Random& random);

  std::vector<Part> parts_;
};

/// A JSON value with templates in its texts. What is constant is shared by all that is filled in.
class ArgumentTemplate {
 public:
  ArgumentTemplate() : ArgumentTemplate(mcp::schema::Value()) {}
  explicit ArgumentTemplate(mcp::schema::Value constant) : content_(std::move(constant)) {}
  /// `as_number`: a text that is one number alone becomes a JSON number.
  ArgumentTemplate(TextTemplate text, bool as_number);
  using Array = std::vector<ArgumentTemplate>;
  using Object = std::map<std::string, ArgumentTemplate, std::less<>>;
  explicit ArgumentTemplate(Array items);
  explicit ArgumentTemplate(Object members);

  /// The value, where there is nothing to fill in; else null.
  const mcp::schema::Value* constant() const { return std::get_if<mcp::schema::Value>(&content_); }
  mcp::schema::Value fill(const TemplateContext& context, Random& random) const;
  /// Of a text: what is filled in, as text.
  std::string fill_text(const TemplateContext& context, Random& random) const;

 private:
  struct Text {
    TextTemplate text;
    bool as_number = false;
  };
  // Scenarios are copied to each thread and never changed: hence shared.
  std::variant<mcp::schema::Value, Text, std::shared_ptr<const Array>,
               std::shared_ptr<const Object>>
      content_;
};

}  // namespace scenarios
