#pragma once

#include <cstdio>
#include <cstdlib>

/// Aborts, so that a fuzzer keeps the input, when a promise is broken.
inline void require(bool kept, const char* promise) {
  if (kept) return;
  std::fprintf(stderr, "broken: %s\n", promise);
  std::abort();
}
