"""kubernetes_schemas.py VERSION…: reads Kubernetes objects (a JSON array) from stdin and prints what
the JSON schemas of those versions refuse, unknown fields included. Kinds that are not Kubernetes'
own are refused too. Needs kubernetes-validate, which carries the schemas."""

import json
import sys

import kubernetes_validate

for thing in json.load(sys.stdin):
    for version in sys.argv[1:]:
        try:
            kubernetes_validate.validate(thing, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.path)
            print(f"{thing['kind']}{place}: {error.message} ({version})")
        except kubernetes_validate.SchemaNotFoundError:
            print(f"{thing['kind']}: {version} has no such kind in {thing['apiVersion']}")
