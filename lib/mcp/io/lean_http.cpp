#include "mcp/io/lean_http.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/io/curl_failure.hpp"
#include "mcp/io/lean_core.hpp"
#include "mcp/io/lean_lane.hpp"
#include "mcp/io/lean_request.hpp"

namespace mcp {
namespace {

constexpr std::size_t read_at_once = 64UL * 1024;

class LeanEngine final : public LeanHttp {
 public:
  LeanEngine(Loop& loop, CurlOptions options, LeanHttpOptions lean,
             std::vector<sockaddr_storage> sources)
      : core_(loop, std::move(options), lean, std::move(sources)), lane_(core_, lean.observer) {}

  std::unique_ptr<HttpExchange> start(HttpRequest request, HttpObserver& observer) override {
    return lane_.start(std::move(request), observer);
  }
  std::unique_ptr<HttpExchange> start_connect(HttpRequest request,
                                              HttpObserver& observer) override {
    return lane_.start_connect(std::move(request), observer);
  }
  std::unique_ptr<HttpExchange> start_prepared(const PreparedRequest& request, TimePoint deadline,
                                               HttpObserver& observer) override {
    return lane_.start_prepared(request, deadline, observer);
  }
  std::size_t connections() const override { return lane_.connections(); }
  std::unique_ptr<Lane> make_lane(LaneObserver* observer) override {
    return std::make_unique<LeanLane>(core_, observer);
  }

 private:
  LeanCore core_;
  LeanLane lane_;
};

Result<sockaddr_storage> parse_source(const std::string& text) {
  sockaddr_storage address{};
  auto& v4 = reinterpret_cast<sockaddr_in&>(address);
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    address.ss_family = AF_INET;
    return address;
  }
  auto& v6 = reinterpret_cast<sockaddr_in6&>(address);
  if (inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1) {
    address.ss_family = AF_INET6;
    return address;
  }
  return fail(ErrorKind::usage, fmt::format("source {} is not an IP address", quoted(text)));
}

}  // namespace

Result<std::shared_ptr<const LeanTarget>> make_lean_target(std::string_view text) {
  auto url = parse_url(text);
  if (!url) return std::unexpected(std::move(url.error()));
  auto authority = host_and_port(*url);
  return std::make_shared<const LeanTarget>(LeanTarget{
      .text = std::string(text), .url = std::move(*url), .authority = std::move(authority)});
}

LeanCore::LeanCore(Loop& on, CurlOptions connecting, LeanHttpOptions lean,
                   std::vector<sockaddr_storage> sources)
    : loop(on),
      connector(on, std::move(connecting)),
      options(std::move(lean)),
      deadlines(on),
      space(read_at_once),
      sources_(std::move(sources)) {}

Result<std::shared_ptr<const LeanTarget>> LeanCore::target(std::string_view url) {
  if (last_target_ && last_target_->text == url) return last_target_;
  auto made = make_lean_target(url);
  if (made) last_target_ = *made;
  return made;
}

const sockaddr_storage* LeanCore::next_source() {
  if (sources_.empty()) return nullptr;
  return &sources_[next_source_++ % sources_.size()];
}

const std::string& LeanCore::user_agent() const {
  return connector.options().options().user_agent;
}

Result<PreparedRequest> prepare(const HttpRequest& request, const std::string& user_agent) {
  auto target = make_lean_target(request.url);
  if (!target) return std::unexpected(std::move(target.error()));
  auto bytes = write_request(request, (*target)->url, user_agent);
  if (!bytes) return std::unexpected(std::move(bytes.error()));
  return PreparedRequest{.target = std::move(*target),
                         .bytes = std::move(*bytes),
                         .body_size = request.body.size(),
                         .is_head = request.method == "HEAD",
                         .is_idempotent = is_idempotent_method(request.method),
                         .max_body_bytes = request.max_body_bytes,
                         .max_header_bytes = request.max_header_bytes};
}

Result<std::unique_ptr<LeanHttp>> make_lean_http(Loop& loop, HttpOptions options,
                                                 LeanHttpOptions lean) {
  if (options.version == HttpVersion::http2) {
    return fail(ErrorKind::usage, "the lean engine speaks HTTP/1.1 only");
  }
  options.version = HttpVersion::http1;  // so that TLS agrees on it
  std::vector<sockaddr_storage> sources;
  for (const auto& text : lean.sources) {
    const auto source = parse_source(text);
    if (!source) return std::unexpected(source.error());
    sources.push_back(*source);
  }
  auto checked = make_curl_options(std::move(options));
  if (!checked) return std::unexpected(std::move(checked.error()));
  return std::make_unique<LeanEngine>(loop, std::move(*checked), std::move(lean),
                                      std::move(sources));
}

}  // namespace mcp
