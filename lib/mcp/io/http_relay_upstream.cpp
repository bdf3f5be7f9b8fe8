#include "mcp/io/http_relay_upstream.hpp"

#include <netdb.h>
#include <sys/eventfd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <thread>
#include <utility>

#include "mcp/io/descriptor.hpp"

namespace mcp {
namespace {

using Address = RelayUpstream::Address;

/// 0, or getaddrinfo's code.
int look_up(const std::string& host, std::uint16_t port, int flags, std::vector<Address>& into) {
  addrinfo wanted{};
  wanted.ai_flags = flags | AI_NUMERICSERV;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* first = nullptr;
  const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &first);
  if (code != 0) return code;
  for (const auto* each = first; each != nullptr; each = each->ai_next) {
    Address address{.size = each->ai_addrlen};
    std::memcpy(&address.storage, each->ai_addr, each->ai_addrlen);
    into.push_back(address);
  }
  ::freeaddrinfo(first);
  return 0;
}

std::string_view without_brackets(std::string_view host) {
  const bool has = host.size() > 2 && host.front() == '[' && host.back() == ']';
  return has ? host.substr(1, host.size() - 2) : host;
}

}  // namespace

/// The thread writes `code` and `addresses`, then wakes the loop, which reads them only afterwards.
struct RelayUpstream::Lookup {
  Descriptor wake{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  int code = 0;
  std::vector<Address> addresses;
};

RelayUpstream::RelayUpstream(Loop& loop, std::string_view host, std::uint16_t port)
    : loop_(loop), host_(without_brackets(host)), port_(port) {
  std::vector<Address> addresses;
  numeric_ = look_up(host_, port_, AI_NUMERICHOST, addresses) == 0;
  if (numeric_) known_ = std::make_shared<const std::vector<Address>>(std::move(addresses));
}

RelayUpstream::~RelayUpstream() = default;

std::string RelayUpstream::text() const {
  const bool is_v6 = host_.find(':') != std::string::npos;
  return (is_v6 ? "[" + host_ + "]" : host_) + ":" + std::to_string(port_);
}

void RelayUpstream::find(Found found) {
  if (known_) return found(known_, {});
  waiting_.push_back(std::move(found));
  if (!lookup_) start();
}

void RelayUpstream::forget() {
  if (!numeric_) known_.reset();
}

void RelayUpstream::start() {
  lookup_ = std::make_shared<Lookup>();
  watch_ = loop_.watch(lookup_->wake.get(), Interest::read, [this](Readiness) { finish(); });
  const auto run = [lookup = lookup_, host = host_, port = port_] {
    lookup->code = look_up(host, port, 0, lookup->addresses);
    const std::uint64_t one = 1;
    static_cast<void>(::write(lookup->wake.get(), &one, sizeof one));
  };
  try {
    std::thread(run).detach();
  } catch (const std::system_error&) {
    run();  // no thread can be had: better to wait here than never to know
  }
}

void RelayUpstream::finish() {
  std::uint64_t count = 0;
  if (::read(lookup_->wake.get(), &count, sizeof count) != sizeof count) return;
  watch_.reset();
  const auto lookup = std::exchange(lookup_, nullptr);
  std::string problem;
  if (lookup->code == 0 && !lookup->addresses.empty()) {
    known_ = std::make_shared<const std::vector<Address>>(std::move(lookup->addresses));
  } else {
    problem = "cannot resolve " + host_ + ": " +
              (lookup->code == EAI_SYSTEM ? "system error" : ::gai_strerror(lookup->code));
  }
  const auto addresses = known_;
  for (auto& found : std::exchange(waiting_, {})) found(addresses, problem);
}

}  // namespace mcp
