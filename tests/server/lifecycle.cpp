#include "tests/server/core.hpp"
#include "tests/server/protocol.hpp"
#include "tests/server/session_table.hpp"

// Handshake, liveness, subscriptions: what a peer does around its calls.

namespace mcp::testserver {

std::string Core::capabilities(Revision revision) const {
  const auto& surface = options_.surface;
  std::string out = R"({"logging":{})";
  // The capability came with 2025-03-26 ("completions" of its changelog).
  if (revision >= Revision::v2025_03_26 && !surface.prompts.empty()) out += R"(,"completions":{})";
  if (!surface.tools.empty()) out += R"(,"tools":{"listChanged":true})";
  if (!surface.prompts.empty()) out += R"(,"prompts":{"listChanged":true})";
  if (!surface.resources.empty() || !surface.templates.empty()) {
    out += R"(,"resources":{"subscribe":true,"listChanged":true})";
  }
  return out + "}";
}

Outcome Core::initialize(const Call& call) const {
  const auto asked = call.params["protocolVersion"];
  if (!asked.is_string()) {
    return error(call, code::invalid_params, "initialize needs protocolVersion");
  }
  if (call.session != nullptr && call.session->initialized) {
    return error(call, code::invalid_request, "this session is already initialized");
  }
  // 2025-11-25 lifecycle, "Version Negotiation": the version asked for where it is supported, else
  // another one that is, the latest by preference.
  std::optional<Revision> agreed = parse_revision(asked.string());
  if (!agreed || era_of(*agreed) != Era::legacy || !supports(*agreed)) {
    agreed.reset();
    for (const auto revision : options_.revisions) {
      if (era_of(revision) == Era::legacy && (!agreed || revision > *agreed)) agreed = revision;
    }
  }
  if (!agreed) {
    return error(call, code::unsupported_version, "Unsupported protocol version", 400,
                 version_data(options_.revisions, asked.string()));
  }
  if (call.session != nullptr) {
    const auto offered = call.params["capabilities"];
    call.session->initialized = true;
    call.session->revision = *agreed;
    call.session->can_elicit = offered["elicitation"].is_object();
    call.session->can_sample = offered["sampling"].is_object();
    call.session->has_roots = offered["roots"].is_object();
  }
  return result(call, R"("protocolVersion":)" + json_string(to_string(*agreed)) +
                          R"(,"capabilities":)" + capabilities(*agreed) +
                          R"(,"serverInfo":{"name":)" + json_string(options_.server_name) +
                          R"(,"version":)" + json_string(options_.server_version) +
                          R"(},"instructions":"A server for tests: see its tools.")");
}

Outcome Core::discover(const Call& call) const {
  return result(call,
                R"("supportedVersions":)" + version_list(options_.revisions) +
                    R"(,"capabilities":)" + capabilities(call.revision) +
                    R"(,"instructions":"A server for tests: see its tools.")",
                Cache::yes);
}

Outcome Core::ping(const Call& call) const {
  return result(call, "");
}

Outcome Core::set_level(const Call& call) const {
  const auto rank = log_level_rank(call.params["level"].string());
  if (rank < 0) return error(call, code::invalid_params, "not a log level");
  if (call.session != nullptr) call.session->log_rank = rank;
  return result(call, "");
}

Outcome Core::subscribe(const Call& call) const {
  const auto uri = call.params["uri"];
  if (!uri.is_string()) return error(call, code::invalid_params, "resources/subscribe needs uri");
  if (call.session != nullptr) call.session->subscriptions.insert(uri.string());
  return result(call, "");
}

Outcome Core::unsubscribe(const Call& call) const {
  const auto uri = call.params["uri"];
  if (!uri.is_string()) return error(call, code::invalid_params, "resources/unsubscribe needs uri");
  if (call.session != nullptr) call.session->subscriptions.erase(uri.string());
  return result(call, "");
}

Outcome Core::listen(const Call& call) const {
  const auto wanted = call.params["notifications"];
  if (!wanted.is_object()) {
    return error(call, code::invalid_params, "subscriptions/listen needs notifications", 400);
  }
  SubscriptionFilter filter{.tools = wanted["toolsListChanged"].is_true(),
                            .prompts = wanted["promptsListChanged"].is_true(),
                            .resources = wanted["resourcesListChanged"].is_true()};
  std::string honoured;
  const auto add = [&honoured](std::string_view member) {
    if (!honoured.empty()) honoured += ',';
    honoured += member;
  };
  if (filter.tools) add(R"("toolsListChanged":true)");
  if (filter.prompts) add(R"("promptsListChanged":true)");
  if (filter.resources) add(R"("resourcesListChanged":true)");
  const auto uris = wanted["resourceSubscriptions"];
  for (const auto& uri : uris.elements()) filter.uris.push_back(uri.string());
  if (!filter.uris.empty()) add(R"("resourceSubscriptions":)" + std::string(uris.raw()));

  Outcome outcome;
  outcome.subscription = std::move(filter);
  // 2026-07-28 subscriptions, "Acknowledgment": the first message of the stream.
  outcome.messages.push_back(
      {.text = notification_text("notifications/subscriptions/acknowledged",
                                 R"({"_meta":{")" + std::string(meta::subscription) + R"(":)" +
                                     std::string(call.id) + R"(},"notifications":{)" + honoured +
                                     "}}")});
  outcome.response = subscription_result(call.id);
  return outcome;
}

std::string Core::subscription_result(std::string_view raw_id) const {
  return result_text(raw_id, R"({"resultType":"complete","_meta":{")" +
                                 std::string(meta::subscription) + R"(":)" + std::string(raw_id) +
                                 "}}");
}

}  // namespace mcp::testserver
