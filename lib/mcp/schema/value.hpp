#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/schema/decimal.hpp"

namespace mcp::schema {

/// The types of JSON Schema's data model; integer is a property of a number (2020-12 core 4.2.1).
enum class Type : unsigned char { null, boolean, number, string, array, object };
std::string_view to_string(Type type);

/// An immutable JSON value whose numbers are exact. Copies share arrays and objects (hence the
/// shared_ptr), objects are sorted by key, and equality is JSON Schema's (core 4.2.2): 1.0 is 1.
class Value {
 public:
  using Array = std::vector<Value>;
  using Object = std::map<std::string, Value, std::less<>>;

  Value() = default;  // null
  explicit Value(bool value) : data_(value) {}
  explicit Value(Decimal value) : data_(std::move(value)) {}
  explicit Value(std::string value) : data_(std::move(value)) {}
  explicit Value(Array value);
  explicit Value(Object value);

  Type type() const { return static_cast<Type>(data_.index()); }
  bool is(Type wanted) const { return type() == wanted; }
  /// Each of these may be called for that type only.
  bool boolean() const { return std::get<bool>(data_); }
  const Decimal& number() const { return std::get<Decimal>(data_); }
  const std::string& string() const { return std::get<std::string>(data_); }
  const Array& array() const { return *std::get<std::shared_ptr<const Array>>(data_); }
  const Object& object() const { return *std::get<std::shared_ptr<const Object>>(data_); }
  /// The member of that name; null when this is no object or has no such member.
  const Value* find(std::string_view name) const;

  /// One line of JSON, the same for equal values.
  std::string text() const;

  friend bool operator==(const Value& left, const Value& right);
  /// Any total order, for sorted sets.
  friend std::strong_ordering operator<=>(const Value& left, const Value& right);

 private:
  std::variant<std::monostate, bool, Decimal, std::string, std::shared_ptr<const Array>,
               std::shared_ptr<const Object>>
      data_;
};

/// How deeply a document may nest before reading it is refused, here and in `to_value`.
inline constexpr std::size_t deepest_document = 500;

/// Reads a JSON text (RFC 8259) without losing a digit of its numbers. Of a member that is written
/// twice the last one counts.
Result<Value> parse_value(std::string_view text);

/// Numbers become the shortest decimal that reads back as the same double, so 0.1 is one tenth.
Result<Value> to_value(const nlohmann::json& json);
/// Numbers that no integer type and no double holds exactly are rounded to a double.
nlohmann::json to_json(const Value& value);

std::u32string code_points(std::string_view utf8);
std::string to_utf8(std::u32string_view text);
std::size_t count_code_points(std::string_view utf8);

/// `pointer` with one more reference token (RFC 6901).
std::string child_pointer(std::string_view pointer, std::string_view token);

}  // namespace mcp::schema
