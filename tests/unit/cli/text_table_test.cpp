#include "cli/text_table.hpp"

#include <doctest/doctest.h>

using cli::TextTable;

TEST_CASE("text table: columns are aligned by what a terminal shows") {
  const TextTable table{.header = {"NAME", "TEXT"},
                        .rows = {{"é", "one"}, {"日本", "two"}, {"plain", ""}}};
  CHECK(table.render(0) ==
        "NAME   TEXT\n"
        "é      one\n"
        "日本   two\n"
        "plain\n");
}

TEST_CASE("text table: a narrow terminal cuts the last columns, never the first") {
  const TextTable table{.header = {"TOOL", "ARGUMENTS", "DESCRIPTION"},
                        .rows = {{"a-long-tool-name", "first=string second=string",
                                  "A description that goes on and on"}}};
  CHECK(table.render(60) ==
        "TOOL              ARGUMENTS                   DESCRIPTION\n"
        "a-long-tool-name  first=string second=string  A description…\n");
  CHECK(table.render(44) ==
        "TOOL              ARGUMENTS     DESCRIPTION\n"
        "a-long-tool-name  first=strin…  A descripti…\n");
}

TEST_CASE("text table: cutting counts wide characters twice") {
  CHECK(cli::fitted("日本語", 6) == "日本語");
  CHECK(cli::fitted("日本語", 5) == "日本…");
  CHECK(cli::fitted("日本語", 4) == "日…");
  CHECK(cli::display_width("e\u0301") == 1);
}
