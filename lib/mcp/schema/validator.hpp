#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/schema/pattern.hpp"
#include "mcp/schema/schema.hpp"
#include "mcp/schema/value.hpp"

namespace mcp::schema {

/// Where and why an instance does not fit.
struct Violation {
  std::string instance;  // JSON Pointer into the instance
  std::string schema;    // URI fragment of the keyword
  std::string message;
  friend bool operator==(const Violation&, const Violation&) = default;
};

struct ValidationLimits {
  /// Subschemas within subschemas; a reference that leads back to itself ends here.
  std::size_t depth = 700;
  /// Subschemas applied, in all.
  std::size_t steps = 5'000'000;
};

/// Checks instances against a schema: JSON Schema 2020-12 validation with `format` as an
/// annotation only. Keeps what it finds out about patterns, so it is not for several threads at
/// once; each instance has the whole budget.
class Validator {
 public:
  explicit Validator(Schema schema, ValidationLimits limits = {});

  /// The first violation, nullopt when the instance fits. Errors are of kind limit.
  Result<std::optional<Violation>> check(const Value& instance);
  Result<bool> accepts(const Value& instance);
  /// The same for one subschema of the schema.
  Result<bool> accepts(const Node& node, const Value& instance);

 private:
  /// The way to the current instance, for messages; lives on the stack.
  struct Path {
    const Path* parent = nullptr;
    std::string_view name;
    std::size_t index = 0;
    bool is_index = false;
  };
  /// What counts as evaluated (core section 11): annotations of the keywords that succeeded.
  struct Evaluated {
    bool all_items = false;
    std::vector<bool> items;
    bool all_properties = false;
    std::vector<std::string_view> properties;
    void mark(std::size_t index);
    void add(const Evaluated& other);
  };
  struct Frame {
    const Node& node;
    const Value& value;
    const Path& path;
    Evaluated* evaluated;
  };

  bool valid(const Node& node, const Value& value, const Path& path, Evaluated* outer);
  bool quietly(const Node& node, const Frame& frame, Evaluated* evaluated);
  bool child_valid(const Node& node, const Value& value, const Path& path);
  bool refuse(const Frame& frame, std::string_view keyword, std::string message);
  void exceed(std::string_view what);
  bool spend();

  bool general(const Frame& frame);
  bool typed(const Frame& frame);
  bool number(const Frame& frame);
  bool string(const Frame& frame);
  bool array(const Frame& frame);
  bool items(const Frame& frame);
  bool contains(const Frame& frame);
  bool unique(const Frame& frame);
  bool object(const Frame& frame);
  bool required(const Frame& frame);
  bool members(const Frame& frame);
  bool member(const Frame& frame, const std::string& name, const Value& value);
  bool dependent(const Frame& frame);
  bool in_place(const Frame& frame);
  bool any_of(const Frame& frame);
  bool one_of(const Frame& frame);
  bool conditional(const Frame& frame);
  bool unevaluated(const Frame& frame);
  bool unevaluated_items(const Frame& frame);
  bool unevaluated_members(const Frame& frame);
  bool matches(const Pattern& pattern, const std::string& text);

  Schema schema_;
  ValidationLimits limits_;
  PatternMatcher patterns_;
  std::size_t depth_ = 0;
  std::size_t steps_ = 0;
  std::size_t quiet_ = 0;
  std::optional<Violation> violation_;
  std::optional<Error> error_;
};

}  // namespace mcp::schema
