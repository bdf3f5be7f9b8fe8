#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mcp/schema/value.hpp"

namespace probes::drift {

/// Which branch of the older allOf, anyOf or oneOf became which one of the newer: first those that
/// are equal, then those with the same tag (title, reference, constant member, type), then those
/// that stand at the same place and have the same types.
struct BranchMatch {
  std::vector<std::pair<std::size_t, std::size_t>> same;  // older, newer
  std::vector<std::size_t> removed;
  std::vector<std::size_t> added;
};
BranchMatch match_branches(const mcp::schema::Value::Array& older,
                           const mcp::schema::Value::Array& newer);

/// How a sentence calls a branch: by its title, its reference, its tag, its type or its text.
std::string describe_branch(const mcp::schema::Value& branch);
/// After "must": `be a string`, or `fit` with the text of the schema.
std::string demand(const mcp::schema::Value& schema);
std::string describe_branches(const mcp::schema::Value& branches);

/// The alternatives of a schema that is nothing but anyOf or oneOf (texts apart).
struct Alternatives {
  std::string_view keyword;
  const mcp::schema::Value::Array* branches = nullptr;
};
std::optional<Alternatives> alternatives_of(const mcp::schema::Value& schema);

/// Which of the alternatives is the plain schema in another version: one that is equal to it, or
/// of the same type with the most members in common; nothing where there is none.
std::optional<std::size_t> branch_like(const mcp::schema::Value& plain,
                                       const mcp::schema::Value::Array& branches);

}  // namespace probes::drift
