"""A collector of OpenTelemetry data (OTLP over HTTP, JSON) that takes nothing that the protocol's
JSON mapping does not allow. What it finds wrong stands in `problems`."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NUMBER_64 = re.compile(r"-?(0|[1-9][0-9]*)")


class Shape:
    """Checks one message: every member is known, has its type, and the needed ones are there."""

    def __init__(self, problems):
        self.problems = problems

    def expect(self, holds, what):
        if not holds:
            self.problems.append(what)

    def members(self, value, path, known, needed=()):
        self.expect(isinstance(value, dict), f"{path} is no object")
        for name in value:
            self.expect(name in known, f"{path}.{name} is not known")
        for name in needed:
            self.expect(name in value, f"{path}.{name} is missing")
        for name, check in known.items():
            if name in value:
                check(value[name], f"{path}.{name}")

    def array(self, check):
        def all_of(value, path):
            self.expect(isinstance(value, list), f"{path} is no array")
            for at, one in enumerate(value):
                check(one, f"{path}[{at}]")
        return all_of

    def text(self, value, path):
        self.expect(isinstance(value, str), f"{path} is no string")

    def int64(self, value, path):
        # The mapping would read a number too; what writes it must write a string.
        self.expect(isinstance(value, str) and NUMBER_64.fullmatch(value)
                    and -2**63 <= int(value) < 2**64, f"{path} is no 64-bit integer: {value!r}")

    def number(self, value, path):
        self.expect(type(value) in (int, float), f"{path} is no number")

    def small(self, value, path):
        self.expect(type(value) is int, f"{path} is no integer")

    def boolean(self, value, path):
        self.expect(isinstance(value, bool), f"{path} is no boolean")

    def hexadecimal(self, digits):
        def check(value, path):
            self.expect(isinstance(value, str) and re.fullmatch(f"[0-9a-f]{{{digits}}}", value)
                        and set(value) != {"0"}, f"{path} is no id of {digits} digits: {value!r}")
        return check

    def value(self, value, path):
        self.members(value, path, {"stringValue": self.text, "intValue": self.int64,
                                   "boolValue": self.boolean, "doubleValue": self.number})
        self.expect(len(value) == 1, f"{path} has not one value")

    def attributes(self, value, path):
        self.array(lambda one, where: self.members(
            one, where, {"key": self.text, "value": self.value}, ["key", "value"]))(value, path)
        names = [one["key"] for one in value]
        self.expect(len(names) == len(set(names)), f"{path} has a name twice")

    def point(self, value, path):
        self.members(value, path, {
            "attributes": self.attributes, "startTimeUnixNano": self.int64,
            "timeUnixNano": self.int64, "asInt": self.int64, "asDouble": self.number,
        }, ["timeUnixNano"])
        self.expect(("asInt" in value) != ("asDouble" in value), f"{path} has not one value")

    def histogram_point(self, value, path):
        self.members(value, path, {
            "attributes": self.attributes, "startTimeUnixNano": self.int64,
            "timeUnixNano": self.int64, "count": self.int64, "sum": self.number,
            "bucketCounts": self.array(self.int64), "explicitBounds": self.array(self.number),
        }, ["timeUnixNano", "count", "bucketCounts", "explicitBounds"])
        counts = [int(count) for count in value["bucketCounts"]]
        bounds = value["explicitBounds"]
        self.expect(sum(counts) == int(value["count"]), f"{path} has counts that do not add up")
        self.expect(len(counts) == len(bounds) + 1, f"{path} has not one bucket more than bounds")
        self.expect(bounds == sorted(set(bounds)), f"{path} has bounds that do not rise")

    def data(self, point, **more):
        def check(value, path):
            self.members(value, path, {"dataPoints": self.array(point), **more},
                         ["dataPoints", *more])
            self.expect(value.get("aggregationTemporality", 2) == 2, f"{path} is not cumulative")
        return check

    def metric(self, value, path):
        self.members(value, path, {
            "name": self.text, "unit": self.text, "description": self.text,
            "gauge": self.data(self.point),
            "sum": self.data(self.point, aggregationTemporality=self.small,
                             isMonotonic=self.boolean),
            "histogram": self.data(self.histogram_point, aggregationTemporality=self.small),
        }, ["name"])
        self.expect(len({"gauge", "sum", "histogram"} & set(value)) == 1, f"{path} has not one kind")

    def span(self, value, path):
        self.members(value, path, {
            "traceId": self.hexadecimal(32), "spanId": self.hexadecimal(16), "name": self.text,
            "kind": self.small, "flags": self.small, "startTimeUnixNano": self.int64,
            "endTimeUnixNano": self.int64, "attributes": self.attributes,
            "status": lambda one, where: self.members(one, where, {"code": self.small}, ["code"]),
        }, ["traceId", "spanId", "name", "startTimeUnixNano", "endTimeUnixNano"])

    def document(self, value, resources, scopes, items, check):
        scope = {"scope": lambda one, where: self.members(
            one, where, {"name": self.text, "version": self.text}, ["name"]),
            items: self.array(check)}
        resource = {"resource": lambda one, where: self.members(
            one, where, {"attributes": self.attributes}, ["attributes"]),
            scopes: self.array(lambda one, where: self.members(one, where, scope, scope))}
        self.members(value, "$", {resources: self.array(
            lambda one, where: self.members(one, where, resource, resource))}, [resources])


class Collector:
    def __init__(self):
        self.metrics, self.spans, self.resources, self.problems = [], [], [], []
        self.headers = []
        self.status = 200
        self.answer = {}
        self.posts = 0
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):  # noqa: N802 (the base class's name)
                body = self.rfile.read(int(self.headers["Content-Length"]))
                collector.posts += 1
                collector.headers.append(dict(self.headers))
                if collector.status == 200:
                    collector.take(self.path, self.headers["Content-Type"], body)
                data = json.dumps(collector.answer).encode()
                self.send_response(collector.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, path, content_type, body):
        shape = Shape(self.problems)
        shape.expect(content_type == "application/json", f"{path}: {content_type}")
        document = json.loads(body)
        if path == "/v1/metrics":
            shape.document(document, "resourceMetrics", "scopeMetrics", "metrics", shape.metric)
            resource = document["resourceMetrics"][0]
            self.metrics.append({one["name"]: one for one in resource["scopeMetrics"][0]["metrics"]})
        elif path == "/v1/traces":
            shape.document(document, "resourceSpans", "scopeSpans", "spans", shape.span)
            resource = document["resourceSpans"][0]
            self.spans += resource["scopeSpans"][0]["spans"]
        else:
            shape.expect(False, f"{path} is no path of OTLP")
            return
        self.resources.append(attributes(resource["resource"]))

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def attributes(owner):
    return {one["key"]: next(iter(one["value"].values())) for one in owner["attributes"]}
