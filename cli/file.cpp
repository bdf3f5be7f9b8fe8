#include "cli/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "mcp/base/text.hpp"
#include "mcp/io/descriptor.hpp"

namespace cli {
namespace {

std::unexpected<mcp::Error> refuse(const std::filesystem::path& path, std::string_view why) {
  return mcp::fail(mcp::ErrorKind::usage,
                   fmt::format("{}: {}", mcp::printable(path.string()), why));
}

/// Messages name `shown`. A file that was made here and could not be filled is removed.
mcp::Result<void> fill(const std::filesystem::path& shown, const std::filesystem::path& path,
                       int flags, std::string_view bytes) {
  const mcp::Descriptor file(::open(path.c_str(), flags | O_CLOEXEC, 0666));
  if (file.get() < 0) return refuse(shown, std::generic_category().message(errno));
  while (!bytes.empty()) {
    const auto count = ::write(file.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const int error = errno;
      std::error_code ignored;
      if ((flags & O_EXCL) != 0) std::filesystem::remove(path, ignored);
      return refuse(shown, std::generic_category().message(error));
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
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

mcp::Result<void> write_file(const std::filesystem::path& path, std::string_view bytes) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (std::filesystem::is_directory(status)) return refuse(path, "is a directory");
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    return fill(path, path, O_WRONLY, bytes);
  }
  // A link stays a link: the file that it names is replaced.
  const auto real = std::filesystem::weakly_canonical(path, error);
  const auto& target = error ? path : real;
  auto beside = target;
  beside.replace_filename(fmt::format(".{}.{}.new", target.filename().string(), ::getpid()));
  if (auto filled = fill(path, beside, O_WRONLY | O_CREAT | O_EXCL, bytes); !filled) return filled;
  if (std::filesystem::exists(status)) {
    std::filesystem::permissions(beside, status.permissions(), error);
  }
  std::filesystem::rename(beside, target, error);
  if (!error) return {};
  std::error_code ignored;
  std::filesystem::remove(beside, ignored);
  return refuse(path, error.message());
}

}  // namespace cli
