#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/server/call.hpp"
#include "tests/server/request_state.hpp"
#include "tests/server/surface.hpp"

namespace mcp::testserver {

struct CoreOptions {
  std::vector<Revision> revisions{all_revisions.rbegin(), all_revisions.rend()};  // newest first
  Surface surface;
  std::size_t page_size = 0;               // 0: one page
  std::chrono::milliseconds cache_ttl{0};  // ttlMs of the modern era
  std::string server_name = "mcpctl-testserver";
  std::string server_version = "0.1.0";
  std::string state_key;  // see RequestState
  std::function<std::int64_t()> unix_time;
};

/// What the server does for a request, in both eras, without sockets, threads or a clock of its
/// own: request in, outcome out.
class Core {
 public:
  explicit Core(CoreOptions options);

  /// Serves one request by the rules of `call.revision`; `initialize` fills in the call's session.
  Outcome handle(const Call& call) const;

  bool supports(Revision revision) const;
  bool supports(Era era) const;
  const std::vector<Revision>& revisions() const { return options_.revisions; }
  const Surface& surface() const { return options_.surface; }

  /// Ends a subscription (2026-07-28 subscriptions, "Graceful Closure").
  std::string subscription_result(std::string_view raw_id) const;

 private:
  using Method = Outcome (Core::*)(const Call&) const;
  struct Entry {
    std::string_view name;
    Method method;
  };
  static const std::vector<Entry>& legacy_methods();
  static const std::vector<Entry>& modern_methods();

  // lifecycle.cpp
  Outcome initialize(const Call& call) const;
  Outcome discover(const Call& call) const;
  Outcome ping(const Call& call) const;
  Outcome set_level(const Call& call) const;
  Outcome listen(const Call& call) const;
  Outcome subscribe(const Call& call) const;
  Outcome unsubscribe(const Call& call) const;
  std::string capabilities(Revision revision) const;
  // lists.cpp
  Outcome list_tools(const Call& call) const;
  Outcome list_prompts(const Call& call) const;
  Outcome list_resources(const Call& call) const;
  Outcome list_templates(const Call& call) const;
  Outcome list(const Call& call, std::string_view name, const std::vector<Item>& items) const;
  std::vector<Item> twisted_tools(const ListTwist& twist) const;
  // contents.cpp
  Outcome get_prompt(const Call& call) const;
  Outcome read_resource(const Call& call) const;
  Outcome complete(const Call& call) const;
  // tools.cpp
  Outcome call_tool(const Call& call) const;
  Outcome run_builtin(const Call& call, std::string_view name) const;
  Outcome echo(const Call& call) const;
  Outcome add(const Call& call) const;
  Outcome slow(const Call& call) const;
  Outcome big(const Call& call) const;
  Outcome tool_text(const Call& call, std::string_view text) const;
  Outcome tool_error(const Call& call, std::string_view text) const;
  // ask.cpp
  Outcome ask(const Call& call) const;
  Outcome ask_legacy(const Call& call) const;
  Outcome ask_modern(const Call& call) const;
  Outcome put_question(const Call& call, const std::string& kind, int rounds) const;

  /// `members` is the inside of the result object. Modern results get resultType and _meta, and
  /// with `cacheable` what caching.mdx demands.
  enum class Cache { no, yes };
  Outcome result(const Call& call, std::string_view members, Cache cache = Cache::no) const;
  static Outcome error(const Call& call, int code, std::string_view message, int status = 200,
                       std::string_view raw_data = {});

  CoreOptions options_;
  RequestState state_;
  std::string modern_meta_;  // the `_meta` member of modern results
};

}  // namespace mcp::testserver
