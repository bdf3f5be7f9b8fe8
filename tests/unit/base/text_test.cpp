#include "mcp/base/text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace mcp;

TEST_CASE("printable: text that is safe stays as it is") {
  CHECK(printable("plain ASCII ~") == "plain ASCII ~");
  CHECK(printable("Zürich, Łódź, 東京, עברית, 🚀") == "Zürich, Łódź, 東京, עברית, 🚀");
  CHECK(printable("") == "");
}

TEST_CASE("printable: emoji keep their presentation selector") {
  CHECK(printable("\u2764\ufe0f") == "\u2764\ufe0f");
}

TEST_CASE("printable: control characters are escaped") {
  CHECK(printable("\x1b[31mred\x1b[0m") == "\\x1b[31mred\\x1b[0m");
  CHECK(printable(std::string_view("a\0b", 3)) == "a\\x00b");
  CHECK(printable("\x7f\x08") == "\\x7f\\x08");
  CHECK(printable("one\ntwo\r\n\tthree") == "one\\ntwo\\r\\n\\tthree");
}

TEST_CASE("printable: C1 controls are escaped, also the one-byte CSI of a terminal") {
  CHECK(printable("\xc2\x9b"
                  "31m") == "\\u{9b}31m");
  CHECK(printable("\xc2\x85") == "\\u{85}");
}

TEST_CASE("printable: invalid UTF-8 is escaped byte by byte") {
  CHECK(printable("\xff") == "\\xff");
  CHECK(printable("caf\xe9!") == "caf\\xe9!");
  CHECK(printable("\xc0\xaf") == "\\xc0\\xaf");                    // overlong /
  CHECK(printable("\xe0\x80\xaf") == "\\xe0\\x80\\xaf");           // overlong /
  CHECK(printable("\xed\xa0\x80") == "\\xed\\xa0\\x80");           // surrogate
  CHECK(printable("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");  // above U+10FFFF
  CHECK(printable("\xe2\x82") == "\\xe2\\x82");                    // cut short
  CHECK(printable("\x80") == "\\x80");                             // lone continuation
}

TEST_CASE("printable: characters that hide or reorder text are escaped") {
  CHECK(printable("a\u202eb") == "a\\u{202e}b");  // right-to-left override
  CHECK(printable("\u2066x\u2069") == "\\u{2066}x\\u{2069}");
  CHECK(printable("\u200b\u200d\ufeff") == "\\u{200b}\\u{200d}\\u{feff}");
  CHECK(printable("\u2028\u2029") == "\\u{2028}\\u{2029}");
  CHECK(printable("\u00ad\u061c\u180e") == "\\u{ad}\\u{61c}\\u{180e}");
  CHECK(printable("\U000e0041\U000e0100") == "\\u{e0041}\\u{e0100}");  // tags, selectors
  CHECK(printable("\ufffe\U0010ffff") == "\\u{fffe}\\u{10ffff}");
}

TEST_CASE("printable: neighbours of the hidden ranges are shown") {
  CHECK(printable("\u00a0\u00ac\u00ae\u200a\u2010\u2027\u202f\u2070\ufffd") ==
        "\u00a0\u00ac\u00ae\u200a\u2010\u2027\u202f\u2070\ufffd");
}

TEST_CASE("printable: lines can be kept, and a CRLF becomes one line feed") {
  CHECK(printable("a\n\tb\r\nc\rd\x1b", Lines::keep) == "a\n\tb\nc\\rd\\x1b");
}

TEST_CASE("quoted: short text is put in double quotes") {
  CHECK(quoted(std::string_view("<html>\n")) == "\"<html>\\n\"");
  CHECK(quoted(std::string("with a string")) == "\"with a string\"");
}

TEST_CASE("quoted: long text is cut, and its length is told") {
  CHECK(quoted("abcdefgh", 3) == "\"abc\"… (8 bytes)");
  CHECK(quoted("abc", 3) == "\"abc\"");
}

TEST_CASE("quoted: a cut never falls inside a character") {
  CHECK(quoted("aé東🚀", 2) == "\"a\"… (10 bytes)");
  CHECK(quoted("aé東🚀", 5) == "\"aé\"… (10 bytes)");
  CHECK(quoted("aé東🚀", 9) == "\"aé東\"… (10 bytes)");
}

TEST_CASE("quoted: bytes that are no UTF-8 are cut at the limit") {
  CHECK(quoted("\x80\x80\x80\x80\x80\x80", 5) == "\"\\x80\\x80\\x80\\x80\\x80\"… (6 bytes)");
}

TEST_CASE("excerpt: like quoted, without the quotes") {
  CHECK(excerpt("abc", 3) == "abc");
  CHECK(excerpt("abcd", 3) == "abc… (4 bytes)");
}

TEST_CASE("base64: the vectors of RFC 4648 section 10") {
  CHECK(base64("") == "");
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foob") == "Zm9vYg==");
  CHECK(base64("fooba") == "Zm9vYmE=");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(base64("\xff\xfe\xfd") == "//79");
}

TEST_CASE("text: case is folded for ASCII alone") {
  CHECK(equals_ignoring_case("Mcp-Session-Id", "mcp-session-ID"));
  CHECK(!equals_ignoring_case("abc", "ab"));
  CHECK(!equals_ignoring_case("É", "é"));
  CHECK(to_lower("ABC[É") == "abc[É");
}

TEST_CASE("text: trim removes white space at both ends") {
  CHECK(trim(" \t a b\r\n") == "a b");
  CHECK(trim("   ") == "");
  CHECK(trim("") == "");
}

TEST_CASE("text: edit distance counts insertions, deletions and replacements") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("probe", "prove") == 1);
}

TEST_CASE("text: the nearest candidate is found, and none where all are far") {
  const std::vector<std::string> verbs = {"probe", "list", "call"};
  CHECK(nearest("prob", verbs) == "probe");
  CHECK(nearest("lits", verbs) == "list");
  CHECK(nearest("snapshot", verbs) == "");
}
