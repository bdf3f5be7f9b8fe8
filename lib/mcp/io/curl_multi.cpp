#include "mcp/io/curl_multi.hpp"

namespace mcp {

CurlMulti::CurlMulti(Loop& loop, CurlMultiOwner& owner)
    : loop_(loop), owner_(owner), multi_(curl_multi_init()) {
  set(CURLMOPT_SOCKETFUNCTION, &CurlMulti::on_socket);
  set(CURLMOPT_SOCKETDATA, this);
  set(CURLMOPT_TIMERFUNCTION, &CurlMulti::on_timer);
  set(CURLMOPT_TIMERDATA, this);
}

CurlMulti::~CurlMulti() {
  // Closing the connections still calls back for each socket.
  multi_.reset();
}

int CurlMulti::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) noexcept {
  static_cast<CurlMulti*>(self)->watch(socket, what);
  return 0;
}

int CurlMulti::on_timer(CURLM*, long milliseconds, void* self) noexcept {
  auto& multi = *static_cast<CurlMulti*>(self);
  multi.timer_.reset();
  if (milliseconds >= 0) {
    // libcurl compares with its own clock: the turn's would make it wake too early, for nothing.
    multi.timer_ = multi.loop_.start_timer(Clock::now() + std::chrono::milliseconds(milliseconds),
                                           [&multi] { multi.act(CURL_SOCKET_TIMEOUT, 0); });
  }
  return 0;
}

void CurlMulti::watch(curl_socket_t socket, int what) {
  // One watch a descriptor: the old one goes before the new one comes.
  watches_.erase(socket);
  if (what == CURL_POLL_REMOVE || what == CURL_POLL_NONE) return;
  const auto interest = what == CURL_POLL_IN    ? Interest::read
                        : what == CURL_POLL_OUT ? Interest::write
                                                : Interest::read_write;
  watches_.emplace(socket, loop_.watch(socket, interest, [this, socket](Readiness ready) {
    act(socket, (ready.readable ? CURL_CSELECT_IN : 0) | (ready.writable ? CURL_CSELECT_OUT : 0) |
                    (ready.error ? CURL_CSELECT_ERR : 0));
  }));
}

void CurlMulti::act(curl_socket_t socket, int events) {
  int running = 0;
  inside_ = true;
  curl_multi_socket_action(multi_.get(), socket, events, &running);
  inside_ = false;
  settle();
}

void CurlMulti::settle() {
  owner_.on_returned();
  const std::weak_ptr<bool> alive = alive_;
  int left = 0;
  while (!alive.expired()) {
    const auto* message = curl_multi_info_read(multi_.get(), &left);
    if (!message) return;
    if (message->msg == CURLMSG_DONE) owner_.on_done(message->easy_handle, message->data.result);
  }
}

}  // namespace mcp
