#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/time.hpp"
#include "mcp/session/revision.hpp"
#include "tests/server/json_view.hpp"

namespace mcp::testserver {

struct Session;

/// How a list answer is to be falsified; see the faults tools-* in fault.hpp.
struct ListTwist {
  bool empty = false;
  bool duplicate = false;
  bool changed = false;
};

/// One request as the core sees it. The views live as long as the request's text.
struct Call {
  std::string_view id;  // JSON text
  std::string_view method;
  JsonView params;
  Revision revision = latest_legacy;
  Session* session = nullptr;  // legacy; null where there are no sessions
  int log_rank = -1;           // log messages of this level and above are wanted; -1: none
  ListTwist twist;

  bool modern() const { return era_of(revision) == Era::modern; }
  JsonView argument(std::string_view name) const { return params["arguments"][name]; }
};

struct TimedMessage {
  Duration after{};  // counted from the start of the call
  std::string text;
};

/// What a subscriptions/listen request asked for.
struct SubscriptionFilter {
  bool tools = false;
  bool prompts = false;
  bool resources = false;
  std::vector<std::string> uris;
};

/// What is to happen because of one request: data, so that tests need neither sockets nor time.
/// The transport plays it: `messages`, then `question` if there is one, then `response`.
struct Outcome {
  int status = 200;  // of an HTTP answer that is one JSON object
  std::string response;
  Duration response_after{};
  std::vector<TimedMessage> messages;

  /// A request to the client; its answer is turned into what happens next. It is asked with an
  /// absent view where there is no way to reach the client.
  std::string question;
  std::string question_id;
  std::move_only_function<Outcome(const JsonView& answer)> on_answer;

  /// The call stays open until the client or a drain ends it, which sends `response`.
  std::optional<SubscriptionFilter> subscription;

  bool immediate() const {
    return messages.empty() && question.empty() && !subscription &&
           response_after == Duration::zero();
  }
};

}  // namespace mcp::testserver
