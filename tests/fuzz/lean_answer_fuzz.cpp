#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "mcp/io/lean_answer_parser.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace {

using mcp::LeanAnswerParser;
using What = LeanAnswerParser::What;

constexpr std::size_t max_header_bytes = 400;

/// What a connection makes of an answer that comes in pieces of `piece` bytes.
class Listener {
 public:
  explicit Listener(bool answers_head) : parser_(answers_head, max_header_bytes) {}

  std::string hear(std::string_view bytes, std::size_t piece) {
    while (!bytes.empty() && !ended_) {
      const auto size = std::min(piece, bytes.size());
      rest_.append(bytes.substr(0, size));
      bytes.remove_prefix(size);
      take_steps();
    }
    if (ended_) return told_;
    return told_ + (parser_.end() ? "|whole at the end" : "|cut");
  }

 private:
  void take_steps() {
    std::string_view view = rest_;
    while (!ended_) {
      const auto step = parser_.step(view, head_);
      require(step.consumed <= view.size(), "no more is consumed than was given");
      view.remove_prefix(step.consumed);
      if (step.what == What::more && step.consumed == 0) break;
      tell(step);
    }
    rest_.erase(0, rest_.size() - view.size());
    require(ended_ || rest_.size() <= max_header_bytes + longest_piece, "what is kept is bounded");
  }

  void tell(const LeanAnswerParser::Step& step) {
    switch (step.what) {
      case What::more:
        return;
      case What::head:
        require(head_.status >= 200 && head_.status <= 999, "a final answer has a final status");
        told_ = std::to_string(head_.status);
        for (const auto& [name, value] : head_.headers) told_ += "\n" + name + ": " + value;
        told_ += "\n\n";
        return;
      case What::data:
        require(!told_.empty(), "the head comes before the body");
        told_ += step.data;
        return;
      case What::done:
        told_ += parser_.keep_alive() ? "|done, kept" : "|done, closed";
        break;
      case What::failed:
        require(parser_.fault() != LeanAnswerParser::Fault::none, "a failure has a fault");
        // How much of the body was told before depends on the cuts.
        told_ = "failed";
        break;
    }
    ended_ = true;
  }

  static constexpr std::size_t longest_piece = 4096;
  LeanAnswerParser parser_;
  mcp::HttpResponseHead head_;
  std::string rest_;
  std::string told_;
  bool ended_ = false;
};

}  // namespace

/// What is told of an answer does not depend on how its bytes were cut.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), std::min(size, 4096UL));
  for (const bool answers_head : {false, true}) {
    const auto whole = Listener(answers_head).hear(bytes, 4096);
    for (const std::size_t piece : {1UL, 2UL, 7UL}) {
      require(Listener(answers_head).hear(bytes, piece) == whole,
              "the answer does not depend on the cuts");
    }
  }
  return 0;
}
