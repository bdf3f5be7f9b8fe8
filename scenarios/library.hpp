#pragma once

#include <span>
#include <string_view>

namespace scenarios {

/// A scenario that comes with the program: the text of scenarios/library/NAME.yaml.
struct LibraryFile {
  std::string_view name;
  std::string_view text;
};

/// By name.
std::span<const LibraryFile> library();
/// Null when there is none of that name.
const LibraryFile* find_in_library(std::string_view name);
/// The JSON Schema of scenario files.
std::string_view scenario_schema();

}  // namespace scenarios
