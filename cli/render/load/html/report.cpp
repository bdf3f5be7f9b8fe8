#include "cli/render/load/html/report.hpp"

#include <openssl/evp.h>

#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>

#include "cli/render/escape.hpp"
#include "cli/render/load/html/files.hpp"
#include "cli/render/load/html/page_data.hpp"
#include "cli/render/load/text.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

/// As a Content-Security-Policy names an inline script or style.
std::string hash_source(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("no SHA-256");
  return "'sha256-" +
         mcp::base64({reinterpret_cast<const char*>(digest.data()), static_cast<size_t>(size)}) +
         "'";
}

/// JSON that ends no script element and begins no comment in it, in ASCII.
std::string script_data(const nlohmann::json& data) {
  std::string safe;
  for (const char each : data.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace)) {
    if (each == '<')
      safe += "\\u003c";
    else if (each == '>')
      safe += "\\u003e";
    else if (each == '&')
      safe += "\\u0026";
    else
      safe += each;
  }
  return safe;
}

struct Part {
  std::string_view name;
  std::string text;
};

/// `text` with what stands for @NAME@; what was put in is not looked at again.
std::string filled_in(std::string_view text, const std::array<Part, 6>& parts) {
  std::string page;
  while (!text.empty()) {
    const auto mark = std::min(text.find('@'), text.size());
    page += text.substr(0, mark);
    text.remove_prefix(mark);
    std::size_t taken = text.empty() ? 0 : 1;
    for (const auto& part : parts) {
      if (!text.starts_with(part.name)) continue;
      page += part.text;
      taken = part.name.size();
    }
    if (taken == 1) page += '@';
    text.remove_prefix(taken);
  }
  return page;
}

}  // namespace

std::string render_load_html(const scenarios::Results& results) {
  const HtmlFiles& files = html_files();
  const auto policy = "default-src 'none'; base-uri 'none'; form-action 'none'; script-src " +
                      hash_source(files.library) + " " + hash_source(files.script) +
                      "; style-src " + hash_source(files.style);
  return filled_in(
      files.page,
      {Part{"@POLICY@", policy}, Part{"@STYLE@", std::string(files.style)},
       Part{"@TEXT@", xml_escaped(render_load_text(results, Colour::none))},
       Part{"@DATA@", script_data(load_page_json(results))},
       Part{"@LIBRARY@", std::string(files.library)}, Part{"@SCRIPT@", std::string(files.script)}});
}

}  // namespace cli
