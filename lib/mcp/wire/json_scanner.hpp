#pragma once

#include <string_view>

#include "mcp/wire/answer_scan.hpp"

namespace mcp {

/// Walks over a JSON text and checks it; whoever uses it looks at the parts on the way. After a
/// function has said false the text is not JSON, and the scanner must not be used on.
class JsonScanner {
 public:
  using Shape = AnswerScan::Shape;

  explicit JsonScanner(std::string_view text)
      : next_(text.data()), end_(text.data() + text.size()) {}

  /// A byte order mark is passed over, as nlohmann's parser does.
  void skip_mark();
  void skip_space() {
    while (next_ != end_ && (*next_ == ' ' || *next_ == '\n' || *next_ == '\r' || *next_ == '\t')) {
      ++next_;
    }
  }
  bool at_end() const { return next_ == end_; }
  const char* position() const { return next_; }
  /// What kind of value begins here; `absent` where none can.
  Shape peek() const;
  /// Passes over this character, if it is next.
  bool take(char wanted) {
    if (next_ == end_ || *next_ != wanted) return false;
    ++next_;
    return true;
  }

  /// One value with all that is in it; `depth` further levels may be nested.
  bool skip_value(int depth);
  bool skip_string();
  /// A string that is a key, and the colon after it. `has_escape` is set where it holds one.
  bool read_key(std::string_view& key, bool& has_escape);

  /// Calls `member(key, has_escape)` for each member of the object that begins here; it passes over
  /// the value, or says false.
  template <typename Member>
  bool walk_object(Member member) {
    if (!take('{')) return false;
    skip_space();
    if (take('}')) return true;
    do {
      skip_space();
      std::string_view key;
      bool has_escape = false;
      if (!read_key(key, has_escape) || !member(key, has_escape)) return false;
      skip_space();
    } while (take(','));
    return take('}');
  }

 private:
  bool skip_array(int depth);
  bool skip_number();
  bool skip_digits();
  bool skip_word(std::string_view word);
  bool skip_escape();
  bool skip_multibyte();
  bool read_four_hex(unsigned& value);

  const char* next_;
  const char* end_;
};

}  // namespace mcp
