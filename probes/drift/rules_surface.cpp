#include <utility>

#include "probes/drift/catalogue.hpp"

namespace probes::drift {
namespace {

// clang-format off
constexpr RuleRow table[] = {
    {"prompt-removed", Direction::mcp, Severity::breaking,
     "A prompt that clients know is gone: asking for it fails."},
    {"prompt-added", Direction::mcp, Severity::safe,
     "A new prompt takes nothing from clients that do not know it."},
    {"prompt-description-changed", Direction::mcp, Severity::dangerous,
     "Hosts choose prompts by their descriptions, and models may read them; nobody has reviewed "
     "the new text."},
    {"prompt-title-changed", Direction::mcp, Severity::safe,
     "A title of a prompt or of an argument is for people."},
    {"prompt-required-argument-added", Direction::mcp, Severity::breaking,
     "Clients that do not know the new argument get an error."},
    {"prompt-argument-became-required", Direction::mcp, Severity::breaking,
     "Clients that leave the argument out get an error."},
    {"prompt-argument-became-optional", Direction::mcp, Severity::safe,
     "Clients that send the argument go on as before."},
    {"prompt-optional-argument-added", Direction::mcp, Severity::safe,
     "Clients that do not know the argument go on as before."},
    {"prompt-argument-removed", Direction::mcp, Severity::dangerous,
     "What clients still send in the argument is ignored or refused."},
    {"prompt-argument-description-changed", Direction::mcp, Severity::dangerous,
     "Models and people fill in an argument by its description."},
    {"prompt-argument-order-changed", Direction::mcp, Severity::safe,
     "Arguments are sent by name; the order shows only in forms."},
    {"resource-removed", Direction::mcp, Severity::breaking,
     "An address that clients keep is no longer listed, and reading it may fail."},
    {"resource-added", Direction::mcp, Severity::safe,
     "A new resource takes nothing from clients that do not know it."},
    {"resource-description-changed", Direction::mcp, Severity::dangerous,
     "Models choose resources by their descriptions; nobody has reviewed the new text."},
    {"resource-title-changed", Direction::mcp, Severity::safe,
     "A title is for people."},
    {"resource-uri-changed", Direction::mcp, Severity::breaking,
     "The same name stands at another address, and clients that keep the old one may read "
     "nothing."},
    {"resource-name-changed", Direction::mcp, Severity::safe,
     "Resources and templates are found by their address; the name is shown."},
    {"resource-mime-type-changed", Direction::mcp, Severity::dangerous,
     "Clients that read the old form may not understand the content."},
    {"resource-size-changed", Direction::mcp, Severity::safe,
     "The size is a help for planning only."},
    {"resource-annotations-changed", Direction::mcp, Severity::safe,
     "Audience, priority and date tell a host what to show first; nothing depends on them."},
    {"resource-template-removed", Direction::mcp, Severity::breaking,
     "Addresses that clients make from the template may lead nowhere."},
    {"resource-template-added", Direction::mcp, Severity::safe,
     "A new template takes nothing from clients that do not know it."},
    {"resource-template-description-changed", Direction::mcp, Severity::dangerous,
     "Models fill in a template by its description; nobody has reviewed the new text."},
    {"resource-template-title-changed", Direction::mcp, Severity::safe,
     "A title is for people."},
    {"template-uri-changed", Direction::mcp, Severity::breaking,
     "Clients that keep the old template make addresses of the old form."},
    {"template-variable-added", Direction::mcp, Severity::breaking,
     "Clients that keep the old template give no value for the new variable."},
    {"template-variable-removed", Direction::mcp, Severity::dangerous,
     "What clients give for the variable no longer has an effect."},
    {"template-mime-type-changed", Direction::mcp, Severity::dangerous,
     "Clients that read the old form may not understand the content."},
    {"capability-removed", Direction::mcp, Severity::breaking,
     "Requests that belong to the capability are refused."},
    {"capability-added", Direction::mcp, Severity::safe,
     "Clients that do not know the capability go on as before."},
    {"capability-logging-removed", Direction::mcp, Severity::safe,
     "Log messages stop, which the 2026-07-28 revision deprecates; nothing else depends on them."},
    {"list-changed-lost", Direction::mcp, Severity::dangerous,
     "Clients that wait to be told of a change keep an old list."},
    {"list-changed-gained", Direction::mcp, Severity::safe,
     "Clients may now learn of a change sooner."},
    {"resource-subscribe-lost", Direction::mcp, Severity::breaking,
     "Requests to follow a resource fail, and updates stop."},
    {"extension-removed", Direction::mcp, Severity::breaking,
     "What clients do by the extension fails."},
    {"extension-settings-changed", Direction::mcp, Severity::dangerous,
     "Clients that use the extension go by its settings."},
    {"experimental-capability-changed", Direction::mcp, Severity::safe,
     "Nothing is promised of experimental capabilities."},
    {"instructions-changed", Direction::mcp, Severity::dangerous,
     "Hosts put the instructions into the model's system prompt; nobody has reviewed the new "
     "text."},
    {"instructions-removed", Direction::mcp, Severity::dangerous,
     "Models lose the advice on how the tools belong together."},
    {"protocol-version-dropped", Direction::mcp, Severity::breaking,
     "Clients that speak only that revision can no longer talk to the server."},
    {"protocol-version-added", Direction::mcp, Severity::safe,
     "The older revisions stay."},
    {"protocol-era-changed", Direction::mcp, Severity::breaking,
     "Clients that know only initialize, or only server/discover, cannot connect to the other "
     "kind of server."},
    {"server-name-changed", Direction::mcp, Severity::dangerous,
     "Another program may answer at the address; trust and settings are kept by the name."},
    {"server-version-changed", Direction::mcp, Severity::safe,
     "The version tells people which build answers; nothing is decided by it."},
    {"server-version-regressed", Direction::mcp, Severity::dangerous,
     "The semantic version went down: an older build may be back, with the faults that it had."},
    {"server-version-unchanged", Direction::mcp, Severity::dangerous,
     "The surface changed under the same version, so whoever goes by the version does not look "
     "again."},
    {"server-title-changed", Direction::mcp, Severity::safe,
     "A title is for people."},
    {"server-details-changed", Direction::mcp, Severity::safe,
     "The description and the web site of the server are for people."},
    {"tool-order-changed", Direction::mcp, Severity::safe,
     "Calls are not affected; the next request of each model costs a prompt cache miss."},
    {"tool-order-unstable", Direction::mcp, Severity::dangerous,
     "Two readings of one replica differ in order: each list costs a prompt cache miss, and the "
     "2026-07-28 revision asks for a fixed order."},
    {"list-order-changed", Direction::mcp, Severity::safe,
     "The order of prompts and resources matters only where they are shown."},
    {"ttl-decreased", Direction::mcp, Severity::safe,
     "Clients ask more often."},
    {"ttl-increased", Direction::mcp, Severity::dangerous,
     "Clients keep an old answer for longer, and so meet the next change later."},
    {"ttl-missing", Direction::mcp, Severity::dangerous,
     "The 2026-07-28 revision requires ttlMs; without it clients must take the answer for stale "
     "at once."},
    {"cache-scope-private-to-public", Direction::mcp, Severity::breaking,
     "Shared caches may serve what one user may see to another."},
    {"cache-scope-public-to-private", Direction::mcp, Severity::safe,
     "Shared caches no longer help; each client asks for itself."},
    {"ttl-zero-stated", Direction::mcp, Severity::safe,
     "An answer without ttlMs is stale at once, and ttlMs 0 says the same."},
    {"cache-scope-added", Direction::mcp, Severity::safe,
     "The answer says for the first time who may keep it."},
    {"cache-scope-missing", Direction::mcp, Severity::dangerous,
     "The 2026-07-28 revision requires cacheScope; without it caches may take the answer for "
     "private or for public."},
    {"pagination-page-size-changed", Direction::mcp, Severity::safe,
     "Clients must not rely on how many items a page has."},
    {"pagination-introduced", Direction::mcp, Severity::dangerous,
     "Clients that do not follow nextCursor lose all but the first page."},
    {"pagination-item-duplicated", Direction::mcp, Severity::dangerous,
     "An item is listed twice: pages overlap, or the server repeats itself."},
    {"pagination-cursor-unstable", Direction::mcp, Severity::dangerous,
     "A list read twice gave other items, so pages cannot be put together."},
    {"tool-surface-context-cost-increased", Direction::mcp, Severity::dangerous,
     "The list of tools takes a larger part of every model's context, and money with each "
     "request; the estimate is bytes of compact JSON divided by 4."},
    {"other-member-changed", Direction::mcp, Severity::safe,
     "Something differs that no other rule knows; it is told so that two different snapshots "
     "never look equal."},
    {"replica-surface-split", Direction::fleet, Severity::breaking,
     "Replicas behind one address disagree, and a call that one accepts fails at the other."},
    {"replica-surface-split-safe", Direction::fleet, Severity::dangerous,
     "Replicas behind one address disagree, but what clients learn from either works with the "
     "other."},
    {"replica-identity-split", Direction::fleet, Severity::safe,
     "Replicas differ only in the version that they state, as they do in the middle of a rolling"
     " update."},
    {"replica-era-split", Direction::fleet, Severity::breaking,
     "Replicas behind one address speak different revisions, so a client's next request may be "
     "refused."},
    {"list-varies-by-connection", Direction::fleet, Severity::breaking,
     "From 2026-07-28 on a list may depend on the authorisation but must not depend on the "
     "connection."},
    {"drift-within-ttl", Direction::fleet, Severity::dangerous,
     "An answer changed before the time was over for which clients were told to keep it."},
};
// clang-format on

}  // namespace

std::vector<Rule> surface_rules() {
  std::vector<Rule> all = tool_rules();
  for (Rule& rule : made(table)) all.push_back(std::move(rule));
  return all;
}

}  // namespace probes::drift
