#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "mcp/base/time.hpp"
#include "scenarios/histogram.hpp"

namespace scenarios {

/// A value somewhere in a results file. What is missing or of the wrong type reads as 0 or empty
/// and leaves one sentence in `problem`, the first of them stays: so reading needs no check after
/// each member, only one at the end.
class ResultsNode {
 public:
  ResultsNode(const nlohmann::json& value, std::string path, std::string& problem)
      : value_(&value), path_(std::move(path)), problem_(&problem) {}

  ResultsNode member(std::string_view name) const;
  bool has(std::string_view name) const;
  void each(const std::function<void(const ResultsNode&)>& visit) const;
  void each_member(const std::function<void(const std::string&, const ResultsNode&)>& visit) const;

  std::string text() const;
  bool boolean() const;
  std::uint64_t count() const;
  /// At most `highest`.
  std::uint64_t count(std::uint64_t highest) const;
  mcp::Duration nanos() const;
  double number() const;
  Histogram histogram(Digits digits) const;
  /// The index of the text in `names`.
  template <typename Names>
  std::size_t one_of(const Names& names) const;

  void refuse(std::string_view why) const;

 private:
  const nlohmann::json* value_;
  std::string path_;
  std::string* problem_;
};

template <typename Names>
std::size_t ResultsNode::one_of(const Names& names) const {
  const std::string word = text();
  for (std::size_t at = 0; at < names.size(); ++at)
    if (names[at] == word) return at;
  refuse("is a word that this version does not know");
  return 0;
}

}  // namespace scenarios
