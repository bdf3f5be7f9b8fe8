#pragma once

#include <span>
#include <string>
#include <vector>

#include "mcp/base/time.hpp"
#include "probes/drift/diff.hpp"
#include "probes/drift/gate.hpp"
#include "probes/drift/rule.hpp"

namespace cli {

/// One side of a diff. The label is what the user named, safe to print; the rest is as the server
/// said it, and empty where it said nothing.
struct DriftSide {
  std::string label;
  std::string file;  // its path, where the side is a file
  std::string server;
  std::string version;
  std::string era;
  std::string revision;
  std::string digest;
};

struct DriftItem {
  std::string kind;  // as in Change
  std::string name;
};

/// What a diff came to, in the form that all its formats are made from. Texts from servers are raw:
/// each format makes them safe in its own way.
struct DriftDocument {
  DriftSide older;
  DriftSide newer;
  std::vector<DriftItem> items;  // of either side
  probes::drift::Diff diff;
  probes::drift::Verdict verdict;
  probes::drift::FailOn fail_on = probes::drift::FailOn::breaking;
  int exit_status = 0;
  std::span<const probes::drift::Rule> catalogue;
};

}  // namespace cli
