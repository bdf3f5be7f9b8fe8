#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace probes::drift {

/// Something in a text that speaks to the model rather than about the tool.
struct Suspicion {
  std::string_view what;  // "an order to ignore other instructions"
  std::string found;      // as it stands in the text: words in lower case, or the blob's beginning

  auto operator<=>(const Suspicion&) const = default;
};

/// By a short table of phrases and shapes; at most one of each phrase.
std::vector<Suspicion> suspicions(std::string_view text);

/// The hosts of the web addresses in a text, in lower case.
std::set<std::string> hosts(std::string_view text);

}  // namespace probes::drift
