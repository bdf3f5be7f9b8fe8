#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

#include "mcp/wire/answer_scan.hpp"
#include "mcp/wire/json_text.hpp"
#include "tests/fuzz/fuzz_target.hpp"

/// The scan takes for JSON what the whole decoder takes for JSON, and says the same of it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto scan = mcp::scan_answer(text);
  // nlohmann's parser takes a NUL for the end of the text, which it is not (RFC 8259 section 2).
  if (text.find('\0') != std::string_view::npos) return 0;
  const auto parsed = mcp::parse_json(text);
  if (!parsed && parsed.error().kind == mcp::ErrorKind::limit) return 0;
  require(scan.valid == parsed.has_value(), "the scan agrees on what is JSON");
  if (!parsed || scan.is_ambiguous || !(*parsed)->is_object()) return 0;
  const auto& value = **parsed;
  require(scan.id.empty() == !value.contains("id"), "an id is seen");
  require((scan.result == mcp::AnswerScan::Shape::absent) == !value.contains("result"),
          "a result is seen");
  require((scan.error == mcp::AnswerScan::Shape::absent) == !value.contains("error"),
          "an error is seen");
  require(scan.has_method == value.contains("method"), "a method is seen");
  return 0;
}
