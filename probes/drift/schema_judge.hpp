#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>

#include "mcp/schema/inclusion.hpp"
#include "mcp/schema/schema.hpp"
#include "mcp/schema/validator.hpp"
#include "probes/drift/change.hpp"
#include "probes/drift/schema_candidate.hpp"
#include "probes/drift/schema_changes.hpp"
#include "probes/drift/schema_document.hpp"

namespace probes::drift {

/// Decides by proof and counter-example what the two schemas, and single edits between them, do to
/// those who rely on the older one: input breaks when the newer schema rejects what the older one
/// accepted, output when it accepts what the older one rejects.
class SchemaJudge {
 public:
  SchemaJudge(const SchemaDocument& older, const SchemaDocument& newer, const SchemaPair& pair);

  /// Both schemas must compile. Errors: of the older one, or of the newer one.
  struct Compiled {
    std::optional<mcp::Error> older;
    std::optional<mcp::Error> newer;
  };
  Compiled compile();

  /// Whether what was valid stays so; and the reverse.
  const mcp::schema::Inclusion& whole();
  mcp::schema::Verdict reverse();

  enum class Outcome { breaks, harmless, unknown };
  struct Judgement {
    Outcome outcome = Outcome::unknown;
    std::optional<Witness> witness;  // of breaks
  };
  /// An edit breaks when a value that the change as a whole breaks is one that this edit alone
  /// breaks, or one that would be fine had this edit been left out. Unknown, too, when the schemas
  /// are so large that the work for all edits is used up.
  Judgement judge(const Candidate& candidate);
  /// Whether the edit makes a difference in the harmless direction; true where that is not known.
  bool has_effect(const Candidate& candidate);
  /// The witness of the whole, made small; nothing unless the whole is not included.
  std::optional<Witness> witness();

 private:
  using Test = std::function<bool(const mcp::schema::Value&)>;
  mcp::Result<mcp::schema::Schema> compiled(const mcp::schema::Value& document) const;
  std::optional<mcp::schema::Schema> hybrid(const Candidate& candidate, bool from_older) const;
  Judgement decided(std::span<const mcp::schema::Schema* const> accepting,
                    std::span<const mcp::schema::Schema* const> rejecting,
                    const mcp::schema::Schema& hybrid, bool wanted);
  bool spend();
  bool breaks(const mcp::schema::Value& value);
  std::optional<Witness> confirmed(mcp::schema::Value value, const Test& also);
  mcp::schema::InclusionLimits limits(std::size_t steps) const;

  const SchemaDocument& older_;
  const SchemaDocument& newer_;
  Direction direction_;
  FormatRule formats_;
  std::function<bool()> expired_;
  std::optional<mcp::schema::Schema> older_schema_;
  std::optional<mcp::schema::Schema> newer_schema_;
  std::optional<mcp::schema::Validator> accepting_;
  std::optional<mcp::schema::Validator> rejecting_;
  std::optional<mcp::schema::Inclusion> whole_;
  std::optional<mcp::schema::Verdict> reverse_;
  std::size_t size_ = 0;
  std::size_t spent_ = 0;
};

}  // namespace probes::drift
