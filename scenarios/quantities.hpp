#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mcp/base/error.hpp"
#include "mcp/base/time.hpp"
#include "scenarios/random.hpp"

namespace scenarios {

/// How often something happens, as an exact fraction: `count` times in `per`. Zero is a rate too.
struct Rate {
  std::int64_t count = 0;
  mcp::Duration per = std::chrono::seconds(1);

  bool is_zero() const { return count == 0; }
  double per_second() const;
  friend bool operator==(const Rate&, const Rate&) = default;
};

/// A duration that differs from time to time: evenly spread over `mean` ± `permille` thousandths.
struct Uneven {
  mcp::Duration mean{};
  std::uint32_t permille = 0;

  mcp::Duration draw(Random& random) const;
  mcp::Duration longest() const;
  friend bool operator==(const Uneven&, const Uneven&) = default;
};

/// "500ms", "8s", "1.5m", "2h"; only zero may stand without a unit. At most a year.
mcp::Result<mcp::Duration> read_duration(std::string_view text);
/// "5m", "5m ± 20 %", "5m +- 20%".
mcp::Result<Uneven> read_uneven(std::string_view text);
/// "100/s", "0.5/s", "600/m", "30/8s": at most three decimals and 10 million a second.
mcp::Result<Rate> read_rate(std::string_view text);
/// "20 %", "0.1%", in thousandths.
mcp::Result<std::uint32_t> read_permille(std::string_view text);

/// "100/s", "30/8 s".
std::string to_text(const Rate& rate);
std::string to_text(const Uneven& uneven);

}  // namespace scenarios
