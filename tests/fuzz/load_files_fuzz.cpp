#include <string_view>

#include "scenarios/histogram_log.hpp"
#include "scenarios/results.hpp"
#include "scenarios/threshold.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace {

using namespace scenarios;

void check_results(std::string_view bytes) {
  const auto read = read_results(bytes);
  if (!read) return;
  const auto again = read_results(write_results(*read));
  // Thresholds that cannot be read are not written, and letters that are no UTF-8 are replaced.
  require(again && again->recording.timeline == read->recording.timeline &&
              again->recording.totals == read->recording.totals &&
              again->recording.incidents == read->recording.incidents &&
              again->recording.activity == read->recording.activity &&
              again->recording.by_step == read->recording.by_step,
          "results survive being written");
  auto twice = read->recording;
  twice.merge(read->recording);
  require(twice.threads == 2 * read->recording.threads, "results that were read can be merged");
}

void check_log(std::string_view bytes) {
  const auto read = read_histogram_log(bytes);
  if (!read) return;
  const auto again = read_histogram_log(write_histogram_log(*read));
  require(again && again->intervals.size() == read->intervals.size(), "a log survives");
  for (std::size_t at = 0; at < read->intervals.size(); ++at)
    require(again->intervals[at].histogram == read->intervals[at].histogram,
            "a histogram survives being written");
}

void check_threshold_text(std::string_view bytes) {
  const auto parsed = parse_threshold(bytes);
  if (!parsed) return;
  const auto again = parse_threshold(parsed->text);
  require(again && again->value == parsed->value && again->subject == parsed->subject,
          "a threshold means the same without the blanks around it");
}

}  // namespace

/// Whatever the file, it is refused or it survives being written and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check_results(bytes);
  check_log(bytes);
  check_threshold_text(bytes);
  return 0;
}
