#include "probes/drift/suspicious_text.hpp"

#include <algorithm>
#include <array>

#include "mcp/base/text.hpp"

namespace probes::drift {
namespace {

struct Phrase {
  std::string_view what;
  std::string_view words;  // lower case, one space between words
};

constexpr std::string_view overriding = "an order to ignore other instructions";
constexpr std::string_view hiding = "an order to keep something from the user";
constexpr std::string_view pushing = "an order about the use of other tools";
constexpr std::string_view secret = "a place where secrets are kept";
constexpr std::string_view markup = "markup that stands for a speaker or hides text";

/// Phrases that descriptions in good faith have no use for. What they do use is left out even
/// where attacks use it too: "you must", "api key", "important:", "call this first".
constexpr std::array phrases = {
    Phrase{overriding, "ignore previous"},
    Phrase{overriding, "ignore all previous"},
    Phrase{overriding, "ignore any previous"},
    Phrase{overriding, "ignore the previous"},
    Phrase{overriding, "ignore all other"},
    Phrase{overriding, "ignore the above"},
    Phrase{overriding, "ignore your instructions"},
    Phrase{overriding, "ignore prior"},
    Phrase{overriding, "disregard previous"},
    Phrase{overriding, "disregard all"},
    Phrase{overriding, "disregard the above"},
    Phrase{overriding, "disregard your"},
    Phrase{overriding, "disregard any"},
    Phrase{overriding, "forget previous"},
    Phrase{overriding, "forget all previous"},
    Phrase{overriding, "forget your instructions"},
    Phrase{overriding, "override your instructions"},
    Phrase{overriding, "override previous"},
    Phrase{overriding, "overrides all other"},
    Phrase{overriding, "new system prompt"},
    Phrase{overriding, "you are now in"},
    Phrase{hiding, "do not tell the user"},
    Phrase{hiding, "don't tell the user"},
    Phrase{hiding, "never tell the user"},
    Phrase{hiding, "without telling the user"},
    Phrase{hiding, "do not inform the user"},
    Phrase{hiding, "don't inform the user"},
    Phrase{hiding, "without informing the user"},
    Phrase{hiding, "do not mention this"},
    Phrase{hiding, "don't mention this"},
    Phrase{hiding, "do not mention that"},
    Phrase{hiding, "do not reveal this"},
    Phrase{hiding, "do not show this to the user"},
    Phrase{hiding, "hide this from the user"},
    Phrase{hiding, "without the user knowing"},
    Phrase{hiding, "without the user's knowledge"},
    Phrase{hiding, "user must not know"},
    Phrase{hiding, "user should not know"},
    Phrase{hiding, "do not alert the user"},
    Phrase{hiding, "do not notify the user"},
    Phrase{pushing, "before using any other tool"},
    Phrase{pushing, "before calling any other tool"},
    Phrase{pushing, "instead of any other tool"},
    Phrase{pushing, "do not use any other tool"},
    Phrase{pushing, "never use any other tool"},
    Phrase{pushing, "when any other tool is"},
    Phrase{pushing, "when this tool is available, the"},
    Phrase{secret, "~/.ssh"},
    Phrase{secret, ".ssh/"},
    Phrase{secret, "id_rsa"},
    Phrase{secret, "id_ed25519"},
    Phrase{secret, "~/.aws"},
    Phrase{secret, ".aws/credentials"},
    Phrase{secret, "~/.gnupg"},
    Phrase{secret, "~/.netrc"},
    Phrase{secret, "~/.npmrc"},
    Phrase{secret, "~/.pypirc"},
    Phrase{secret, "~/.git-credentials"},
    Phrase{secret, "~/.config/gcloud"},
    Phrase{secret, "~/.docker/config"},
    Phrase{secret, "~/.cursor/"},
    Phrase{secret, "~/.bash_history"},
    Phrase{secret, "claude_desktop_config"},
    Phrase{secret, "/etc/passwd"},
    Phrase{secret, "/etc/shadow"},
    Phrase{secret, "/proc/self/environ"},
    Phrase{secret, "wallet.dat"},
    Phrase{secret, "login keychain"},
    Phrase{markup, "<important>"},
    Phrase{markup, "<system>"},
    Phrase{markup, "</system>"},
    Phrase{markup, "<secret>"},
    Phrase{markup, "<hidden>"},
    Phrase{markup, "<|im_start|>"},
    Phrase{markup, "<|system|>"},
    Phrase{markup, "[inst]"},
    Phrase{markup, "[system]"},
    Phrase{markup, "<!--"},
    Phrase{markup, "![](http"},
};

bool is_word(char symbol) {
  return (symbol >= 'a' && symbol <= 'z') || (symbol >= 'A' && symbol <= 'Z') ||
         (symbol >= '0' && symbol <= '9') || symbol == '_';
}

/// Lower case, with one space for each run of blanks, so that line breaks hide nothing.
std::string plain(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char symbol : mcp::to_lower(text)) {
    const bool is_blank = symbol == ' ' || symbol == '\n' || symbol == '\r' || symbol == '\t';
    if (is_blank && (out.empty() || out.back() == ' ')) continue;
    out += is_blank ? ' ' : symbol;
  }
  return out;
}

/// A file called .env, not "process.env" nor ".environment".
bool names_env_file(std::string_view text) {
  constexpr std::string_view name = ".env";
  for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const bool starts =
        at == 0 || (!is_word(text[at - 1]) && text[at - 1] != ')' && text[at - 1] != '*');
    const auto end = at + name.size();
    if (starts && (end == text.size() || !is_word(text[end]))) return true;
  }
  return false;
}

