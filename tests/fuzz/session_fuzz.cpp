#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "mcp/session/session.hpp"
#include "mcp/wire/codec.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace {

using namespace mcp;

/// Plays a script. Its first line configures the session: `legacy` or `modern`, and any of `notify`
/// (cancel_by_notification), `declare` (all capabilities), `accept` (elicitation). A line that
/// begins with `!` is the owner's: `!call METHOD`, `!cancel ID`, `!fail ID`, `!expire SECONDS`,
/// `!reset`, `!handshake`. Every other line is sent by the server.
class Play : public SessionSink, public SessionObserver {
 public:
  explicit Play(std::string_view first_line)
      : modern_(has(first_line, "modern")), session_(configuration(first_line), *this, *this) {
    handshake();
  }

  void play(std::string_view line) {
    if (line.starts_with('!')) return act(line.substr(1));
    auto messages = decode(line, {.bytes = 1UL << 16U, .depth = 32, .batch = 20});
    if (!messages) return;
    for (auto& message : *messages) session_.receive(std::move(message), now_);
  }

  void end() {
    session_.expire(TimePoint::max());
    // Replies at the deadline start no further calls, so nothing is left.
    require(session_.pending() == 0, "no call outlives its deadline");
    require(answered_ + cancelled_ == started_, "each call is answered or cancelled exactly once");
  }

  void send(Outgoing outgoing) override {
    const auto again = decode(encode(outgoing.message));
    require(again.has_value(), "what is sent is a message");
    for (const auto& header : outgoing.headers) {
      for (const unsigned char byte : header.value) {
        require(byte >= 0x20 && byte < 0x7f, "a header value is plain");
      }
    }
  }
  void abandon(const RequestId& /*id*/) override {}
  void on_notification(const Notification& /*notification*/) override {}
  void on_server_request(const Request& /*request*/, const std::string& answered) override {
    require(!answered.empty(), "an answer is described");
  }
  void on_warning(const std::string& warning) override { require_printable(warning); }

 private:
  static bool has(std::string_view line, std::string_view word) {
    return line.find(word) != std::string_view::npos;
  }

  static SessionConfig configuration(std::string_view line) {
    SessionConfig config;
    config.cancel_by_notification = has(line, "notify");
    const bool declare = has(line, "declare");
    config.capabilities = {.roots = declare, .sampling = declare, .elicitation = declare};
    if (has(line, "accept")) config.elicitation = ElicitationPolicy::accept_defaults;
    config.max_notifications_in_row = 50;
    config.max_input_rounds = 3;
    return config;
  }

  static void require_printable(std::string_view text) {
    for (const unsigned char byte : text) {
      require(byte >= 0x20 && byte != 0x7f, "what is told is safe to print");
    }
  }

  auto counted() {
    ++started_;
    return [this, done = false](const auto& outcome) mutable {
      require(!std::exchange(done, true), "a call is answered once");
      if (!outcome) require_printable(outcome.error().message);
      ++answered_;
    };
  }

  void handshake() {
    if (modern_) {
      session_.discover(latest_modern, now_ + std::chrono::seconds(100), counted());
    } else {
      session_.initialize(latest_legacy, now_ + std::chrono::seconds(100), counted());
    }
  }

  void call(std::string method) {
    CallOptions options;
    options.deadline = now_ + std::chrono::seconds(10);
    options.on_progress = [](const Notification&) {};
    const nlohmann::json params = {{"name", "x"}, {"uri", "file:///x"}};
    session_.call(std::move(method), params, std::move(options), counted());
  }

  void act(std::string_view line) {
    const auto space = std::min(line.find(' '), line.size());
    const auto verb = line.substr(0, space);
    const auto operand = line.substr(std::min(space + 1, line.size()));
    std::int64_t number = 0;
    std::from_chars(operand.data(), operand.data() + operand.size(), number);
    if (verb == "call") call(std::string(operand.substr(0, 64)));
    if (verb == "cancel") {
      const auto before = session_.pending();
      session_.cancel(number, "no longer needed");
      cancelled_ += before - session_.pending();
    }
    if (verb == "fail") session_.fail_request(number, fail(ErrorKind::http, "gone").error());
    if (verb == "expire") session_.expire(now_ += std::chrono::seconds(number & 0xff));
    if (verb == "reset") session_.reset();
    if (verb == "handshake") handshake();
  }

  bool modern_;
  TimePoint now_;
  std::size_t started_ = 0;
  std::size_t answered_ = 0;
  std::size_t cancelled_ = 0;
  Session session_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view script(reinterpret_cast<const char*>(data), size);
  const auto next_line = [&script] {
    const auto end = script.find('\n');
    const auto line = script.substr(0, end);
    script.remove_prefix(end == std::string_view::npos ? script.size() : end + 1);
    return line;
  };
  Play play(next_line());
  while (!script.empty()) play.play(next_line());
  play.end();
  return 0;
}
