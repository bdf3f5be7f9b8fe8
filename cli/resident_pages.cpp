#include "cli/resident_pages.hpp"

#include <sys/mman.h>
#ifdef __linux__
#include <malloc.h>
#endif

#include <cstdint>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace cli {
namespace {

struct Range {
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
};

/// The first line of a mapping in smaps, where it is of a file and cannot be written to.
std::optional<Range> file_range(const std::string& line) {
  std::istringstream text(line);
  Range range;
  char dash = 0;
  std::string permissions;
  std::string offset;
  std::string device;
  std::string inode;
  std::string file;
  text >> std::hex >> range.begin >> dash >> range.end >> permissions >> offset >> device >> inode;
  text >> file;
  if (!text || dash != '-' || !file.starts_with('/')) return std::nullopt;
  if (permissions.size() != 4 || permissions[1] != '-' || permissions[3] != 'p')
    return std::nullopt;
  return range;
}

/// Pages that the linker changed (relocations) are in no file: their mappings are left alone.
std::vector<Range> unchanged_ranges() {
  std::vector<Range> ranges;
  std::optional<Range> current;
  bool changed = false;
  std::ifstream smaps("/proc/self/smaps");
  for (std::string line; std::getline(smaps, line);) {
    const bool is_field = line.find(':') < line.find(' ');
    if (!is_field) {
      current = file_range(line);
      changed = false;
      continue;
    }
    const bool counts = line.starts_with("Anonymous:") || line.starts_with("Swap:");
    if (counts && line.find(" 0 kB") == std::string::npos) changed = true;
    // The last line of each.
    if (!line.starts_with("VmFlags:") || !current) continue;
    if (!changed) ranges.push_back(*current);
    current.reset();
  }
  return ranges;
}

}  // namespace

void release_free_heap() {
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}

void release_unchanged_pages() {
  for (const auto& range : unchanged_ranges()) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): addresses come as text
    ::madvise(reinterpret_cast<void*>(range.begin), range.end - range.begin, MADV_DONTNEED);
  }
}

}  // namespace cli
