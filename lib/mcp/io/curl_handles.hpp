#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mcp {

struct FreeEasy {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeMulti {
  void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using EasyHandle = std::unique_ptr<CURL, FreeEasy>;
using MultiHandle = std::unique_ptr<CURLM, FreeMulti>;

/// A list of strings as libcurl wants it; it must outlive the transfers that use it.
class CurlList {
 public:
  CurlList() = default;
  explicit CurlList(const std::vector<std::string>& lines) {
    for (const auto& line : lines) add(line);
  }
  void add(const std::string& line) {
    auto* shorter = list_.release();
    list_.reset(curl_slist_append(shorter, line.c_str()));
  }
  curl_slist* get() const { return list_.get(); }

 private:
  std::unique_ptr<curl_slist, FreeList> list_;
};

/// Sets options and remembers the first that was refused.
class EasySetup {
 public:
  explicit EasySetup(CURL* handle) : handle_(handle) {}

  template <typename Value>
  void operator()(CURLoption option, Value value) {
    const auto code = curl_easy_setopt(handle_, option, value);
    if (first_failure_ == CURLE_OK) first_failure_ = code;
  }
  /// Leaves libcurl's default where the text is empty.
  void unless_empty(CURLoption option, const std::string& text) {
    if (!text.empty()) (*this)(option, text.c_str());
  }
  CURLcode first_failure() const { return first_failure_; }

 private:
  CURL* handle_;
  CURLcode first_failure_ = CURLE_OK;
};

template <typename Value>
Value easy_info(CURL* handle, CURLINFO info) {
  Value value{};
  curl_easy_getinfo(handle, info, &value);
  return value;
}

}  // namespace mcp
