#include "tests/server/core.hpp"

#include <algorithm>
#include <utility>

#include "tests/server/protocol.hpp"
#include "tests/server/session_table.hpp"

namespace mcp::testserver {

Core::Core(CoreOptions options)
    : options_(std::move(options)),
      state_(options_.state_key.empty() ? random_hex(32) : options_.state_key) {
  modern_meta_ = R"("_meta":{")" + std::string(meta::server_info) + R"(":{"name":)" +
                 json_string(options_.server_name) + R"(,"version":)" +
                 json_string(options_.server_version) + "}}";
}

const std::vector<Core::Entry>& Core::legacy_methods() {
  static const std::vector<Entry> methods{
      {"tools/call", &Core::call_tool},
      {"tools/list", &Core::list_tools},
      {"ping", &Core::ping},
      {"initialize", &Core::initialize},
      {"prompts/list", &Core::list_prompts},
      {"prompts/get", &Core::get_prompt},
      {"resources/list", &Core::list_resources},
      {"resources/templates/list", &Core::list_templates},
      {"resources/read", &Core::read_resource},
      {"resources/subscribe", &Core::subscribe},
      {"resources/unsubscribe", &Core::unsubscribe},
      {"completion/complete", &Core::complete},
      {"logging/setLevel", &Core::set_level},
  };
  return methods;
}

const std::vector<Core::Entry>& Core::modern_methods() {
  static const std::vector<Entry> methods{
      {"tools/call", &Core::call_tool},
      {"tools/list", &Core::list_tools},
      {"server/discover", &Core::discover},
      {"prompts/list", &Core::list_prompts},
      {"prompts/get", &Core::get_prompt},
      {"resources/list", &Core::list_resources},
      {"resources/templates/list", &Core::list_templates},
      {"resources/read", &Core::read_resource},
      {"completion/complete", &Core::complete},
      {"subscriptions/listen", &Core::listen},
  };
  return methods;
}

Outcome Core::handle(const Call& call) const {
  for (const auto& entry : call.modern() ? modern_methods() : legacy_methods()) {
    if (entry.name == call.method) return (this->*entry.method)(call);
  }
  // 2026-07-28 streamable-http, "Protocol Version Header": 404 with -32601; legacy servers answer
  // 200, as for every other JSON-RPC error.
  return error(call, code::method_not_found, "Method not found: " + std::string(call.method),
               call.modern() ? 404 : 200);
}

bool Core::supports(Revision revision) const {
  return std::ranges::find(options_.revisions, revision) != options_.revisions.end();
}

bool Core::supports(Era era) const {
  return std::ranges::any_of(options_.revisions,
                             [era](Revision revision) { return era_of(revision) == era; });
}

Outcome Core::result(const Call& call, std::string_view members, Cache cache) const {
  std::string object = "{";
  object.reserve(members.size() + 180);
  if (!call.modern()) {
    object += members;
  } else {
    object += R"("resultType":"complete",)";
    object += members;
    if (!members.empty()) object += ',';
    // The same lists for everybody, and free to change at any time unless it was asked to promise.
    if (cache == Cache::yes) {
      object += R"("ttlMs":)" + std::to_string(options_.cache_ttl.count());
      object += R"(,"cacheScope":"public",)";
    }
    object += modern_meta_;
  }
  object += '}';
  Outcome outcome;
  outcome.response = result_text(call.id, object);
  return outcome;
}

Outcome Core::error(const Call& call, int error_code, std::string_view message, int status,
                    std::string_view raw_data) {
  Outcome outcome;
  outcome.status = status;
  outcome.response = error_text(call.id, error_code, message, raw_data);
  return outcome;
}

}  // namespace mcp::testserver
