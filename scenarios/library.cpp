#include "scenarios/library.hpp"

#include <algorithm>

namespace scenarios {

const LibraryFile* find_in_library(std::string_view name) {
  const auto files = library();
  const auto found = std::ranges::find(files, name, &LibraryFile::name);
  return found == files.end() ? nullptr : &*found;
}

}  // namespace scenarios
