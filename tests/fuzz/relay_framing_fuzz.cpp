#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "mcp/io/http_relay_body.hpp"
#include "mcp/io/http_relay_head.hpp"
#include "mcp/io/http_relay_unchunk.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace {

using mcp::HeadEnd;
using mcp::RelayBody;

/// What a relay makes of messages that come in pieces of `piece` bytes: where each begins and ends.
class Follower {
 public:
  explicit Follower(bool answers) : answers_(answers) {}

  std::string follow(std::string_view bytes, std::size_t piece) {
    while (!bytes.empty() && !ended_) {
      const auto size = std::min(piece, bytes.size());
      rest_.append(bytes.substr(0, size));
      bytes.remove_prefix(size);
      while (!ended_ && !rest_.empty() && step()) {
      }
    }
    return told_ + (ended_ ? "" : body_.state() == RelayBody::State::open ? "|open" : "|head");
  }

 private:
  bool step() {
    if (body_.state() != RelayBody::State::open) return read_head();
    const auto taken = body_.take(rest_);
    require(taken <= rest_.size(), "no more is taken than was given");
    told_ += rest_.substr(0, taken);
    rest_.erase(0, taken);
    if (body_.state() == RelayBody::State::broken) return fail("|broken");
    if (body_.state() == RelayBody::State::whole) told_ += "|whole|";
    return taken > 0;
  }

  bool read_head() {
    const auto what = end_.look(rest_);
    if (what == HeadEnd::What::more) return false;
    if (what == HeadEnd::What::bare_line_feed) return fail("|bare");
    const auto size = end_.size();
    require(size <= rest_.size(), "a head is part of what was given");
    end_.clear();
    const auto bytes = std::string_view(rest_).substr(0, size);
    const auto head = answers_ ? mcp::read_relayed_answer(bytes, {.upgrade = true})
                               : mcp::read_relayed_request(bytes);
    if (!head) return fail(head.error().reason);
    require(answers_ ? head->status >= 100 && head->status <= 999 : !head->target.empty(),
            "a head has what heads have");
    require(head->framing != mcp::BodyFraming::until_close || answers_, "a request has an end");
    body_ = RelayBody(head->framing, head->length);
    told_ += std::to_string(size) + (head->keep_alive ? "+" : "-");
    rest_.erase(0, size);
    return true;
  }

  bool fail(std::string_view how) {
    told_ += how;
    ended_ = true;
    return false;
  }

  bool answers_;
  HeadEnd end_;
  RelayBody body_;
  std::string rest_;
  std::string told_;
  bool ended_ = false;
};

}  // namespace

/// Where messages begin and end does not depend on how their bytes were cut.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), std::min(size, 4096UL));
  for (const bool answers : {false, true}) {
    const auto whole = Follower(answers).follow(bytes, 4096);
    for (const std::size_t piece : {1UL, 2UL, 7UL}) {
      require(Follower(answers).follow(bytes, piece) == whole,
              "the framing does not depend on the cuts");
    }
  }
  RelayBody chunks(mcp::BodyFraming::chunked, 0);
  const auto taken = chunks.take(bytes);
  if (chunks.state() == RelayBody::State::whole) {
    require(mcp::unchunk(bytes.substr(0, taken)).size() <= taken, "data is part of its chunks");
  }
  return 0;
}
