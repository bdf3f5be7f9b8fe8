#include "mcp/io/curl_transfer.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/io/curl_timings.hpp"
#include "mcp/io/socket_address.hpp"

namespace mcp {

CurlTransfer::CurlTransfer(HttpRequest request, TransferKind kind, const CurlOptions& options,
                           HttpObserver& observer)
    : request_(std::move(request)),
      kind_(kind),
      options_(options),
      observer_(&observer),
      handle_(curl_easy_init()),
      reader_(request_.max_header_bytes) {}

Result<void> CurlTransfer::prepare() {
  auto url = parse_url(request_.url);
  if (!url) return std::unexpected(std::move(url.error()));
  url_ = std::move(*url);
  EasySetup set(handle());
  options_.apply(set, url_.is_https());
  set_callbacks(set);
  set_request(set);
  if (auto headers = set_headers(set); !headers) return headers;
  if (set.first_failure() != CURLE_OK) {
    return fail(ErrorKind::usage, fmt::format("the HTTP library refused an option: {}",
                                              curl_easy_strerror(set.first_failure())));
  }
  return {};
}

void CurlTransfer::set_callbacks(EasySetup& set) {
  set(CURLOPT_PRIVATE, this);
  set(CURLOPT_ERRORBUFFER, detail_.data());
  set(CURLOPT_HEADERFUNCTION, &CurlTransfer::on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &CurlTransfer::on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_OPENSOCKETFUNCTION, &CurlTransfer::open_socket);
  set(CURLOPT_OPENSOCKETDATA, this);
  if (options_.options().on_connected) {
    set(CURLOPT_PREREQFUNCTION, &CurlTransfer::on_connected);
    set(CURLOPT_PREREQDATA, this);
  }
  if (url_.is_https()) {
    set(CURLOPT_SSL_CTX_FUNCTION, &CurlTransfer::on_tls_context);
    set(CURLOPT_SSL_CTX_DATA, this);
  }
}

void CurlTransfer::set_request(EasySetup& set) {
  set(CURLOPT_URL, url_.to_string().c_str());
  if (kind_ == TransferKind::connect_only) {
    set(CURLOPT_CONNECT_ONLY, 1L);
    // Nothing is read into it; each attempt would have 16 kB.
    constexpr long smallest_buffer = 1024;
    set(CURLOPT_BUFFERSIZE, smallest_buffer);
  } else {
    set_body(set);
  }
}

void CurlTransfer::set_body(EasySetup& set) {
  const auto& method = request_.method;
  if (method == "GET" && request_.body.empty()) {
    set(CURLOPT_HTTPGET, 1L);
    set(CURLOPT_CUSTOMREQUEST, nullptr);
    return;
  }
  if (method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
    return;
  }
  if (method == "POST" || !request_.body.empty()) {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(CURLOPT_POSTFIELDS, request_.body.data());
  }
  if (method != "POST") set(CURLOPT_CUSTOMREQUEST, method.c_str());
}

Result<void> CurlTransfer::set_headers(EasySetup& set) {
  // libcurl adds both to a POST; the first costs a round trip, the second is never true here.
  headers_ = CurlList({"Expect:"});
  const auto has = [&](std::string_view name) {
    return std::ranges::any_of(request_.headers, [&](const Header& header) {
      return equals_ignoring_case(header.name, name);
    });
  };
  for (const char* name : {"Content-Type", "Accept-Encoding"}) {
    if (!has(name)) headers_.add(fmt::format("{}:", name));
  }
  for (const auto& [name, value] : request_.headers) {
    const bool breaks =
        (name + value).find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos;
    if (breaks || name.empty() || name.find(':') != std::string::npos) {
      // The value may be a credential: it is not shown.
      return fail(ErrorKind::usage, fmt::format("header {} cannot be sent: its name is not a name, "
                                                "or there is a line break in it",
                                                quoted(name)));
    }
    // "Name:" would remove a field, "Name;" sends an empty one.
    headers_.add(trim(value).empty() ? name + ";" : fmt::format("{}: {}", name, value));
  }
  set(CURLOPT_HTTPHEADER, headers_.get());
  return {};
}

std::size_t CurlTransfer::on_header(char* data, std::size_t, std::size_t size,
                                    void* self) noexcept {
  return static_cast<CurlTransfer*>(self)->header({data, size}) ? size : 0;
}

std::size_t CurlTransfer::on_body(char* data, std::size_t, std::size_t size, void* self) noexcept {
  return static_cast<CurlTransfer*>(self)->body({data, size}) ? size : CURL_WRITEFUNC_ERROR;
}

CURLcode CurlTransfer::on_tls_context(CURL*, void* context, void* self) noexcept {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  transfer.tls_started_ = true;
  record_certificates(context, transfer.certificates_);
  return CURLE_OK;
}

curl_socket_t CurlTransfer::open_socket(void* self, curlsocktype, curl_sockaddr* address) noexcept {
  static_cast<CurlTransfer*>(self)->peer_ = address_text(address->addr);
  // libcurl 7.88 would let a child inherit it.
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int CurlTransfer::on_connected(void* self, char*, char*, int, int) noexcept {
  const auto& transfer = *static_cast<CurlTransfer*>(self);
  auto timings = read_timings(transfer.handle(), {}, transfer.certificates_);
  if (timings.peer_address.empty()) timings.peer_address = transfer.peer_;
  if (timings.new_connection) transfer.options_.options().on_connected(timings);
  return CURL_PREREQFUNC_OK;
}

bool CurlTransfer::header(std::string_view line) {
  if (!observer_) return false;
  if (reader_.bytes() == 0) head_began_ = Clock::now();
  switch (reader_.add_line(line)) {
    case ResponseHeadReader::Step::more:
      return true;
    case ResponseHeadReader::Step::too_large:
      return refuse(ErrorKind::limit,
                    fmt::format("the answer's header is larger than {} bytes (max_header_bytes)",
                                request_.max_header_bytes));
    case ResponseHeadReader::Step::complete:
      return head_complete();
  }
  return false;
}

bool CurlTransfer::head_complete() {
  if (request_.max_redirects > 0 && is_redirect()) return accept_redirect();
  const auto& head = reader_.head();
  observer_->on_head(head);
  if (!observer_) return false;
  std::size_t length = 0;
  const auto* field = request_.method == "HEAD" ? nullptr : head.find("Content-Length");
  if (!field) return true;
  std::from_chars(field->data(), field->data() + field->size(), length);
  if (length <= request_.max_body_bytes) return true;
  return refuse(ErrorKind::limit,
                fmt::format("the answer has {} bytes, more than {} (max_body_bytes)", length,
                            request_.max_body_bytes));
}

bool CurlTransfer::body(std::string_view bytes) {
  if (!observer_) return false;
  body_bytes_ += bytes.size();
  if (body_bytes_ > request_.max_body_bytes) {
    return refuse(ErrorKind::limit, fmt::format("the answer is larger than {} bytes when unpacked "
                                                "(max_body_bytes)",
                                                request_.max_body_bytes));
  }
  if (redirect_) return true;
  observer_->on_data(bytes);
  return observer_ != nullptr;
}

bool CurlTransfer::refuse(ErrorKind kind, std::string message, std::string hint) {
  if (!failure_) failure_ = Error{kind, std::move(message), std::move(hint)};
  return false;
}

bool CurlTransfer::is_redirect() const {
  const auto& head = reader_.head();
  const int status = head.status;
  return (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) &&
         head.find("Location");
}

bool CurlTransfer::accept_redirect() {
  const auto& location = *reader_.head().find("Location");
  const auto from = host_and_port(url_);
  auto target = resolve_reference(url_, location);
  if (!target) {
    return refuse(ErrorKind::http, fmt::format("{} redirects to {}, which is not a URL for us",
                                               from, quoted(location)));
  }
  // Every header of ours may hold a credential, so none goes to another origin.
  if (!same_origin(url_, *target)) {
    return refuse(ErrorKind::http,
                  fmt::format("{} redirects to another origin, {}: not followed", from,
                              quoted(target->origin())),
                  "use that URL if you trust it");
  }
  if (redirects_ >= request_.max_redirects) {
    return refuse(ErrorKind::http, fmt::format("{} redirects more than {} times (max_redirects)",
                                               from, request_.max_redirects));
  }
  redirect_ = std::move(*target);
  return true;
}

bool CurlTransfer::follow_redirect(CURLcode code) {
  if (!redirect_ || code != CURLE_OK) return false;
  url_ = *std::exchange(redirect_, std::nullopt);
  ++redirects_;
  earlier_hops_ += read_timings(handle(), {}, certificates_).total;
  // RFC 9110 section 15.4: 303 asks for the other resource by GET. The others are taken as
  // "the same request again": a JSON-RPC message makes no sense as a GET.
  if (reader_.head().status == 303) {
    request_.method = "GET";
    request_.body.clear();
  }
  reader_ = ResponseHeadReader(request_.max_header_bytes);
  body_bytes_ = 0;
  EasySetup set(handle());
  set_request(set);
  return set.first_failure() == CURLE_OK;
}

Duration CurlTransfer::since_head() const {
  return reader_.bytes() == 0 ? Duration::zero() : Clock::now() - head_began_;
}

Result<HttpTimings> CurlTransfer::outcome(CURLcode code) const {
  if (failure_) return std::unexpected(*failure_);
  if (code == CURLE_OK) {
    auto timings = read_timings(handle(), since_head(), certificates_);
    timings.total += earlier_hops_;
    timings.status = reader_.head().status;
    if (timings.peer_address.empty()) timings.peer_address = peer_;
    return timings;
  }
  return std::unexpected(describe(failure(code)));
}

CurlFailure CurlTransfer::failure(CURLcode code) const {
  return {.code = code,
          .detail = detail_.data(),
          .url = url_,
          .peer = peer_,
          .unix_socket = options_.options().unix_socket,
          .os_error = static_cast<int>(easy_info<long>(handle(), CURLINFO_OS_ERRNO)),
          .proxy_status = easy_info<long>(handle(), CURLINFO_HTTP_CONNECTCODE),
          .head_complete = reader_.complete(),
          .head_bytes = reader_.bytes(),
          .body_bytes = body_bytes_,
          .certificates = certificates_};
}

Error CurlTransfer::deadline_error() const {
  const Progress progress{.host = url_.host,
                          .authority = host_and_port(url_),
                          .peer = peer_,
                          .tls_started = tls_started_,
                          .request_bytes = request_.body.size(),
                          .head_bytes = reader_.bytes(),
                          .head_complete = reader_.complete(),
                          .body_bytes = body_bytes_};
  return {.kind = ErrorKind::timeout,
          .message = "timed out " + describe_phase(handle(), progress),
          .phase = connection_phase(handle(), progress)};
}

void CurlTransfer::finish(Result<HttpTimings> outcome) {
  timer.reset();
  if (auto* observer = std::exchange(observer_, nullptr)) {
    observer->on_finished(std::move(outcome));
  }
}

}  // namespace mcp
