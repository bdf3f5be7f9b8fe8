#include "probes/drift/schema_document.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <utility>

#include "mcp/base/json_pointer.hpp"
#include "probes/drift/schema_keywords.hpp"

namespace probes::drift {

using mcp::schema::Type;
using mcp::schema::Value;

namespace {

constexpr std::string_view origin_name = "mcpctl-other-version";

Value transformed_list(const Value& list, const SchemaEdit& edit) {
  Value::Array out;
  for (const auto& each : list.array()) out.push_back(transformed(each, edit));
  return Value(std::move(out));
}

Value transformed_map(const Value& map, const SchemaEdit& edit) {
  Value::Object out;
  for (const auto& [name, each] : map.object()) out.emplace(name, transformed(each, edit));
  return Value(std::move(out));
}

Value transformed_member(std::string_view keyword, const Value& value, const SchemaEdit& edit) {
  switch (shape_of(keyword)) {
    case KeywordShape::schema:
    case KeywordShape::schemas:
      return value.is(Type::array) ? transformed_list(value, edit) : transformed(value, edit);
    case KeywordShape::schema_map:
      return value.is(Type::object) ? transformed_map(value, edit) : value;
    default:
      return value;
  }
}

bool has_local_reference(std::string_view keyword, const Value& value) {
  return keyword == "$ref" && value.is(Type::string) &&
         (value.string() == "#" || value.string().starts_with("#/"));
}

bool leads_to_definition(const Value& reference) {
  return reference.is(Type::string) && (reference.string().starts_with("#/$defs/") ||
                                        reference.string().starts_with("#/definitions/"));
}

/// References of one that is moved below $defs.
Value with_moved_references(const Value& schema) {
  return transformed(schema, [](Value::Object& members) {
    const auto found = members.find("$ref");
    if (found == members.end() || !has_local_reference("$ref", found->second)) return;
    found->second = Value("#/$defs/" + std::string(origin_name) + found->second.string().substr(1));
  });
}

std::optional<std::size_t> index_in(const Value& array, std::string_view token) {
  std::size_t index = 0;
  const auto* begin = token.data();  // NOLINT(bugprone-suspicious-stringview-data-usage)
  const auto* end = begin + token.size();
  const auto read = std::from_chars(begin, end, index);
  const bool good = read.ec == std::errc{} && read.ptr == end && index < array.array().size();
  return good ? std::optional(index) : std::nullopt;
}

const Value* step(const Value& value, std::string_view token) {
  if (!value.is(Type::array)) return value.find(token);
  const auto index = index_in(value, token);
  return index ? &value.array()[*index] : nullptr;
}

/// `value` with another thing at the end of the way; objects on the way are made where they lack.
Value with(const Value& value, std::span<const std::string> way, const std::optional<Value>& last) {
  if (way.empty()) return last.value_or(Value(true));
  if (value.is(Type::array)) {
    auto items = value.array();
    if (const auto index = index_in(value, way[0])) {
      items[*index] = with(items[*index], way.subspan(1), last);
    }
    return Value(std::move(items));
  }
  auto members = value.is(Type::object) ? value.object() : Value::Object();
  if (way.size() == 1 && !last) {
    members.erase(way[0]);
  } else {
    auto& member = members[way[0]];
    member = with(member, way.subspan(1), last);
  }
  return Value(std::move(members));
}

bool lone_reference(const Value& schema, mcp::schema::Dialect dialect) {
  using Draft = mcp::schema::Dialect::Draft;
  if (!dialect.at_least(Draft::draft2019_09)) return true;
  return std::ranges::all_of(schema.object(), [](const auto& member) {
    const auto& name = member.first;
    return name == "$ref" || name == "$defs" || name == "definitions" || name == "$schema" ||
           is_annotation(name);
  });
}

}  // namespace

std::string pointer_of(const Path& path) {
  std::string out;
  for (const auto& token : path) out = mcp::schema::child_pointer(out, token);
  return out;
}

Path operator/(const Path& path, std::string_view token) {
  Path out = path;
  out.emplace_back(token);
  return out;
}

SchemaDocument::SchemaDocument(Value value) : value_(std::move(value)) {
  if (const auto* named = value_.find("$schema"); named != nullptr && named->is(Type::string)) {
    if (auto known = mcp::schema::dialect_of(named->string())) dialect_ = *known;
  }
  std::size_t identifiers = 0;
  transformed(value_, [&](const Value::Object& members) {
    for (const auto& [keyword, member] : members) {
      note_reference(keyword, member);
      const bool names = keyword == "$id" || keyword == "id";
      if (names && member.is(Type::string)) ++identifiers;
    }
  });
  const bool own = value_.find("$id") != nullptr || value_.find("id") != nullptr;
  if (identifiers > (own ? 1U : 0U)) plain_ = false;
}

void SchemaDocument::note_reference(std::string_view keyword, const Value& value) {
  if (keyword != "$ref" && keyword != "$dynamicRef" && keyword != "$recursiveRef") return;
  has_references_ = true;
  if (!has_local_reference(keyword, value)) plain_ = false;
  if (!leads_to_definition(value)) definitions_only_ = false;
}

namespace {

void collect_references(const Value& value, const std::string& pointer, std::size_t depth,
                        std::vector<SchemaDocument::Reference>& out) {
  constexpr std::size_t most = 100;
  if (depth > mcp::schema::deepest_document || out.size() >= most) return;
  if (value.is(Type::array)) {
    for (std::size_t index = 0; index < value.array().size(); ++index) {
      const auto place = mcp::schema::child_pointer(pointer, std::to_string(index));
      collect_references(value.array()[index], place, depth + 1, out);
    }
  }
  if (!value.is(Type::object)) return;
  for (const auto& [name, member] : value.object()) {
    const auto place = mcp::schema::child_pointer(pointer, name);
    if (name == "$ref" && member.is(Type::string)) out.push_back({place, member.string()});
    collect_references(member, place, depth + 1, out);
  }
}

}  // namespace

std::vector<SchemaDocument::Reference> SchemaDocument::references() const {
  std::vector<Reference> out;
  collect_references(value_, "", 0, out);
  return out;
}

bool SchemaDocument::refers_to(std::string_view text) const {
  return std::ranges::any_of(references(),
                             [text](const Reference& each) { return each.text == text; });
}

std::optional<Spot> SchemaDocument::target_of(const Value& schema) const {
  const auto* reference = schema.find("$ref");
  if (!plain_ || reference == nullptr || !has_local_reference("$ref", *reference)) return {};
  std::string_view rest = std::string_view(reference->string()).substr(1);
  // Percent signs would have to be decoded first; such references are rare, and left alone.
  if (rest.find('%') != std::string_view::npos) return {};
  Spot spot = root();
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const auto written = rest.substr(0, rest.find('/'));
    const auto token = mcp::unescape_token(written).value_or(std::string(written));
    rest.remove_prefix(std::min(rest.find('/'), rest.size()));
    spot.value = step(*spot.value, token);
    if (spot.value == nullptr) return {};
    spot.path.push_back(token);
  }
  return spot;
}

