#pragma once

#include <string>

#include "scenarios/results.hpp"

namespace cli {

/// A run as one HTML file that needs nothing but a browser: no network, no other file. Its figures
/// are those of write_results(). Names from servers and scenario files stand in it as JSON data
/// only, and its policy lets no script run but its own.
std::string render_load_html(const scenarios::Results& results);

}  // namespace cli