/// Names that nobody can own (RFC 2606), this machine, and those that stand in every schema.
bool is_example(std::string_view host) {
  constexpr std::array ends = {"example.com", "example.org",     "example.net", ".example",
                               ".test",       ".invalid",        ".localhost",  "127.0.0.1",
                               "0.0.0.0",     "json-schema.org", "www.w3.org"};
  return std::ranges::any_of(ends, [&](std::string_view end) {
    if (!host.ends_with(end)) return false;
    return host.size() == end.size() || end.front() == '.' ||
           host[host.size() - end.size() - 1] == '.';
  });
}

constexpr std::size_t shortest_blob = 120;

bool is_blob(std::string_view run) {
  const auto count = [&](char first, char last) {
    return std::ranges::count_if(run, [&](char each) { return each >= first && each <= last; });
  };
  const auto slashes = static_cast<std::size_t>(std::ranges::count(run, '/'));
  return run.size() >= shortest_blob && slashes * 12 < run.size() && count('a', 'z') > 8 &&
         count('A', 'Z') > 8 && count('0', '9') > 2;
}

/// The first run of base64 long enough to hold a message.
std::string_view blob(std::string_view text) {
  std::size_t start = 0;
  for (std::size_t index = 0; index <= text.size(); ++index) {
    const bool inside = index < text.size() && (is_word(text[index]) || text[index] == '+' ||
                                                text[index] == '/' || text[index] == '=');
    if (inside) continue;
    const auto run = text.substr(start, index - start);
    if (is_blob(run)) return run;
    start = index + 1;
  }
  return {};
}

}  // namespace

std::vector<Suspicion> suspicions(std::string_view text) {
  const auto normal = plain(text);
  std::vector<Suspicion> found;
  for (const Phrase& phrase : phrases) {
    if (normal.find(phrase.words) == std::string::npos) continue;
    found.push_back({phrase.what, std::string(phrase.words)});
  }
  if (names_env_file(normal)) found.push_back({secret, ".env"});
  constexpr std::size_t shown_of_blob = 24;
  if (const auto run = blob(text); !run.empty()) {
    found.push_back({"a long run of base64", std::string(run.substr(0, shown_of_blob)) + "…"});
  }
  return found;
}

std::set<std::string> hosts(std::string_view text) {
  std::set<std::string> found;
  const auto lower = mcp::to_lower(text);
  std::string_view rest = lower;
  constexpr std::string_view mark = "://";
  for (auto at = rest.find(mark); at != std::string_view::npos; at = rest.find(mark)) {
    const bool is_web = rest.substr(0, at).ends_with("http") ||
                        rest.substr(0, at).ends_with("https") ||
                        rest.substr(0, at).ends_with("ws") || rest.substr(0, at).ends_with("wss");
    rest.remove_prefix(at + mark.size());
    const auto end = std::ranges::find_if_not(rest, [](char symbol) {
      return is_word(symbol) || symbol == '.' || symbol == '-' || symbol == '@' || symbol == ':';
    });
    auto host = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    if (const auto user = host.rfind('@'); user != std::string_view::npos) {
      host.remove_prefix(user + 1);
    }
    host = host.substr(0, host.find(':'));
    while (host.ends_with('.')) host.remove_suffix(1);
    if (is_web && host.find('.') != std::string_view::npos && !is_example(host)) {
      found.emplace(host);
    }
  }
  return found;
}

}  // namespace probes::drift
