#include "mcp/base/json.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace mcp {

Json::Json() : value_(std::make_unique<nlohmann::json>()) {}

Json::Json(nlohmann::json value) : value_(std::make_unique<nlohmann::json>(std::move(value))) {}

Json::Json(const Json& other) : value_(std::make_unique<nlohmann::json>(*other.value_)) {}

Json::Json(Json&& other) noexcept = default;

Json& Json::operator=(const Json& other) {
  if (this != &other) value_ = std::make_unique<nlohmann::json>(*other.value_);
  return *this;
}

Json& Json::operator=(Json&& other) noexcept = default;

Json::~Json() = default;

bool operator==(const Json& left, const Json& right) {
  return *left.value_ == *right.value_;
}

}  // namespace mcp
