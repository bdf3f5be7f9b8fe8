#include "cli/file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "mcp/base/text.hpp"

namespace cli {
namespace {

std::unexpected<mcp::Error> refuse(const std::filesystem::path& path, std::string_view why) {
  return mcp::fail(mcp::ErrorKind::usage,
                   fmt::format("{}: {}", mcp::printable(path.string()), why));
}

}  // namespace

mcp::Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit) {
  if (std::error_code ignored; std::filesystem::is_directory(path, ignored)) {
    return refuse(path, "is a directory");
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return refuse(path, std::generic_category().message(errno == 0 ? EIO : errno));
  std::string bytes;
  std::string chunk(64UL * 1024, '\0');
  while (file.read(chunk.data(), static_cast<std::streamsize>(chunk.size())) || file.gcount() > 0) {
    bytes.append(chunk, 0, static_cast<std::size_t>(file.gcount()));
    if (bytes.size() > limit) return refuse(path, fmt::format("is larger than {} bytes", limit));
  }
  if (file.bad()) return refuse(path, "cannot be read");
  return bytes;
}

}  // namespace cli
