#include "probes/drift/schema_domain.hpp"

#include <algorithm>
#include <utility>

#include "mcp/schema/inclusion.hpp"

namespace probes::drift {

using mcp::schema::Type;
using mcp::schema::Value;
using mcp::schema::Verdict;

namespace {

bool lets_objects_in(const Value* type) {
  const Value object(std::string("object"));
  if (type == nullptr || *type == object) return true;
  return type->is(Type::array) && std::ranges::find(type->array(), object) != type->array().end();
}

bool means_the_same(const Value& one, const Value& two) {
  constexpr std::size_t steps = 500'000;
  const auto left = mcp::schema::Schema::compile(one);
  const auto right = mcp::schema::Schema::compile(two);
  if (!left || !right) return false;
  const mcp::schema::InclusionLimits limits{.steps = steps, .expired = {}};
  return compare(*left, *right, limits).verdict == Verdict::included &&
         compare(*right, *left, limits).verdict == Verdict::included;
}

}  // namespace

Value of_objects(const Value& schema) {
  const Value object(std::string("object"));
  if (schema == Value(true)) return Value(Value::Object{{"type", object}});
  // In draft-07 and before nothing counts beside a $ref, so it stays alone.
  if (!schema.is(Type::object) || schema.find("$ref") != nullptr) return schema;
  if (!lets_objects_in(schema.find("type"))) return schema;
  auto members = schema.object();
  members.insert_or_assign("type", object);
  return Value(std::move(members));
}

SchemaDocument in_dialect_of(const SchemaDocument& newer, SchemaDocument older) {
  const bool objects = older.value().is(Type::object) && newer.value().is(Type::object);
  if (!objects || older.dialect() == newer.dialect()) return older;
  auto members = older.value().object();
  members.erase("$schema");
  if (const auto* named = newer.value().find("$schema")) members.emplace("$schema", *named);
  Value moved(std::move(members));
  return means_the_same(older.value(), moved) ? SchemaDocument(std::move(moved)) : older;
}

}  // namespace probes::drift
