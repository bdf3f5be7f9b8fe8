# Writes OUTPUT: library/*.yaml and the JSON Schema as string literals.
# Run as cmake -D OUTPUT=… -D FOLDER=… -P embed.cmake.
include("${CMAKE_CURRENT_LIST_DIR}/literal.cmake")

function(literal file result)
  file(READ "${file}" text)
  literal_text("${text}" pieces)
  set(${result} "${pieces}" PARENT_SCOPE)
endfunction()

file(GLOB files "${FOLDER}/*.yaml")
list(SORT files)
set(table "")
foreach(file ${files})
  get_filename_component(name "${file}" NAME_WE)
  literal("${file}" text)
  string(APPEND table "    LibraryFile{\"${name}\",${text}},\n")
endforeach()
literal("${FOLDER}/scenario.schema.json" schema)
file(WRITE "${OUTPUT}" "#include \"scenarios/library.hpp\"

#include <array>

namespace scenarios {
namespace {

constexpr std::array files = {
${table}};

}  // namespace

std::span<const LibraryFile> library() { return files; }
std::string_view scenario_schema() {
  return ${schema};
}

}  // namespace scenarios
")
