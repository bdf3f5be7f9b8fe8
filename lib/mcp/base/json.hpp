#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>

namespace mcp {

/// A JSON value held by pointer, so that headers need only json_fwd.hpp. It copies deeply and is
/// never without a value, except after it was moved from (then it may only be assigned to).
class Json {
 public:
  Json();                      // null
  Json(nlohmann::json value);  // NOLINT(google-explicit-constructor): it is that value
  Json(const Json& other);
  Json(Json&& other) noexcept;
  Json& operator=(const Json& other);
  Json& operator=(Json&& other) noexcept;
  ~Json();

  nlohmann::json& operator*() { return *value_; }
  const nlohmann::json& operator*() const { return *value_; }
  nlohmann::json* operator->() { return value_.get(); }
  const nlohmann::json* operator->() const { return value_.get(); }

  friend bool operator==(const Json& left, const Json& right);

 private:
  std::unique_ptr<nlohmann::json> value_;
};

}  // namespace mcp
