#include "mcp/io/plain_link.hpp"

#include <sys/socket.h>

#include <cerrno>

#include "mcp/io/curl_failure.hpp"

namespace mcp {

LinkResult PlainLink::send(std::string_view bytes) {
  const auto sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0) return failed();
  return {.state = LinkResult::State::done, .bytes = static_cast<std::size_t>(sent)};
}

LinkResult PlainLink::receive(std::span<char> space) {
  const auto received = ::recv(socket_.get(), space.data(), space.size(), MSG_DONTWAIT);
  if (received == 0) return {.state = LinkResult::State::closed};
  if (received < 0) return failed();
  return {.state = LinkResult::State::done, .bytes = static_cast<std::size_t>(received)};
}

LinkResult PlainLink::failed() {
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {};
  os_error_ = errno;
  return {.state = LinkResult::State::failed};
}

void PlainLink::explain(CurlFailure& failure) const {
  failure.code = FailureCode::broken_off;
  failure.os_error = os_error_;
}

}  // namespace mcp
