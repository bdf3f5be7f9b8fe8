#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/schema/value.hpp"

namespace mcp::schema {
namespace {

/// Builds a Value from the parser's events; the raw text of a number is kept, not its double.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return put(Value()); }
  bool boolean(bool value) override { return put(Value(value)); }
  bool number_integer(number_integer_t value) override { return put(Value(Decimal(value))); }
  bool number_unsigned(number_unsigned_t value) override {
    return number(fmt::format("{}", value));
  }
  bool number_float(number_float_t, const string_t& text) override { return number(text); }
  bool string(string_t& value) override { return put(Value(std::move(value))); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Type::object); }
  bool start_array(std::size_t) override { return open(Type::array); }
  bool key(string_t& name) override {
    open_.back().name = std::move(name);
    return true;
  }
  bool end_object() override {
    auto members = std::move(open_.back().members);
    open_.pop_back();
    return put(Value(std::move(members)));
  }
  bool end_array() override {
    auto elements = std::move(open_.back().elements);
    open_.pop_back();
    return put(Value(std::move(elements)));
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& problem) override {
    // Before the line and the column stands the library's own number of the error.
    std::string_view what = problem.what();
    what.remove_prefix(std::min(what.find("line "), what.size()));
    error_.kind = ErrorKind::usage;
    error_.message = what.empty() ? fmt::format("not JSON at byte {}", position)
                                  : fmt::format("not JSON: {}", printable(what));
    return false;
  }

  Result<Value> finish(bool complete) {
    if (complete) return std::move(done_);
    return std::unexpected(std::move(error_));
  }

 private:
  struct Open {
    Type type;
    std::string name;
    Value::Array elements;
    Value::Object members;
  };

  bool put(Value value) {
    if (open_.empty()) {
      done_ = std::move(value);
    } else if (open_.back().type == Type::array) {
      open_.back().elements.push_back(std::move(value));
    } else {
      open_.back().members.insert_or_assign(std::move(open_.back().name), std::move(value));
    }
    return true;
  }
  bool number(std::string_view text) {
    auto parsed = Decimal::parse(text);
    if (parsed) return put(Value(std::move(*parsed)));
    error_ = std::move(parsed.error());
    return false;
  }
  bool open(Type type) {
    if (open_.size() >= deepest_document) {
      error_.kind = ErrorKind::limit;
      error_.message = fmt::format("the document nests more than {} levels", deepest_document);
      return false;
    }
    open_.push_back({.type = type, .name = {}, .elements = {}, .members = {}});
    return true;
  }

  std::vector<Open> open_;
  Value done_;
  Error error_;
};

Result<Value> convert(const nlohmann::json& json, std::size_t depth);

Result<Value> convert_array(const nlohmann::json& json, std::size_t depth) {
  Value::Array elements;
  for (const auto& element : json) {
    auto converted = convert(element, depth + 1);
    if (!converted) return converted;
    elements.push_back(std::move(*converted));
  }
  return Value(std::move(elements));
}

Result<Value> convert_object(const nlohmann::json& json, std::size_t depth) {
  Value::Object members;
  for (const auto& [name, member] : json.items()) {
    auto converted = convert(member, depth + 1);
    if (!converted) return converted;
    members.emplace(name, std::move(*converted));
  }
  return Value(std::move(members));
}

Result<Value> convert(const nlohmann::json& json, std::size_t depth) {
  if (depth > deepest_document) {
    return fail(ErrorKind::limit,
                fmt::format("the document nests more than {} levels", deepest_document));
  }
  if (json.is_array()) return convert_array(json, depth);
  if (json.is_object()) return convert_object(json, depth);
  if (json.is_string()) return Value(json.get_ref<const std::string&>());
  if (json.is_boolean()) return Value(json.get<bool>());
  if (!json.is_number()) return Value();
  auto number = Decimal::parse(json.dump());
  if (!number) return std::unexpected(std::move(number.error()));
  return Value(std::move(*number));
}

nlohmann::json to_json_number(const Decimal& number) {
  if (const auto whole = number.to_int64()) return *whole;
  auto parsed = nlohmann::json::parse(number.text(), nullptr, false);
  if (!parsed.is_discarded()) return parsed;
  constexpr double largest = std::numeric_limits<double>::max();
  return number.is_negative() ? -largest : largest;
}

}  // namespace

Result<Value> parse_value(std::string_view text) {
  Builder builder;
  const bool complete = nlohmann::json::sax_parse(text, &builder);
  return builder.finish(complete);
}

Result<Value> to_value(const nlohmann::json& json) {
  return convert(json, 0);
}

nlohmann::json to_json(const Value& value) {
  switch (value.type()) {
    case Type::null:
      return nullptr;
    case Type::boolean:
      return value.boolean();
    case Type::number:
      return to_json_number(value.number());
    case Type::string:
      return value.string();
    case Type::array: {
      auto out = nlohmann::json::array();
      for (const auto& element : value.array()) out.push_back(to_json(element));
      return out;
    }
    case Type::object: {
      auto out = nlohmann::json::object();
      for (const auto& [name, member] : value.object()) out[name] = to_json(member);
      return out;
    }
  }
  std::unreachable();
}

}  // namespace mcp::schema
