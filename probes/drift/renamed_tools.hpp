#pragma once

#include <string>
#include <vector>

#include "probes/drift/snapshot.hpp"

namespace probes::drift {

/// A tool that is gone, and one that is new and most likely the same. A guess.
struct Renaming {
  std::string before;
  std::string after;
  std::string_view sign;  // what speaks for it, for a sentence: "the arguments are the same …"
};

/// Each tool is in one of them at most. Names of the same letters are enough; else the arguments
/// must have the same names, and the names or the descriptions be alike.
std::vector<Renaming> renamed_tools(const Snapshot& older, const Snapshot& newer);

/// A name's letters and digits in lower case; 0 is o, and 1 and i are l, as people misread them.
std::string folded_name(std::string_view name);

}  // namespace probes::drift
