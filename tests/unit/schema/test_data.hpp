#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

namespace mcp::schema::test {

/// Test data that stands beside the project, or where the variable says; says so loudly, and gives
/// nothing, where there is none.
inline std::optional<std::filesystem::path> shared_data(const std::string& name,
                                                        const char* variable) {
  const auto* given = std::getenv(variable);
  if (given != nullptr) return std::filesystem::path(given);
  for (const auto* const beside : {"../shared", "../../shared"}) {
    auto path = std::filesystem::path(beside) / name;
    if (std::filesystem::exists(path)) return path;
  }
  MESSAGE("SKIPPED: no ", name, " in ../shared; set ", variable, " to its folder");
  return std::nullopt;
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace mcp::schema::test
