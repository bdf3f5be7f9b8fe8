#pragma once

#include "cli/command.hpp"
#include "cli/output_format.hpp"
#include "scenarios/results.hpp"

namespace cli {

/// `-o html` and `-o prometheus`, which only results have.
bool is_prometheus(const OutputOption& output);
bool is_html(const OutputOption& output);

/// Prints a run and says what it comes to: 1 when a threshold was missed or could not be judged.
ExitCode show_results(const scenarios::Results& results, const OutputOption& output, World& world);

}  // namespace cli
