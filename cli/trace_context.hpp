#pragma once

#include <string>

#include "cli/world.hpp"

namespace cli {

/// W3C Trace Context, as the environment carries it.
struct TraceContext {
  std::string traceparent;  // empty: none is sent
  std::string tracestate;
};

bool is_traceparent(const std::string& text);

/// $TRACEPARENT and $TRACESTATE where the first is well-formed; else a fresh trace if `wanted`.
TraceContext trace_context(bool wanted, const World& world);

}  // namespace cli
