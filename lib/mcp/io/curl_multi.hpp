#pragma once

#include <memory>
#include <unordered_map>

#include "mcp/io/curl_handles.hpp"
#include "mcp/io/loop.hpp"

namespace mcp {

/// Hears what a CurlMulti does; its owner.
class CurlMultiOwner {
 public:
  /// Each time libcurl has returned, before ended transfers are told: handles may be added and
  /// removed again.
  virtual void on_returned() {}
  /// A transfer has ended; its handle is still in the multi handle. The owner may destroy the
  /// CurlMulti here.
  virtual void on_done(CURL* handle, CURLcode code) = 0;

 protected:
  ~CurlMultiOwner() = default;
};

/// A multi handle, driven by the loop's descriptors and timers only. libcurl forbids adding and
/// removing handles from inside its callbacks: the owner asks `inside`, and waits for on_returned.
class CurlMulti {
 public:
  CurlMulti(Loop& loop, CurlMultiOwner& owner);
  CurlMulti(const CurlMulti&) = delete;
  CurlMulti& operator=(const CurlMulti&) = delete;
  ~CurlMulti();

  bool inside() const { return inside_; }
  CURLMcode add(CURL* handle) { return curl_multi_add_handle(multi_.get(), handle); }
  void remove(CURL* handle) { curl_multi_remove_handle(multi_.get(), handle); }
  template <typename Value>
  void set(CURLMoption option, Value value) {
    curl_multi_setopt(multi_.get(), option, value);
  }

 private:
  static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) noexcept;
  static int on_timer(CURLM*, long milliseconds, void* self) noexcept;
  void watch(curl_socket_t socket, int what);
  void act(curl_socket_t socket, int events);
  void settle();

  Loop& loop_;
  CurlMultiOwner& owner_;
  bool inside_ = false;
  MultiHandle multi_;
  std::unique_ptr<Handle> timer_;
  std::unordered_map<curl_socket_t, std::unique_ptr<Handle>> watches_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // the owner may destroy this
};

}  // namespace mcp
