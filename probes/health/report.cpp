#include "probes/health/report.hpp"

#include <utility>

namespace probes {

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::ok:
      return "ok";
    case Verdict::degraded:
      return "degraded";
    case Verdict::unhealthy:
      return "unhealthy";
    case Verdict::needs_auth:
      return "protected";
    case Verdict::denied:
      return "denied";
    case Verdict::unreachable:
      return "unreachable";
    case Verdict::unresponsive:
      return "unresponsive";
    case Verdict::broken:
      return "broken";
    case Verdict::session_lost:
      return "session-lost";
    case Verdict::misconfigured:
      return "misconfigured";
    case Verdict::interrupted:
      return "interrupted";
  }
  std::unreachable();
}

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::notice:
      return "notice";
    case Severity::warning:
      return "warning";
    case Severity::error:
      return "error";
  }
  std::unreachable();
}

}  // namespace probes
