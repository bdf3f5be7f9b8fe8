#include "probes/drift/snapshot.hpp"

#include <utility>

#include "mcp/base/digest.hpp"
#include "probes/drift/document.hpp"

namespace probes::drift {
namespace {

using mcp::schema::Decimal;
using mcp::schema::Type;
using mcp::schema::Value;

Value digest_value(const Value& value) {
  return Value(mcp::sha256_digest(value.text()));
}

Value item_digests(const Value::Object& document) {
  Value::Object kinds;
  for (const ItemKind& kind : item_kinds) {
    const auto found = document.find(kind.member);
    if (found == document.end() || !found->second.is(Type::object)) continue;
    Value::Object digests;
    for (const auto& [key, item] : found->second.object()) digests[key] = digest_value(item);
    kinds[std::string(kind.member)] = Value(std::move(digests));
  }
  return Value(std::move(kinds));
}

}  // namespace

Snapshot::Snapshot(const Value& document) {
  Value::Object members = document.is(Type::object) ? document.object() : Value::Object();
  members.erase("digest");
  members.erase("digests");
  members.emplace("schema_version", Decimal(snapshot_schema_version));
  digest_ = mcp::sha256_digest(Value(members).text());
  Value digests = item_digests(members);
  members.emplace("digest", digest_);
  members.emplace("digests", std::move(digests));
  document_ = Value(std::move(members));
}

const Value::Object& Snapshot::items(const ItemKind& kind) const {
  static const Value::Object none;
  const Value* found = document_.find(kind.member);
  return found != nullptr && found->is(Type::object) ? found->object() : none;
}

std::vector<std::string> Snapshot::order(const ItemKind& kind) const {
  std::vector<std::string> keys;
  const Value* lists = document_.find("lists");
  const Value* list = lists != nullptr ? lists->find(kind.member) : nullptr;
  const Value* order = list != nullptr ? list->find("order") : nullptr;
  if (order != nullptr && order->is(Type::array)) {
    for (const Value& key : order->array()) {
      if (key.is(Type::string)) keys.push_back(key.string());
    }
    return keys;
  }
  for (const auto& [key, item] : items(kind)) keys.push_back(key);
  return keys;
}

std::string Snapshot::text(std::string_view member, std::string_view inner) const {
  const Value* found = document_.find(member);
  if (found != nullptr && !inner.empty()) found = found->find(inner);
  return found != nullptr && found->is(Type::string) ? found->string() : std::string();
}

std::string Snapshot::file_text() const {
  return pretty(document_) + '\n';
}

}  // namespace probes::drift
