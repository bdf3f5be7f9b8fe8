#include "tests/integration/io/scripted_names.hpp"

#include <dlfcn.h>
#include <netdb.h>

#include <chrono>
#include <string_view>
#include <thread>

// libcurl's call finds this one before the C library's.
extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints,
                           addrinfo** result) {
  using GetAddressInfo = int(const char*, const char*, const addrinfo*, addrinfo**);
  const std::string_view asked(name ? name : "");
  if (asked == mcp::unknown_name) return EAI_NONAME;
  if (asked == mcp::hanging_name) {
    std::this_thread::sleep_for(std::chrono::seconds(2));
    return EAI_AGAIN;
  }
  static auto* const real = reinterpret_cast<GetAddressInfo*>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  return real(name, service, hints, result);
}
