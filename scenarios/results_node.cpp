#include "scenarios/results_node.hpp"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "scenarios/histogram_codec.hpp"

namespace scenarios {
namespace {

const nlohmann::json& nothing() {
  static const nlohmann::json null;
  return null;
}

}  // namespace

void ResultsNode::refuse(std::string_view why) const {
  if (problem_->empty())
    *problem_ = fmt::format("{} {}", path_.empty() ? "the document" : path_, why);
}

bool ResultsNode::has(std::string_view name) const {
  return value_->is_object() && value_->contains(name);
}

ResultsNode ResultsNode::member(std::string_view name) const {
  const auto path = path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
  if (!value_->is_object()) {
    refuse("is no object");
    return {nothing(), path, *problem_};
  }
  const auto found = value_->find(name);
  if (found != value_->end()) return {*found, path, *problem_};
  const ResultsNode missing(nothing(), path, *problem_);
  missing.refuse("is missing");
  return missing;
}

void ResultsNode::each(const std::function<void(const ResultsNode&)>& visit) const {
  if (!value_->is_array()) return refuse("is no list");
  for (std::size_t at = 0; at < value_->size(); ++at)
    visit({(*value_)[at], fmt::format("{}[{}]", path_, at), *problem_});
}

void ResultsNode::each_member(
    const std::function<void(const std::string&, const ResultsNode&)>& visit) const {
  if (!value_->is_object()) return refuse("is no object");
  for (auto at = value_->begin(); at != value_->end(); ++at)
    visit(at.key(), {at.value(), fmt::format("{}.{}", path_, at.key()), *problem_});
}

std::string ResultsNode::text() const {
  if (value_->is_string()) return value_->get<std::string>();
  refuse("is no text");
  return {};
}

bool ResultsNode::boolean() const {
  if (value_->is_boolean()) return value_->get<bool>();
  refuse("is neither true nor false");
  return false;
}

std::uint64_t ResultsNode::count() const {
  if (value_->is_number_unsigned()) return value_->get<std::uint64_t>();
  refuse("is no whole number from 0");
  return 0;
}

std::uint64_t ResultsNode::count(std::uint64_t highest) const {
  const std::uint64_t number = count();
  if (number <= highest) return number;
  refuse(fmt::format("is more than {}", highest));
  return 0;
}

mcp::Duration ResultsNode::nanos() const {
  if (value_->is_number_integer() &&
      !(value_->is_number_unsigned() && value_->get<std::uint64_t>() > INT64_MAX))
    return std::chrono::nanoseconds(value_->get<std::int64_t>());
  refuse("is no whole number of nanoseconds");
  return {};
}

double ResultsNode::number() const {
  if (value_->is_number()) return value_->get<double>();
  refuse("is no number");
  return 0;
}

Histogram ResultsNode::histogram(Digits digits) const {
  auto decoded = decode_histogram(text());
  if (!decoded) {
    refuse(fmt::format("is {}", decoded.error().message));
    return Histogram(digits);
  }
  if (decoded->digits() == digits) return std::move(*decoded);
  refuse("is a histogram of other digits");
  return Histogram(digits);
}

}  // namespace scenarios
