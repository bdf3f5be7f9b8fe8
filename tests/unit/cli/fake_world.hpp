#pragma once

#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "cli/command.hpp"

/// A world of strings, with a directory of its own that goes away with it.
struct FakeWorld {
  FakeWorld();
  ~FakeWorld();
  FakeWorld(const FakeWorld&) = delete;
  FakeWorld& operator=(const FakeWorld&) = delete;

  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  std::map<std::string, std::string> variables;
  std::filesystem::path directory;
  cli::World world;

  /// Writes a file in the directory and returns its path.
  std::string file(const std::string& name, const std::string& text) const;
  int run(std::vector<std::string> arguments);
};
