#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "mcp/io/lean_http.hpp"
#include "mcp/session/revision.hpp"
#include "scenarios/agent_port.hpp"
#include "scenarios/call_template.hpp"

namespace scenarios {

class PreparedCall;

/// Whoever sent prepared calls.
class PreparedCallOwner {
 public:
  virtual ~PreparedCallOwner() = default;
  /// The answer is whole and was looked through: `call.result()` holds. It may end the call.
  virtual void on_answered(PreparedCall& call) = 0;
  /// Anything else: whoever hears what an exchange brings shall hear all of it from the beginning,
  /// by `PreparedCall::bequeath`.
  virtual void on_unusual(PreparedCall& call) = 0;
};

/// One call that was sent from a template. Its answer is looked at in one pass; where that does not
/// do, everything goes to the client library, as if it had sent the call.
class PreparedCall final : private mcp::HttpObserver {
 public:
  PreparedCall() = default;
  PreparedCall(const PreparedCall&) = delete;
  PreparedCall& operator=(const PreparedCall&) = delete;
  ~PreparedCall() override;

  struct Start {
    PreparedCallOwner& owner;
    mcp::Loop& loop;
    mcp::Lane& lane;
    const mcp::PreparedRequest& request;
    std::int64_t id = 0;
    mcp::Era era = mcp::Era::legacy;
  };
  /// To the deadline that `ask` has. Once it is finished it may start again.
  void start(const Start& start);
  /// From now on the observer hears of the exchange; the heir is told what was heard so far by
  /// `replay`, which may end this.
  void bequeath(mcp::HttpObserver& heir) { heir_ = &heir; }
  void replay();
  /// Ends the exchange.
  void finish();

  // Once it is answered:
  bool is_tool_error() const { return is_tool_error_; }
  mcp::TimePoint started() const { return started_; }
  mcp::TimePoint ended() const { return ended_; }
  /// The whole message.
  std::string_view text() const { return kind_ == Kind::events ? event_ : body_; }
  std::int64_t id() const { return id_; }

  // What the owner keeps with it.
  Ask ask;
  OnOutcome done;
  std::unique_ptr<CallTemplate> used;  // what is sent is in there
  mcp::TimePoint learnt;

 private:
  enum class Kind : std::uint8_t { unusual, text, events };

  void on_head(const mcp::HttpResponseHead& head) override;
  void on_data(std::string_view bytes) override;
  void on_finished(mcp::Result<mcp::HttpTimings> outcome) override;

  bool is_right(std::string_view text);
  void read_events();
  void take_answer();

  PreparedCallOwner* owner_ = nullptr;
  mcp::Loop* loop_ = nullptr;
  mcp::HttpObserver* heir_ = nullptr;
  bool* gone_ = nullptr;
  std::int64_t id_ = 0;
  mcp::Era era_ = mcp::Era::legacy;
  Kind kind_ = Kind::unusual;
  bool is_answered_ = false;
  bool is_tool_error_ = false;
  mcp::TimePoint started_;
  mcp::TimePoint ended_;
  std::string body_;
  std::string event_;
  std::optional<mcp::HttpResponseHead> head_;  // where it matters
  std::optional<mcp::Result<mcp::HttpTimings>> outcome_;
  std::unique_ptr<mcp::Handle> linger_;
  std::unique_ptr<mcp::HttpExchange> exchange_;
};

}  // namespace scenarios
