#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mcp/schema/dialect.hpp"
#include "mcp/schema/value.hpp"

namespace probes::drift {

/// The way from the root of a document to a part of it, as reference tokens.
using Path = std::vector<std::string>;
std::string pointer_of(const Path& path);
Path operator/(const Path& path, std::string_view token);

/// A part of a document together with the way to it.
struct Spot {
  const mcp::schema::Value* value = nullptr;
  Path path;
};

/// One of the two schemas: finds what its local references lead to. Nested identifiers and anchors
/// are not followed: the library judges such schemas, but their parts are not taken apart.
class SchemaDocument {
 public:
  explicit SchemaDocument(mcp::schema::Value value);

  const mcp::schema::Value& value() const { return value_; }
  mcp::schema::Dialect dialect() const { return dialect_; }
  /// Whether parts of it can be moved into another document.
  bool plain() const { return plain_; }
  bool has_references() const { return has_references_; }
  /// All references lead into `$defs` or `definitions` of the root.
  bool refers_to_definitions_only() const { return definitions_only_; }
  /// All `$ref`, wherever they stand.
  struct Reference {
    std::string pointer;
    std::string text;
  };
  std::vector<Reference> references() const;
  bool refers_to(std::string_view text) const;
  Spot root() const { return {.value = &value_, .path = {}}; }
  /// Where the chain of references that starts at this schema ends, with all that stood on the way
  /// (the first one is the spot itself). A reference with other keywords beside it is no link.
  std::vector<Spot> resolve(Spot spot) const;
  /// A schema of this document (or what a keyword of one holds) for use in the other one: its
  /// references lead to where `edited` puts this document.
  mcp::schema::Value lent(const mcp::schema::Value& schema) const;
  mcp::schema::Value lent(std::string_view keyword, const mcp::schema::Value& value) const;
  /// What a schema's own $ref leads to; nothing when it is no local pointer.
  std::optional<Spot> target_of(const mcp::schema::Value& schema) const;

 private:
  void note_reference(std::string_view keyword, const mcp::schema::Value& value);

  mcp::schema::Value value_;
  mcp::schema::Dialect dialect_;
  bool plain_ = true;
  bool has_references_ = false;
  bool definitions_only_ = true;
};

/// A new value for one place; nothing takes away what is there.
struct Edit {
  Path path;
  std::optional<mcp::schema::Value> value;
};

/// The document with the edits made; what comes from `origin` must have been lent. Nothing when
/// parts of the two cannot stand in one document.
std::optional<mcp::schema::Value> edited(const SchemaDocument& document,
                                         std::span<const Edit> edits, const SchemaDocument& origin);

/// A copy in which each schema has been changed, those within it first.
using SchemaEdit = std::function<void(mcp::schema::Value::Object& members)>;
mcp::schema::Value transformed(const mcp::schema::Value& schema, const SchemaEdit& edit);
/// The schema without those members, at each place where a schema stands.
using NamePredicate = bool (*)(std::string_view name);
mcp::schema::Value without_keywords(const mcp::schema::Value& schema, NamePredicate unwanted);

}  // namespace probes::drift
