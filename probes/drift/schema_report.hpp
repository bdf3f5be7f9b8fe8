#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "probes/drift/schema_annotations.hpp"
#include "probes/drift/schema_candidate.hpp"
#include "probes/drift/schema_changes.hpp"

namespace probes::drift {

/// Collects the changes of one schema, each only once.
class SchemaReport {
 public:
  explicit SchemaReport(const SchemaPair& pair) : pair_(pair) {}

  void add(const Candidate& candidate, const Candidate::Telling& telling,
           std::optional<Witness> witness = std::nullopt);
  void add(AnnotationChange change);
  /// Of one place in the schema, or with an empty pointer of the schema as a whole.
  void note(std::string rule, std::string_view pointer, std::string why,
            std::optional<mcp::schema::Value> before = std::nullopt,
            std::optional<mcp::schema::Value> after = std::nullopt);
  void whole(std::string rule, std::string why, Witness witness);
  void equivalent();
  void undecided(std::string_view reason);
  /// So many differences, of which nobody knows whether they break anything by themselves.
  void unjudged(std::size_t count, std::string_view first);
  /// There are more differences than so many, which were judged one by one.
  void truncated(std::size_t count);

  bool empty() const { return changes_.empty(); }
  std::vector<Change> take() { return std::move(changes_); }
  /// "The input schema".
  std::string noun() const;

 private:
  void add(Change change);

  const SchemaPair& pair_;
  std::vector<Change> changes_;
  std::set<std::pair<std::string, std::string>> told_;  // rule, pointer
};

}  // namespace probes::drift
