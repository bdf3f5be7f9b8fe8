#include "probes/drift/document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "mcp/base/text.hpp"

namespace probes::drift {
namespace {

using mcp::schema::Decimal;
using mcp::schema::Type;
using mcp::schema::Value;

/// 2026-07-28 discover: where a modern server names itself.
constexpr std::string_view info_key = "io.modelcontextprotocol/serverInfo";

/// Members of a handshake's result that have a place of their own in the document.
constexpr std::array placed_members = {
    std::pair{std::string_view("serverInfo"), Type::object},
    std::pair{std::string_view("capabilities"), Type::object},
    std::pair{std::string_view("instructions"), Type::string},
};

bool is_list_of_texts(const Value& value) {
  return value.is(Type::array) && std::ranges::all_of(value.array(), [](const Value& each) {
           return each.is(Type::string);
         });
}

const std::string* key_of(const Value& item, const ItemKind& kind) {
  const Value* key = item.find(kind.key);
  return key != nullptr && key->is(Type::string) ? &key->string() : nullptr;
}

void add_array(Value::Object& object, const char* name, Value::Array elements) {
  if (!elements.empty()) object.emplace(name, Value(std::move(elements)));
}

}  // namespace

void DocumentBuilder::add_handshake(const Value& result, mcp::Era era,
                                    const std::string& protocol_version) {
  document_.emplace("era", Value(std::string(mcp::to_string(era))));
  if (!protocol_version.empty()) document_.emplace("protocolVersion", protocol_version);
  if (!result.is(Type::object)) return;
  for (const auto& [name, value] : result.object()) place(name, value, era);
}

void DocumentBuilder::place(const std::string& name, const Value& value, mcp::Era era) {
  const bool modern = era == mcp::Era::modern;
  const auto* placed =
      std::ranges::find(placed_members, name, &decltype(placed_members)::value_type::first);
  const bool has_place = placed != placed_members.end() && value.is(placed->second);
  const bool is_versions = name == "supportedVersions" && is_list_of_texts(value);
  if ((has_place || is_versions) && !document_.contains(name)) {
    document_.emplace(name, value);
  } else if (name == "protocolVersion" && value.is(Type::string)) {
    document_.insert_or_assign(name, value);
  } else if (modern && (name == "ttlMs" || name == "cacheScope")) {
    discover_.emplace(name, value);
  } else if (modern && name == "_meta" && value.is(Type::object)) {
    place_meta(value);
  } else {
    keep_in_handshake(name, value);
  }
}

void DocumentBuilder::place_meta(const Value& meta) {
  Value::Object rest = meta.object();
  const auto info = rest.find(info_key);
  if (info != rest.end() && info->second.is(Type::object)) {
    document_.emplace("serverInfo", info->second);
    rest.erase(info);
  }
  if (!rest.empty() || meta.object().empty()) keep_in_handshake("_meta", Value(std::move(rest)));
}

void DocumentBuilder::keep_in_handshake(const std::string& name, const Value& value) {
  handshake_.insert_or_assign(name, value);
}

void DocumentBuilder::add_list(const ItemKind& kind, ListFacts facts,
                               std::vector<std::string>& warnings) {
  Value::Object items;
  Value::Array order;
  Value::Array duplicates;
  Value::Array unnamed;
  for (Value& item : facts.items) {
    const std::string* key = key_of(item, kind);
    if (key == nullptr) {
      warnings.push_back(fmt::format("a {} without \"{}\": no client can use it: {}", kind.noun,
                                     kind.key, mcp::quoted(item.text(), 80)));
      unnamed.push_back(std::move(item));
    } else if (items.contains(*key)) {
      duplicates.push_back(std::move(item));
    } else {
      order.emplace_back(*key);
      items.emplace(*key, item);
    }
  }
  Value::Object list;
  list.emplace("order", Value(std::move(order)));
  add_array(list, "duplicates", std::move(duplicates));
  add_array(list, "unnamed", std::move(unnamed));
  if (facts.pages) list.emplace("pages", Decimal(static_cast<std::int64_t>(*facts.pages)));
  if (facts.ttl_ms) list.emplace("ttlMs", std::move(*facts.ttl_ms));
  if (facts.cache_scope) list.emplace("cacheScope", std::move(*facts.cache_scope));
  document_.insert_or_assign(std::string(kind.member), Value(std::move(items)));
  lists_.insert_or_assign(std::string(kind.member), Value(std::move(list)));
}

Snapshot DocumentBuilder::finish() {
  if (!discover_.empty()) document_.emplace("discover", Value(std::move(discover_)));
  if (!handshake_.empty()) document_.emplace("handshake", Value(std::move(handshake_)));
  if (!lists_.empty()) document_.emplace("lists", Value(std::move(lists_)));
  return Snapshot(Value(std::move(document_)));
}

}  // namespace probes::drift
