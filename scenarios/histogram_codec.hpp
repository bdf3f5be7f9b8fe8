#pragma once

#include <string>
#include <string_view>

#include "mcp/base/error.hpp"
#include "scenarios/histogram.hpp"

namespace scenarios {

/// HdrHistogram's V2 form: counts as ZigZag LEB128 with runs of zeros, in a zlib frame, in base64.
/// Every HdrHistogram library reads it.
std::string encode_histogram(const Histogram& histogram);

/// Reads what any HdrHistogram library wrote in that form, if it has two or three digits and counts
/// values up to an hour in units of 1. Errors are of kind usage.
mcp::Result<Histogram> decode_histogram(std::string_view base64);

}  // namespace scenarios
