#include "scenarios/zlib_stream.hpp"

#include <fmt/core.h>
#include <zlib.h>

#include <array>
#include <memory>
#include <new>

namespace scenarios {
namespace {

std::unexpected<mcp::Error> damaged(std::string_view why) {
  return mcp::fail(mcp::ErrorKind::usage, fmt::format("damaged zlib stream: {}", why));
}

// zlib's interface does not know const, and does not write to its input.
Bytef* bytes_of(std::string_view bytes) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
}

}  // namespace

std::string zlib_deflate(std::string_view bytes) {
  auto length = compressBound(bytes.size());
  std::string stream(length, '\0');
  // The buffer is as large as it can get: only memory can be missing.
  if (compress(bytes_of(stream), &length, bytes_of(bytes), bytes.size()) != Z_OK) {
    throw std::bad_alloc();
  }
  stream.resize(length);
  return stream;
}

mcp::Result<std::string> zlib_inflate(std::string_view stream, std::size_t limit) {
  z_stream state{};
  if (inflateInit(&state) != Z_OK) throw std::bad_alloc();
  const std::unique_ptr<z_stream, decltype(&inflateEnd)> owner(&state, inflateEnd);
  state.next_in = bytes_of(stream);
  state.avail_in = static_cast<uInt>(stream.size());
  std::string bytes;
  std::array<char, 16UL * 1024> block{};
  int status = Z_OK;
  while (status == Z_OK) {
    state.next_out = reinterpret_cast<Bytef*>(block.data());
    state.avail_out = block.size();
    status = inflate(&state, Z_NO_FLUSH);
    const auto made = block.size() - state.avail_out;
    if (limit - bytes.size() < made) return damaged("it grows beyond the limit");
    bytes.append(block.data(), made);
  }
  if (status != Z_STREAM_END)
    return damaged(state.msg != nullptr ? state.msg : "it ends too early");
  if (state.avail_in != 0) return damaged("it goes on after its end");
  return bytes;
}

}  // namespace scenarios