std::vector<Spot> SchemaDocument::resolve(Spot spot) const {
  constexpr std::size_t longest_chain = 50;
  std::vector<Spot> chain = {std::move(spot)};
  while (chain.size() < longest_chain) {
    const auto& here = *chain.back().value;
    if (!here.is(Type::object) || !lone_reference(here, dialect_)) break;
    auto next = target_of(here);
    if (!next) break;
    chain.push_back(std::move(*next));
  }
  return chain;
}

Value SchemaDocument::lent(const Value& schema) const {
  return has_references_ ? with_moved_references(schema) : schema;
}

Value SchemaDocument::lent(std::string_view keyword, const Value& value) const {
  if (!has_references_) return value;
  return *with_moved_references(Value(Value::Object{{std::string(keyword), value}})).find(keyword);
}

std::optional<Value> edited(const SchemaDocument& document, std::span<const Edit> edits,
                            const SchemaDocument& origin) {
  const bool any_dialect = document.value().is(Type::boolean) || origin.value().is(Type::boolean);
  const bool same_dialect = any_dialect || document.dialect() == origin.dialect();
  if (!document.plain() || !origin.plain() || !same_dialect) return {};
  Value out = document.value();
  bool borrows = false;
  for (const auto& edit : edits) {
    out = with(out, edit.path, edit.value);
    borrows = borrows || (origin.has_references() && edit.value &&
                          edit.value->text().find(origin_name) != std::string::npos);
  }
  if (!borrows || !out.is(Type::object)) return out;
  auto members = with_moved_references(origin.value()).object();
  for (const auto* const name : {"$id", "id", "$schema"}) members.erase(name);
  const Path place = {"$defs", std::string(origin_name)};
  return with(out, place, Value(std::move(members)));
}

Value transformed(const Value& schema, const SchemaEdit& edit) {
  if (!schema.is(Type::object)) return schema;
  Value::Object members;
  for (const auto& [keyword, value] : schema.object()) {
    members.emplace(keyword, transformed_member(keyword, value, edit));
  }
  edit(members);
  return Value(std::move(members));
}

Value without_keywords(const Value& schema, NamePredicate unwanted) {
  return transformed(schema, [unwanted](Value::Object& members) {
    std::erase_if(members, [unwanted](const auto& member) { return unwanted(member.first); });
  });
}

}  // namespace probes::drift
