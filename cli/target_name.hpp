#pragma once

#include <string>
#include <vector>

namespace cli {

/// What a target is called in output and logs, printable and without what may be a secret: of a
/// URL no user information and no query; of a command (where `word` is empty) its program, the
/// script, package or subcommand that it begins with, and "…" for the rest.
std::string target_name(const std::string& word, const std::vector<std::string>& command);

}  // namespace cli
