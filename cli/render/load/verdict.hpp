#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/summary.hpp"
#include "scenarios/threshold.hpp"

namespace cli {

enum class Tone { good, doubtful, bad };

/// What a run comes to, in one word (PASSED, DONE, SATURATED, MISSED) and one sentence.
struct LoadVerdict {
  std::string word;
  Tone tone = Tone::good;
  std::string reason;
};

LoadVerdict load_verdict(const scenarios::Summary& summary,
                         const std::vector<scenarios::Judgement>& judgements);

/// "1 reconnect", "2 reconnects".
std::string counted(std::uint64_t count, std::string_view one, std::string_view many);

}  // namespace cli
