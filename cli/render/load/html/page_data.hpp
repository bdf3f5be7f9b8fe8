#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>

#include "scenarios/results.hpp"

namespace cli {

/// What the HTML report draws besides a results file's own overview. It is bounded however long the
/// run was: slots of time are joined, and short pauses between bursts are left out.
struct PageLimits {
  std::size_t points = 480;   // of a line over time
  std::size_t agents = 32;    // on the time line of bursts and idles
  std::size_t columns = 800;  // of that time line: pauses that are shorter than one are not drawn
  std::size_t losses = 50;    // told one by one
  std::size_t marks = 1000;   // losses on that time line
};

/// overview_json(results) and in its member "page" the verdict and the data of the charts.
nlohmann::json load_page_json(const scenarios::Results& results, const PageLimits& limits = {});

}  // namespace cli
