#include "mcp/io/established_sockets.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>
#include <utility>

namespace mcp {
namespace {

/// The fields of a line: sl local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode.
struct Entry {
  std::uint16_t local_port = 0;
  std::uint16_t remote_port = 0;
  std::string_view state;
  std::uint64_t inode = 0;
};

std::string_view next_field(std::string_view& line) {
  const auto begin = line.find_first_not_of(' ');
  if (begin == std::string_view::npos) return line = {};
  line.remove_prefix(begin);
  const auto field = line.substr(0, line.find(' '));
  line.remove_prefix(field.size());
  return field;
}

template <typename Number>
Number number_of(std::string_view text, int base) {
  Number number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number, base);
  return number;
}

std::uint16_t port_of(std::string_view address) {
  const auto colon = address.find(':');
  if (colon == std::string_view::npos) return 0;
  return number_of<std::uint16_t>(address.substr(colon + 1), 16);
}

Entry read_entry(std::string_view line) {
  constexpr int fields_to_inode = 5;
  Entry entry;
  next_field(line);
  entry.local_port = port_of(next_field(line));
  entry.remote_port = port_of(next_field(line));
  entry.state = next_field(line);
  for (int skipped = 0; skipped < fields_to_inode; ++skipped) next_field(line);
  entry.inode = number_of<std::uint64_t>(next_field(line), 10);
  return entry;
}

/// Of "socket:[12345]".
std::uint64_t socket_inode(std::string_view link) {
  constexpr std::string_view start = "socket:[";
  return link.starts_with(start) ? number_of<std::uint64_t>(link.substr(start.size()), 10) : 0;
}

}  // namespace

void EstablishedSockets::CloseFolder::operator()(DIR* folder) const {
  ::closedir(folder);
}

EstablishedSockets::EstablishedSockets(Loop& loop, EstablishedSocketsOptions options)
    : loop_(loop), options_(std::move(options)) {}
EstablishedSockets::~EstablishedSockets() = default;

void EstablishedSockets::begin() {
  own_.clear();
  trouble_.clear();
  servers_ = ours_ = next_table_ = tables_read_ = 0;
  folder_.reset(::opendir(options_.own_descriptors.c_str()));
  if (folder_) return later(&EstablishedSockets::read_own);
  open_next();
}

void EstablishedSockets::later(void (EstablishedSockets::*next)()) {
  timer_ = loop_.start_timer(loop_.now(), [this, next] { (this->*next)(); });
}

void EstablishedSockets::read_own() {
  constexpr int links_in_a_turn = 200;
  const int folder = ::dirfd(folder_.get());
  std::array<char, 64> link{};
  for (int read = 0; read < links_in_a_turn; ++read) {
    const auto* entry = ::readdir(folder_.get());
    if (entry == nullptr || folder < 0) {
      folder_.reset();
      return open_next();
    }
    const auto size = ::readlinkat(folder, entry->d_name, link.data(), link.size());
    if (size <= 0) continue;
    const auto inode = socket_inode({link.data(), static_cast<std::size_t>(size)});
    if (inode != 0) own_.insert(inode);
  }
  later(&EstablishedSockets::read_own);
}

void EstablishedSockets::open_next() {
  rest_.clear();
  while (next_table_ < options_.tables.size()) {
    const auto& path = options_.tables[next_table_++];
    const int opened = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    const int error = opened < 0 ? errno : 0;
    table_.reset(opened);
    if (table_) return later(&EstablishedSockets::read_piece);
    if (error != ENOENT) trouble_ = path + ": " + std::strerror(error);
  }
  finish();
}

void EstablishedSockets::read_piece() {
  std::string piece(options_.bytes_in_a_turn, '\0');
  const auto got = ::read(table_.get(), piece.data(), piece.size());
  if (got <= 0) {
    if (got == 0) ++tables_read_;
    table_.reset();
    return open_next();
  }
  std::string_view bytes(piece.data(), static_cast<std::size_t>(got));
  for (auto end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
    rest_ += bytes.substr(0, end);
    take_line(rest_);
    rest_.clear();
    bytes.remove_prefix(end + 1);
  }
  constexpr std::size_t longest_line = 1024;
  if (rest_.size() < longest_line) rest_ += bytes;
  later(&EstablishedSockets::read_piece);
}

void EstablishedSockets::take_line(const std::string& line) {
  constexpr std::string_view established = "01";
  const auto entry = read_entry(line);
  if (entry.state != established) return;
  if (entry.local_port == options_.port) ++servers_;
  if (entry.remote_port == options_.port && own_.contains(entry.inode)) ++ours_;
}

void EstablishedSockets::finish() {
  if (tables_read_ == 0) {
    problem_ = trouble_.empty() ? "no table of connections can be read" : trouble_;
    count_.reset();
  } else {
    // The table is no snapshot: one end of a connection may be in it without the other.
    count_ = servers_ - std::min(ours_, servers_);
    taken_ = loop_.now();
    problem_.clear();
  }
  own_.clear();
  timer_ = loop_.start_timer(loop_.now() + options_.interval, [this] { begin(); });
}

}  // namespace mcp
