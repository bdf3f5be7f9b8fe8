// load_files results [SEED]       writes the results file of a simulated run to stdout
// load_files queue SEED [MICROS] writes the results file of a minute of requests to a simulated
// server
//                                that works so long on each
// load_files write               writes a log of simulated latencies to stdout
// load_files read < FILE         prints "TAG FROM COUNT MEAN P50 P90 P99 P99.9" for each interval

#include "scenarios/histogram_log.hpp"
#include "scenarios/results.hpp"
#include "tests/unit/recorder/simulation.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <iterator>
#include <random>
#include <string>

namespace {

using namespace scenarios;

HistogramLog simulated() {
  std::mt19937_64 random(4);
  HistogramLog log{.start = 1'800'000'000};
  for (int second = 0; second < 20; ++second) {
    for (const Digits digits : {Digits::two, Digits::three}) {
      Histogram histogram(digits);
      std::lognormal_distribution<double> latency(4 + second * 0.8, 1.5);
      // A multiple of 1,000: ranks are whole numbers, whatever a library does with fractions.
      for (int count = 0; count < 5000; ++count)
        histogram.add(static_cast<std::uint64_t>(std::min(latency(random), 5e9)));
      // As much as fits into the 32 bits that hdr-histogram-js counts with.
      if (second == 19) histogram.add(7, 4'000'000'000);
      log.intervals.push_back({.tag = digits == Digits::two ? "two" : "three",
                               .from = std::chrono::seconds(second),
                               .length = std::chrono::seconds(1),
                               .histogram = std::move(histogram)});
    }
  }
  return log;
}

void print(const HistogramInterval& interval) {
  const Histogram& values = interval.histogram;
  fmt::print("{} {:.3f} {} {:.6g} {} {} {} {}\n", interval.tag,
             std::chrono::duration<double>(interval.from).count(), values.count(), values.mean(),
             values.percentile(50), values.percentile(90), values.percentile(99),
             values.percentile(99.9));
}

/// With all that a recording can hold.
std::string results(std::uint64_t seed) {
  return write_results(
      {.scenario = "burst-idle",
       .target = "http://127.0.0.1:8000/mcp",
       .seed = seed,
       .start = Results::Start(std::chrono::seconds(1'800'000'000)),
       .thresholds = {"p99(tools/call) < 250ms", "p99(ping) < 1ms", "error_rate < 0.1%",
                      "rate >= 95%", "rate > 1/s", "errors(timeout) == 0"},
       .recording = simulation::record(simulation::random_run(seed, 5000, 60), 60)});
}

std::string queue(std::uint64_t seed, double micros) {
  return write_results({.scenario = "steady",
                        .target = "http://127.0.0.1:8000/mcp",
                        .seed = seed,
                        .start = Results::Start(std::chrono::seconds(1'800'000'000)),
                        .thresholds = {},
                        .recording = simulation::run({.rate = 50,
                                                      .length = 60,
                                                      .service = micros / 1e6,
                                                      .noise = 0.8,
                                                      .failing = 0.01,
                                                      .seed = seed})});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc >= 2 && std::string(argv[1]) == "results") {
    std::cout << results(argc == 3 ? std::stoull(argv[2]) : 1);
    return 0;
  }
  if (argc >= 3 && std::string(argv[1]) == "queue") {
    std::cout << queue(std::stoull(argv[2]), argc == 4 ? std::stod(argv[3]) : 5000);
    return 0;
  }
  if (argc == 2 && std::string(argv[1]) == "write") {
    std::cout << write_histogram_log(simulated());
    return 0;
  }
  const std::string text(std::istreambuf_iterator<char>(std::cin), {});
  const auto log = read_histogram_log(text);
  if (!log) {
    std::cerr << log.error().message << '\n';
    return 1;
  }
  for (const auto& interval : log->intervals) print(interval);
  return 0;
}
