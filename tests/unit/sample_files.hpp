#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/schema/validator.hpp"
#include "scenarios/yaml_tree.hpp"

// Good and bad YAML files that a published schema and a reader must agree on.

inline std::string contents(const std::filesystem::path& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  REQUIRE_MESSAGE(stream.good(), path);
  return text.str();
}

/// In the order of their names.
inline std::set<std::filesystem::path> files_in(const std::filesystem::path& directory,
                                                std::size_t at_least) {
  std::set<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    files.insert(entry.path());
  }
  REQUIRE(files.size() >= at_least);
  return files;
}

/// What stands between the lines "---": in a bad file each is one document with one mistake.
inline std::vector<std::string> documents_of(const std::string& text) {
  std::vector<std::string> documents;
  std::size_t start = 0;
  while (start < text.size()) {
    const auto end = std::min(text.find("\n---\n", start), text.size());
    documents.push_back(text.substr(start, end - start) + "\n");
    start = end + 5;
  }
  return documents;
}

/// Why the schema refuses a file; empty when it accepts it.
inline std::string refusal_by(const mcp::Result<mcp::schema::Schema>& schema,
                              std::string_view yaml) {
  REQUIRE_MESSAGE(schema.has_value(), schema.error().message);
  const auto file = scenarios::read_yaml(yaml);
  if (!file) return file.error().message;
  const auto checked = mcp::schema::Validator(*schema).check(to_value(*file));
  REQUIRE(checked.has_value());
  return *checked ? (*checked)->instance + ": " + (*checked)->message : std::string();
}
