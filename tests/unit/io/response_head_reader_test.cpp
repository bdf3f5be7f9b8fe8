#include "mcp/io/response_head_reader.hpp"

#include <doctest/doctest.h>

using namespace mcp;
using Step = ResponseHeadReader::Step;

TEST_CASE("head reader: status and fields, trimmed, in order; complete once") {
  ResponseHeadReader reader(1000);
  CHECK(reader.add_line("HTTP/1.1 200 OK\r\n") == Step::more);
  CHECK(reader.add_line("A:  one two \r\n") == Step::more);
  CHECK(reader.add_line("a: three:four\n") == Step::more);
  CHECK(reader.add_line("Empty:\r\n") == Step::more);
  CHECK_FALSE(reader.complete());
  CHECK(reader.add_line("\r\n") == Step::complete);
  CHECK(reader.complete());
  CHECK(reader.head().status == 200);
  CHECK(reader.head().headers == HeaderList{{"A", "one two"}, {"a", "three:four"}, {"Empty", ""}});
  CHECK(reader.add_line("Trailer: x\r\n") == Step::more);
  CHECK(reader.add_line("\r\n") == Step::more);
  CHECK(reader.head().headers.size() == 3);
}

TEST_CASE("head reader: HTTP/2 has no reason phrase") {
  ResponseHeadReader reader(1000);
  reader.add_line("HTTP/2 404 \r\n");
  CHECK(reader.add_line("\r\n") == Step::complete);
  CHECK(reader.head().status == 404);
}

TEST_CASE("head reader: the fields of a 1xx answer are forgotten") {
  ResponseHeadReader reader(1000);
  reader.add_line("HTTP/1.1 103 Early Hints\r\n");
  reader.add_line("Link: a\r\n");
  CHECK(reader.add_line("\r\n") == Step::more);
  reader.add_line("HTTP/1.1 204 No Content\r\n");
  CHECK(reader.add_line("\r\n") == Step::complete);
  CHECK(reader.head().status == 204);
  CHECK(reader.head().headers.empty());
}

TEST_CASE("head reader: folded lines join with one space, also to an empty value") {
  ResponseHeadReader reader(1000);
  reader.add_line("HTTP/1.1 200 OK\r\n");
  reader.add_line(" lost: there is no field yet\r\n");
  reader.add_line("A:\r\n");
  reader.add_line("\t b\r\n");
  reader.add_line(" c\r\n");
  reader.add_line("\r\n");
  CHECK(*reader.head().find("A") == "b c");
}

TEST_CASE("head reader: lines that are no fields are skipped, a status that is no number is none") {
  ResponseHeadReader reader(1000);
  reader.add_line("HTTP/1.1 abc\r\n");
  reader.add_line("no colon here\r\n");
  CHECK(reader.add_line("\r\n") == Step::more);
  CHECK(reader.head().headers.empty());
}

TEST_CASE("head reader: the bound counts all lines, trailers and 1xx answers too") {
  ResponseHeadReader reader(40);
  CHECK(reader.add_line("HTTP/1.1 100 Continue\r\n\r\n") == Step::more);
  CHECK(reader.add_line("HTTP/1.1 200 OK\r\n") == Step::too_large);
}
