#include <array>
#include <utility>

#include "tests/server/core.hpp"
#include "tests/server/protocol.hpp"
#include "tests/server/session_table.hpp"

// The tool that asks back: by a request of its own in the legacy era, by an input-required result
// in the modern one (2026-07-28 mrtr).

namespace mcp::testserver {

namespace {

constexpr std::int64_t state_lifetime_seconds = 300;
constexpr std::string_view answer_key = "answer";

struct Kind {
  std::string_view name;
  std::string_view method;
  std::string_view capability;  // of the client; empty: none is needed
};

constexpr std::array<Kind, 4> kinds{{{"elicitation", "elicitation/create", "elicitation"},
                                     {"sampling", "sampling/createMessage", "sampling"},
                                     {"roots", "roots/list", "roots"},
                                     {"ping", "ping", ""}}};

const Kind* find_kind(std::string_view name) {
  for (const auto& kind : kinds) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

std::string question_params(const Kind& kind, std::string_view question) {
  if (kind.name == "elicitation") {
    return R"({"message":)" + json_string(question) +
           R"(,"requestedSchema":{"type":"object","properties":{)"
           R"("answer":{"type":"string","title":"Answer","default":"yes"},)"
           R"("count":{"type":"integer","minimum":0,"default":3},)"
           R"("sure":{"type":"boolean","default":true}},"required":["answer"]}})";
  }
  if (kind.name == "sampling") {
    return R"({"messages":[{"role":"user","content":{"type":"text","text":)" +
           json_string(question) + R"(}}],"maxTokens":100})";
  }
  return "{}";
}

std::string question_of(const Call& call) {
  const auto question = call.argument("question");
  return question.is_string() ? question.string() : "Shall I go on?";
}

std::int64_t rounds_of(const Call& call) {
  const auto rounds = call.argument("rounds").integer().value_or(1);
  return std::min<std::int64_t>(std::max<std::int64_t>(rounds, 1), 100);
}

bool session_allows(const Session& session, std::string_view capability) {
  if (capability == "elicitation") return session.can_elicit;
  if (capability == "sampling") return session.can_sample;
  if (capability == "roots") return session.has_roots;
  return true;
}

/// What of a call outlives its text: the question is answered long after.
struct KeptCall {
  std::string id;
  std::string params;
  Revision revision;
  Session* session;

  explicit KeptCall(const Call& call)
      : id(call.id), params(call.params.raw()), revision(call.revision), session(call.session) {}
  Call view() const {
    return {.id = id,
            .method = "tools/call",
            .params = JsonView::parse(params).value_or(JsonView{}),
            .revision = revision,
            .session = session};
  }
};

}  // namespace

Outcome Core::ask(const Call& call) const {
  return call.modern() ? ask_modern(call) : ask_legacy(call);
}

Outcome Core::ask_legacy(const Call& call) const {
  const auto wanted = call.argument("kind");
  const auto name = wanted.is_string() ? wanted.string() : std::string("elicitation");
  const auto* kind = find_kind(name);
  if (kind == nullptr) return tool_error(call, "ask knows no kind " + name);
  if (call.session == nullptr) return tool_error(call, "ask needs a session");
  if (!session_allows(*call.session, kind->capability)) {
    return tool_error(call, "the client has not declared " + std::string(kind->capability));
  }
  return put_question(call, name, static_cast<int>(rounds_of(call)));
}

/// One question; its answer leads to the next round or to the result.
Outcome Core::put_question(const Call& call, const std::string& kind, int rounds) const {
  const auto& entry = *find_kind(kind);
  Outcome outcome;
  outcome.question_id = std::to_string(call.session->next_question++);
  outcome.question =
      request_text(outcome.question_id, entry.method, question_params(entry, question_of(call)));
  outcome.on_answer = [this, kept = KeptCall(call), kind, rounds](const JsonView& answer) {
    const auto again = kept.view();
    if (!answer.exists()) return tool_error(again, "there is no stream to ask the client on");
    if (answer["error"].exists()) {
      return tool_error(again, "the client refused: " + std::string(answer["error"].raw()));
    }
    if (rounds > 1) return put_question(again, kind, rounds - 1);
    return tool_text(again, answer["result"].raw());
  };
  return outcome;
}

Outcome Core::ask_modern(const Call& call) const {
  const auto wanted = call.argument("kind");
  const auto name = wanted.is_string() ? wanted.string() : std::string("elicitation");
  const auto* kind = find_kind(name);
  if (kind == nullptr || kind->capability.empty()) {
    return tool_error(call, "ask knows no kind " + name + " in this revision");
  }
  const std::string capability(kind->capability);
  if (!call.params["_meta"][meta::client_capabilities][capability].is_object()) {
    return error(call, code::missing_capability, "this call needs the capability " + capability,
                 400, R"({"requiredCapabilities":{")" + capability + R"(":{}}})");
  }
  const auto request = "tools/call ask " + std::string(call.params["arguments"].raw());
  int done = 0;
  if (const auto given = call.params["requestState"]; given.exists()) {
    const auto round = state_.open(given.string(), request, options_.unix_time());
    // mrtr, "Server Requirements": state that fails verification MUST be rejected.
    if (!round) return error(call, code::invalid_params, "requestState is not valid", 400);
    done = *round;
    // An answer that is missing is asked for again ("Error Handling").
    if (call.params["inputResponses"][answer_key].is_object()) ++done;
  }
  if (done >= rounds_of(call)) {
    return tool_text(call, call.params["inputResponses"][answer_key].raw());
  }
  const auto state = state_.seal(done, request, options_.unix_time() + state_lifetime_seconds);
  Outcome outcome;
  outcome.response = result_text(
      call.id, R"({"resultType":"input_required","inputRequests":{")" + std::string(answer_key) +
                   R"(":{"method":)" + json_string(kind->method) + R"(,"params":)" +
                   question_params(*kind, question_of(call)) + R"(}},"requestState":)" +
                   json_string(state) + "," + modern_meta_ + "}");
  return outcome;
}

}  // namespace mcp::testserver
