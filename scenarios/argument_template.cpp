#include "scenarios/argument_template.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace scenarios {

using mcp::schema::Value;

namespace {

/// Templates without anything to fill in are kept as the text that they stand for.
std::string constant_text(const TextTemplate& text) {
  Random unused(0);
  return text.fill({}, unused);
}

}  // namespace

ArgumentTemplate::ArgumentTemplate(TextTemplate text, bool as_number) {
  if (text.is_constant()) {
    content_ = Value(constant_text(text));
  } else {
    content_ = Text{.text = std::move(text), .as_number = as_number};
  }
}

ArgumentTemplate::ArgumentTemplate(Array items) {
  if (!std::ranges::all_of(items, [](const auto& item) { return item.constant() != nullptr; })) {
    content_ = std::make_shared<const Array>(std::move(items));
    return;
  }
  Value::Array values;
  for (const auto& item : items) values.push_back(*item.constant());
  content_ = Value(std::move(values));
}

ArgumentTemplate::ArgumentTemplate(Object members) {
  if (!std::ranges::all_of(members, [](const auto& m) { return m.second.constant() != nullptr; })) {
    content_ = std::make_shared<const Object>(std::move(members));
    return;
  }
  Value::Object values;
  for (const auto& [key, member] : members) values.emplace(key, *member.constant());
  content_ = Value(std::move(values));
}

Value ArgumentTemplate::fill(const TemplateContext& context, Random& random) const {
  if (const auto* value = constant()) return *value;
  if (const auto* text = std::get_if<Text>(&content_)) {
    auto filled = text->text.fill(context, random);
    if (text->as_number) {
      if (auto number = mcp::schema::Decimal::parse(filled)) return Value(std::move(*number));
    }
    return Value(std::move(filled));
  }
  if (const auto* items = std::get_if<std::shared_ptr<const Array>>(&content_)) {
    Value::Array values;
    for (const auto& item : **items) values.push_back(item.fill(context, random));
    return Value(std::move(values));
  }
  Value::Object values;
  for (const auto& [key, member] : *std::get<std::shared_ptr<const Object>>(content_)) {
    values.emplace(key, member.fill(context, random));
  }
  return Value(std::move(values));
}

std::string ArgumentTemplate::fill_text(const TemplateContext& context, Random& random) const {
  const auto value = fill(context, random);
  if (value.is(mcp::schema::Type::string)) return value.string();
  return value.is(mcp::schema::Type::null) ? std::string() : value.text();
}

}  // namespace scenarios
