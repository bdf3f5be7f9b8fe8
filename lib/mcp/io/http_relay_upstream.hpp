#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/io/loop.hpp"

namespace mcp {

/// Where a server is reached: the addresses of its name, looked up on a thread of its own so that
/// the loop never waits for DNS.
class RelayUpstream {
 public:
  struct Address {
    sockaddr_storage storage{};
    socklen_t size = 0;
    const sockaddr& generic() const { return reinterpret_cast<const sockaddr&>(storage); }
  };
  /// Shared with the connections that are being made while a look-up replaces it.
  using Addresses = std::shared_ptr<const std::vector<Address>>;
  /// The addresses, or nothing and why.
  using Found = std::move_only_function<void(Addresses, const std::string& problem)>;

  RelayUpstream(Loop& loop, std::string_view host, std::uint16_t port);
  ~RelayUpstream();
  RelayUpstream(const RelayUpstream&) = delete;
  RelayUpstream& operator=(const RelayUpstream&) = delete;

  /// At once where they are known, else in a later turn; never after this is destroyed.
  void find(Found found);
  /// None of them could be reached: the next `find` looks up anew.
  void forget();
  std::string text() const;

 private:
  struct Lookup;
  void start();
  void finish();

  Loop& loop_;
  std::string host_;
  std::uint16_t port_;
  bool numeric_ = false;
  Addresses known_;
  std::vector<Found> waiting_;
  std::shared_ptr<Lookup> lookup_;  // shared with its thread, which may outlive this
  std::unique_ptr<Handle> watch_;
};

}  // namespace mcp
