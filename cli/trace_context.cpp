#include "cli/trace_context.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <random>

namespace cli {
namespace {

std::uint64_t random_bits() {
  static_assert(sizeof(std::random_device::result_type) == 4);
  std::random_device device;
  const std::uint64_t high = device();
  return (high << 32U) | device();
}

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_zero(std::string_view text) {
  return text.find_first_not_of('0') == std::string_view::npos;
}

}  // namespace

bool is_traceparent(const std::string& text) {
  // Trace Context section 3.2: version 00, all-zero ids are invalid.
  const std::string_view view = text;
  if (view.size() != 55 || view[2] != '-' || view[35] != '-' || view[52] != '-') return false;
  const auto version = view.substr(0, 2);
  const auto trace = view.substr(3, 32);
  const auto parent = view.substr(36, 16);
  return is_hex(version) && version != "ff" && is_hex(trace) && !is_zero(trace) && is_hex(parent) &&
         !is_zero(parent) && is_hex(view.substr(53));
}

TraceContext trace_context(bool wanted, const World& world) {
  const auto inherited = world.variable("TRACEPARENT");
  if (inherited && is_traceparent(*inherited)) {
    return {*inherited, world.variable("TRACESTATE").value_or("")};
  }
  if (!wanted) return {};
  // The lowest bit is set, so that no id is all zeros; flag 01 asks to record.
  return {fmt::format("00-{:016x}{:016x}-{:016x}-01", random_bits(), random_bits() | 1U,
                      random_bits() | 1U),
          ""};
}

}  // namespace cli
