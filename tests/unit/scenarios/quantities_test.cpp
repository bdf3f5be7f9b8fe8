#include "scenarios/quantities.hpp"

#include <doctest/doctest.h>

#include <string_view>

namespace scenarios {
namespace {

using namespace std::chrono_literals;

TEST_CASE("quantities: durations carry a unit") {
  CHECK(read_duration("500ms").value() == 500ms);
  CHECK(read_duration("8s").value() == 8s);
  CHECK(read_duration("1.5m").value() == 90s);
  CHECK(read_duration("2h").value() == 2h);
  CHECK(read_duration("0").value() == 0s);
  for (const std::string_view wrong : {"", "8", "8 sec", "-1s", "s", "1e3s", "nan", "8s8s"}) {
    CAPTURE(wrong);
    CHECK_FALSE(read_duration(wrong).has_value());
  }
  CHECK(read_duration("9000h").error().message == "\"9000h\" is longer than a year");
}

TEST_CASE("quantities: jitter is a percentage, in either spelling") {
  const Uneven expected{.mean = 5min, .permille = 200};
  CHECK(read_uneven("5m ± 20 %").value() == expected);
  CHECK(read_uneven("5m±20%").value() == expected);
  CHECK(read_uneven("5m +- 20%").value() == expected);
  CHECK(read_uneven("5m +/- 20 %").value() == expected);
  CHECK(read_uneven("5m").value() == Uneven{.mean = 5min});
  CHECK(read_uneven("5m ± 0.1 %").value() == Uneven{.mean = 5min, .permille = 1});
  CHECK_FALSE(read_uneven("5m ± 20").has_value());
  CHECK_FALSE(read_uneven("5m ± 101 %").has_value());
  CHECK_FALSE(read_uneven("5m ± 0.01 %").has_value());
  CHECK_FALSE(read_uneven("± 20 %").has_value());
}

TEST_CASE("quantities: jitter stays within its bounds and reaches both halves") {
  const Uneven uneven{.mean = 1s, .permille = 200};
  Random random(7);
  int below = 0;
  mcp::Duration shortest = 1h;
  mcp::Duration longest{};
  for (int i = 0; i < 10'000; ++i) {
    const auto drawn = uneven.draw(random);
    below += drawn < 1s ? 1 : 0;
    shortest = std::min(shortest, drawn);
    longest = std::max(longest, drawn);
  }
  CHECK(shortest >= 800ms);
  CHECK(shortest < 801ms);
  CHECK(longest <= 1200ms);
  CHECK(longest > 1199ms);
  CHECK(below > 4700);
  CHECK(below < 5300);
  CHECK(uneven.longest() == 1200ms);
}

TEST_CASE("quantities: a rate is an exact fraction") {
  CHECK(read_rate("100/s").value() == Rate{.count = 100, .per = 1s});
  CHECK(read_rate("30/8s").value() == Rate{.count = 30, .per = 8s});
  CHECK(read_rate("0.5/s").value() == Rate{.count = 500, .per = 1000s});
  CHECK(read_rate("600/m").value() == Rate{.count = 600, .per = 1min});
  CHECK(read_rate("0/s").value().is_zero());
  for (const std::string_view wrong :
       {"100", "/s", "100/", "-1/s", "1/0s", "0.0005/s", "1e3/s", "a/s"}) {
    CAPTURE(wrong);
    CHECK_FALSE(read_rate(wrong).has_value());
  }
  CHECK(read_rate("20000000/s").error().message ==
        "\"20000000/s\" is more than 10 million a second");
  CHECK(to_text(Rate{.count = 30, .per = 8s}) == "30/8 s");
  CHECK(to_text(*read_rate("0.5/s")) == "0.5/s");
  CHECK(to_text(*read_uneven("5m ± 20 %")) == "5m 00s ± 20 %");
}

TEST_CASE("random: streams are the same everywhere, and differ by agent and purpose") {
  CHECK(Random(1).next() == 12966619160104079557ULL);
  CHECK(Random(1, 2, 3).next() == Random(1, 2, 3).next());
  CHECK(Random(1, 2, 3).next() != Random(1, 3, 2).next());
  CHECK(Random(1, 2, 3).next() != Random(2, 2, 3).next());
  CHECK(Random(1).below(1) == 0);
  CHECK(Random(1).below(0) == 0);
}

TEST_CASE("random: exponential draws have mean one and the right share beyond two") {
  Random random(11);
  double sum = 0;
  int beyond_two = 0;
  constexpr int draws = 100'000;
  for (int i = 0; i < draws; ++i) {
    const double drawn = random.exponential();
    sum += drawn;
    beyond_two += drawn > 2 ? 1 : 0;
  }
  CHECK(sum / draws == doctest::Approx(1).epsilon(0.01));
  CHECK(double{beyond_two * 1.0} / draws == doctest::Approx(0.1353).epsilon(0.03));
}

}  // namespace
}  // namespace scenarios
