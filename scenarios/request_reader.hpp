#pragma once

#include <optional>
#include <string>

#include "scenarios/fields.hpp"
#include "scenarios/scenario.hpp"

namespace scenarios {

/// Reads requests: "ping", or a mapping such as {call: echo, arguments: …, expect: …}.
class RequestReader {
 public:
  explicit RequestReader(Complaints& complaints) : complaints_(complaints) {}

  /// The operation that a step's name stands for; none where it is no request.
  static std::optional<Operation> operation_of(std::string_view name);
  std::optional<Request> read(const YamlNode& node);
  /// A list of requests, from which one is drawn by weight.
  std::optional<Mix> read_mix(const YamlNode& node);

 private:
  std::optional<Request> read_word(const YamlNode& node);
  void read_target(Fields& fields, const YamlNode& node, Request& request);
  void read_arguments(Fields& fields, Request& request);
  void read_expectation(Fields& fields, Request& request);
  std::optional<Expectation> expectation(const YamlNode& node);
  std::optional<Expectation::Member> member(const YamlNode& node);

  Complaints& complaints_;
};

}  // namespace scenarios
