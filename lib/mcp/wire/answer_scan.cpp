#include "mcp/wire/answer_scan.hpp"

#include "mcp/wire/json_scanner.hpp"

namespace mcp {
namespace {

using Shape = AnswerScan::Shape;

constexpr int max_depth = 256;  // as JsonLimits has it

/// Fills an AnswerScan on the way through the text.
class AnswerReader {
 public:
  explicit AnswerReader(std::string_view text) : json_(text) {}

  AnswerScan read() {
    json_.skip_mark();
    json_.skip_space();
    scan_.text = json_.peek();
    scan_.valid = scan_.text == Shape::object ? read_answer() : json_.skip_value(max_depth);
    json_.skip_space();
    scan_.valid = scan_.valid && json_.at_end();
    return scan_;
  }

 private:
  bool read_answer() {
    return json_.walk_object([this](std::string_view key, bool has_escape) {
      scan_.is_ambiguous |= has_escape;
      if (key == "id") return read_id();
      if (key == "jsonrpc") return read_version();
      if (key == "result") return read_result();
      if (key == "error") return read_error();
      scan_.has_method |= key == "method";
      return json_.skip_value(max_depth - 1);
    });
  }

  std::string_view read_value(int depth, bool& ok) {
    const auto* start = json_.position();
    ok = json_.skip_value(depth);
    return {start, static_cast<std::size_t>(json_.position() - start)};
  }

  bool read_id() {
    bool ok = false;
    scan_.is_ambiguous |= !scan_.id.empty();
    scan_.id = read_value(max_depth - 1, ok);
    return ok;
  }

  bool read_version() {
    bool ok = false;
    const auto version = read_value(max_depth - 1, ok);
    scan_.is_ambiguous |= has_version_ || version.find('\\') != std::string_view::npos;
    has_version_ = true;
    scan_.is_version_2 = version == "\"2.0\"";
    return ok;
  }

  bool read_result() {
    scan_.is_ambiguous |= scan_.result != Shape::absent;
    scan_.result = json_.peek();
    if (scan_.result != Shape::object) return json_.skip_value(max_depth - 1);
    bool seen = false;
    return json_.walk_object([&](std::string_view key, bool has_escape) {
      scan_.is_ambiguous |= has_escape;
      bool ok = false;
      const auto value = read_value(max_depth - 2, ok);
      if (key == "isError") {
        scan_.is_ambiguous |= seen;
        seen = true;
        scan_.is_error = value == "true";
      } else if (key == "resultType") {
        scan_.is_ambiguous |= !scan_.result_type.empty();
        scan_.result_type = value;
      }
      return ok;
    });
  }

  bool read_error() {
    scan_.is_ambiguous |= scan_.error != Shape::absent;
    scan_.error = json_.peek();
    if (scan_.error != Shape::object) return json_.skip_value(max_depth - 1);
    bool seen = false;
    return json_.walk_object([&](std::string_view key, bool has_escape) {
      scan_.is_ambiguous |= has_escape;
      const bool is_number = json_.peek() == Shape::number;
      bool ok = false;
      const auto value = read_value(max_depth - 2, ok);
      if (key == "code") {
        scan_.is_ambiguous |= seen;
        seen = true;
        scan_.error_code = is_number ? value : std::string_view();
      }
      return ok;
    });
  }

  JsonScanner json_;
  AnswerScan scan_;
  bool has_version_ = false;
};

}  // namespace

AnswerScan scan_answer(std::string_view text) {
  return AnswerReader(text).read();
}

}  // namespace mcp
