#include "probes/drift/catalogue.hpp"

namespace probes::drift {
namespace {

// clang-format off
constexpr RuleRow table[] = {
    {"tool-removed", Direction::mcp, Severity::breaking,
     "A tool that clients know is gone: every call of it fails."},
    {"tool-added", Direction::mcp, Severity::safe,
     "A new tool takes nothing from clients that do not know it; the checks of names, texts and "
     "context cost look at it too."},
    {"tool-renamed", Direction::mcp, Severity::breaking,
     "A tool seems to have a new name: its letters are the same, or the arguments are and the "
     "names or descriptions are alike. It is a guess that explains a removal, and calls by the "
     "old name fail."},
    {"tool-name-case-changed", Direction::mcp, Severity::breaking,
     "Tool names are case-sensitive, so a call in the old spelling reaches no tool."},
    {"tool-name-invalid", Direction::mcp, Severity::dangerous,
     "A new name is not 1 to 128 of A-Z, a-z, 0-9, underscore, hyphen and dot, as the "
     "specification asks; some clients refuse or rewrite such names."},
    {"tool-name-confusable", Direction::mcp, Severity::dangerous,
     "A new tool's name differs from another one's of the same server by case, separators or "
     "look-alike characters only, so a model may call the wrong one."},
    {"tool-duplicate-name", Direction::mcp, Severity::breaking,
     "Two tools have the same name, and nothing says which of them a call reaches."},
    {"tool-description-changed", Direction::mcp, Severity::dangerous,
     "A model follows what a description says, and whoever approved the tool approved the old "
     "text."},
    {"text-hidden-characters", Direction::mcp, Severity::breaking,
     "A text that models read now holds characters that people do not see or that reorder what "
     "they see, which is how instructions are smuggled past a review."},
    {"text-injection-pattern", Direction::mcp, Severity::dangerous,
     "A text that models read now names a web host that was not there before, a place of "
     "secrets, or phrases that give the model orders; good descriptions seldom need any of them."},
    {"tool-title-changed", Direction::mcp, Severity::safe,
     "A title is for people; nothing is called by it."},
    {"icon-changed", Direction::mcp, Severity::safe,
     "Other pictures, or none, from places that were contacted before."},
    {"icon-origin-changed", Direction::mcp, Severity::dangerous,
     "Hosts that draw an icon now fetch it from another origin, which learns who uses the "
     "server."},
    {"read-only-hint-lost", Direction::mcp, Severity::breaking,
     "Clients run tools that claim to read only without asking; the claim was withdrawn, and a "
     "client that knows the old list still acts on it."},
    {"read-only-hint-gained", Direction::mcp, Severity::dangerous,
     "A claim to read only may switch off the question to the user, and nobody has checked the "
     "claim."},
    {"destructive-hint-gained", Direction::mcp, Severity::dangerous,
     "A tool that only added may now destroy or overwrite; the default of an absent "
     "destructiveHint is true."},
    {"destructive-hint-lost", Direction::mcp, Severity::dangerous,
     "A tool now claims only to add, and clients lower their guard on its word."},
    {"idempotent-hint-lost", Direction::mcp, Severity::breaking,
     "A client that repeats calls of an idempotent tool after a timeout now does things twice."},
    {"idempotent-hint-gained", Direction::mcp, Severity::dangerous,
     "Clients may now repeat a call after a timeout, which does harm if the claim is wrong."},
    {"open-world-hint-gained", Direction::mcp, Severity::dangerous,
     "The tool may now deal with the outside world, from which untrusted content comes; the "
     "default of an absent openWorldHint is true."},
    {"open-world-hint-lost", Direction::mcp, Severity::dangerous,
     "The tool now claims to stay in its own domain, and clients may trust its results more on "
     "its word."},
    {"annotation-default-made-explicit", Direction::mcp, Severity::safe,
     "A hint with the value that the specification gives an absent one was written out or left "
     "out; it means the same."},
    {"x-mcp-header-added", Direction::mcp, Severity::dangerous,
     "Clients over HTTP must now send the parameter in a header too; those that know the old "
     "schema do not, and may be refused."},
    {"x-mcp-header-removed", Direction::mcp, Severity::dangerous,
     "A header by which proxies route or filter is no longer sent."},
    {"x-mcp-header-renamed", Direction::mcp, Severity::dangerous,
     "Clients that know the old schema send the old header, and proxies look for it."},
    {"x-mcp-header-invalid", Direction::mcp, Severity::breaking,
     "An annotation breaks the rules of the 2026-07-28 revision, and clients over HTTP must then"
     " leave out the tool."},
    {"x-mcp-header-sensitive", Direction::mcp, Severity::dangerous,
     "A parameter that looks like a secret is sent as a header, which proxies read and log."},
    {"input-schema-invalid", Direction::mcp, Severity::breaking,
     "A tool without a JSON Schema for its arguments is not a valid tool, and clients drop it or"
     " the whole list."},
    {"output-schema-added", Direction::mcp, Severity::safe,
     "A promise about structured results is new; clients that read the text go on as before."},
    {"output-schema-removed", Direction::mcp, Severity::breaking,
     "The promise about structured results is withdrawn, and clients that read them may find "
     "none."},
    {"output-schema-root-type-changed", Direction::mcp, Severity::breaking,
     "From 2026-07-28 on a result may be any JSON value; clients of earlier revisions take "
     "objects only."},
    {"task-support-required-added", Direction::mcp, Severity::breaking,
     "Plain calls are refused where a tool can only be called as a task (2025-11-25)."},
    {"task-support-lost", Direction::mcp, Severity::breaking,
     "Calls as a task are refused where a tool forbids it (2025-11-25)."},
    {"task-support-gained", Direction::mcp, Severity::safe,
     "The tool may now be called as a task too."},
    {"task-support-relaxed", Direction::mcp, Severity::safe,
     "The tool could only be called as a task, and may now be called plainly too."},
    {"task-support-default-made-explicit", Direction::mcp, Severity::safe,
     "That a tool cannot be called as a task was written out or left to the default; it means "
     "the same."},
    {"task-extension-changed", Direction::mcp, Severity::dangerous,
     "What the server offers about tasks changed; clients that use tasks must adapt."},
    {"tool-meta-changed", Direction::mcp, Severity::safe,
     "Only clients that know the members of _meta notice."},
    {"meta-changed", Direction::mcp, Severity::safe,
     "Only clients that know the members of _meta notice."},
    {"meta-security-changed", Direction::mcp, Severity::dangerous,
     "A member of _meta whose name speaks of a user interface, permissions or security changed, "
     "and hosts decide by it what they show or allow."},
};
// clang-format on

}  // namespace

std::vector<Rule> tool_rules() {
  return made(table);
}

}  // namespace probes::drift
