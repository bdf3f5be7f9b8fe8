# Writes OUTPUT: the parts of the HTML report as string literals. Run as
# cmake -D OUTPUT=… -D FOLDER=… -D CHART=… -D LICENCE=… -D LITERAL=… -P embed.cmake, where CHART and
# LICENCE come from the Debian package libjs-chart.js.
include("${LITERAL}")

file(READ "${LICENCE}" licence)
file(READ "${CHART}" chart)
# What stands inside of a script element must not end it.
string(CONCAT library "/*\n" "${licence}" "*/\n" "${chart}")
string(FIND "${licence}" "*/" comment_end)
string(REGEX MATCH "<!--|</script|sourceMappingURL" foul "${library}")
if(NOT comment_end EQUAL -1 OR NOT foul STREQUAL "")
  message(FATAL_ERROR "${CHART} cannot stand inside of a page")
endif()

set(script "")
foreach(name format elements charts lanes failures findings sections report)
  file(READ "${FOLDER}/${name}.js" text)
  string(APPEND script "${text}")
endforeach()
file(READ "${FOLDER}/report.css" style)
file(READ "${FOLDER}/report.html" page)

foreach(part page style script library)
  literal_text("${${part}}" ${part}_literal)
endforeach()
file(WRITE "${OUTPUT}" "#include \"cli/render/load/html/files.hpp\"

namespace cli {

const HtmlFiles& html_files() {
  static constexpr HtmlFiles files = {
    .page = ${page_literal},
    .style = ${style_literal},
    .script = ${script_literal},
    .library = ${library_literal},
  };
  return files;
}

}  // namespace cli
")
