#include "cli/content.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using nlohmann::json;

TEST_CASE("content: text is printed as text, made safe") {
  CHECK(cli::content_text({{"type", "text"}, {"text", "a\nb"}}) == "a\nb\n");
  CHECK(cli::content_text({{"type", "text"}, {"text", "ends\n"}}) == "ends\n");
  CHECK(cli::content_text({{"type", "text"}, {"text", "\x1b[31mred"}}) == "\\x1b[31mred\n");
}

TEST_CASE("content: other kinds are summed up in a line") {
  CHECK(cli::content_text({{"type", "image"}, {"mimeType", "image/png"}, {"data", "AAAA"}}) ==
        "[image image/png 3 B]\n");
  CHECK(cli::content_text({{"type", "resource_link"}, {"uri", "demo://x"}, {"name", "x"}}) ==
        "[resource link demo://x]\n");
  CHECK(cli::content_text(
            {{"type", "resource"}, {"resource", {{"uri", "a://b"}, {"text", "inside"}}}}) ==
        "[resource a://b]\ninside\n");
  CHECK(cli::content_text(
            {{"type", "resource"}, {"resource", {{"uri", "a://b"}, {"blob", "AAAAAA=="}}}}) ==
        "[resource a://b 4 B]\n");
  CHECK(cli::content_text({{"type", "new-kind"}, {"x", 1}}) == "{\"type\":\"new-kind\",\"x\":1}\n");
  CHECK(cli::content_text("no object") == "\"no object\"\n");
}

TEST_CASE("content: base64 is decoded with and without padding, and nothing else is") {
  CHECK(cli::decode_base64("aGk=") == "hi");
  CHECK(cli::decode_base64("aGk") == "hi");
  CHECK(cli::decode_base64("aG\nk=\n") == "hi");
  CHECK(cli::decode_base64("") == "");
  CHECK(cli::decode_base64("AP8B") == std::string("\0\xff\x01", 3));
  CHECK_FALSE(cli::decode_base64("a"));
  CHECK_FALSE(cli::decode_base64("aG-k"));
  CHECK_FALSE(cli::decode_base64("aG=k"));
}

TEST_CASE("content: sizes have three digits and a unit") {
  CHECK(cli::format_size(0) == "0 B");
  CHECK(cli::format_size(1023) == "1023 B");
  CHECK(cli::format_size(1536) == "1.5 KB");
  CHECK(cli::format_size(5UL * 1024 * 1024) == "5.0 MB");
}
