#include "mcp/io/start_pages.hpp"

#ifdef __linux__
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#endif

namespace mcp {
#ifdef __linux__
namespace {

/// Only of segments that were never writable: dropping a page of another one would lose what the
/// dynamic linker wrote there.
void release_segment(std::uintptr_t begin, std::uintptr_t end) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto first = (begin + page - 1) / page * page;
  const auto last = end / page * page;
  if (first >= last) return;
  // NOLINTNEXTLINE(performance-no-int-to-ptr): the linker tells addresses as numbers
  ::madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
}

int release_object(dl_phdr_info* object, std::size_t /*size*/, void* /*unused*/) {
  for (int index = 0; index < object->dlpi_phnum; ++index) {
    const auto& segment = object->dlpi_phdr[index];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const auto begin = object->dlpi_addr + segment.p_vaddr;
    release_segment(begin, begin + segment.p_memsz);
  }
  return 0;
}

}  // namespace

void release_start_pages() {
  ::dl_iterate_phdr(release_object, nullptr);
}
#else
void release_start_pages() {}
#endif
}  // namespace mcp
