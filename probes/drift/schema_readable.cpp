#include "probes/drift/schema_readable.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "mcp/schema/schema.hpp"

namespace probes::drift {

using mcp::schema::Type;
using mcp::schema::Value;

namespace {

const Value* dialect_name(const SchemaDocument& document) {
  return document.value().find("$schema");
}

bool supported(const SchemaDocument& document) {
  const auto* name = dialect_name(document);
  if (name == nullptr || !name->is(Type::string)) return true;
  return mcp::schema::dialect_of(name->string()).has_value();
}

std::optional<Value> copy(const Value* value) {
  return value == nullptr ? std::nullopt : std::optional(*value);
}

/// A reference that leads out of the document, to nothing that is at hand.
bool leads_out(const std::string& reference) {
  if (reference.starts_with('#')) return false;
  const Value alone(Value::Object{{"$ref", Value(reference)}});
  return !mcp::schema::Schema::compile(alone).has_value();
}

}  // namespace

void tell_dialect(const SchemaDocument& older, const SchemaDocument& newer, bool same_meaning,
                  SchemaReport& report) {
  const auto* before = dialect_name(older);
  const auto* after = dialect_name(newer);
  const bool same = older.dialect() == newer.dialect() && supported(older) && supported(newer);
  if (same || (before != nullptr && after != nullptr && *before == *after)) return;
  const auto name = [](const Value* value) {
    return value == nullptr ? std::string("the default, 2020-12") : shown(*value);
  };
  report.note("schema-dialect-changed", "/$schema",
              fmt::format("{} is now in the dialect {} (before: {}); {}.", report.noun(),
                          name(after), name(before),
                          same_meaning ? "it means the same, but a client may not know the new one"
                                       : "some of its keywords may mean something else there"),
              copy(before), copy(after));
}

void tell_unreadable(const SchemaDocument& older, const SchemaDocument& newer,
                     const SchemaJudge::Compiled& errors, SchemaReport& report) {
  if (!errors.newer) {
    return report.undecided("the older one cannot be read, as " + errors.older->message);
  }
  bool added = false;
  for (const auto& reference : newer.references()) {
    if (!leads_out(reference.text) || older.refers_to(reference.text)) continue;
    added = true;
    report.note("schema-external-ref-added", reference.pointer,
                fmt::format("{} now refers to {}, another document; clients must not fetch it, and "
                            "may refuse the tool.",
                            report.noun(), shown_name(reference.text)),
                std::nullopt, Value(reference.text));
  }
  if (added) return;
  const bool judged = supported(newer) && errors.newer->kind != mcp::ErrorKind::limit;
  if (errors.older || !judged) {
    return report.undecided("the newer one cannot be read, as " + errors.newer->message);
  }
  report.note("schema-invalid", "",
              fmt::format("{} is not valid any more ({}); clients may leave the tool out.",
                          report.noun(), errors.newer->message));
}

}  // namespace probes::drift
