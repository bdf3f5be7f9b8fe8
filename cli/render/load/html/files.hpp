#pragma once

#include <string_view>

namespace cli {

/// The parts of the HTML report, as they were when the program was built (see embed.cmake).
struct HtmlFiles {
  std::string_view page;     // report.html, with @NAME@ where the rest goes
  std::string_view style;    // report.css
  std::string_view script;   // the scripts of this folder
  std::string_view library;  // Chart.js with its licence
};

const HtmlFiles& html_files();

}  // namespace cli
