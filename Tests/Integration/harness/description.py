"""An OpenAPI document: to make requests by, and to check answers against."""

import re

TYPES = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": dict,
    "null": type(None),
}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00")


class Description:
    def __init__(self, document):
        self.document = document
        self._schemas = document["components"]["schemas"]

    @property
    def names(self):
        """The endpoints, as in `tasks.create`."""
        return sorted(path[1:] for path in self.document["paths"])

    def operation(self, name):
        return self.document["paths"][f"/{name}"]["post"]

    def request(self, name):
        """The schema of one request."""
        return self.resolve(self.operation(name)["requestBody"]["content"]["application/json"]["schema"])

    def resolve(self, schema):
        """What a reference leads to; of alternatives the first."""
        while "$ref" in schema or "anyOf" in schema:
            schema = schema["anyOf"][0] if "anyOf" in schema else self._schemas[schema["$ref"].rpartition("/")[2]]
        return schema

    def faults(self, name, data):
        """Where the answer of an endpoint is not what its schema says, and what is in it that is not described."""
        answer = self.operation(name)["responses"]["200"]["content"]["application/json"]["schema"]
        return list(self._faults(answer["properties"]["data"], data, name))

    def _faults(self, schema, value, place):
        if "$ref" in schema:
            yield from self._faults(self._schemas[schema["$ref"].rpartition("/")[2]], value, place)
        elif "anyOf" in schema:
            options = [list(self._faults(option, value, place)) for option in schema["anyOf"]]
            yield from min(options, key=len)
        elif "type" in schema:
            yield from self._typed_faults(schema, value, place)

    def _typed_faults(self, schema, value, place):
        kind = schema["type"]
        if not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind in ("integer", "number")):
            yield f"{place} is no {kind} but {str(value)[:60]!r}"
        elif "enum" in schema and value not in schema["enum"]:
            yield f"{place} is {value!r}"
        elif schema.get("format") == "date-time" and not TIME.fullmatch(value):
            yield f"{place} is no time but {value!r}"
        elif kind == "array":
            for index, element in enumerate(value):
                yield from self._faults(schema["items"], element, f"{place}[{index}]")
        elif kind == "object":
            yield from self._member_faults(schema, value, place)

    def _member_faults(self, schema, members, place):
        properties = schema.get("properties", {})
        for name in schema.get("required", []):
            if name not in members:
                yield f"{place}.{name} is missing"
        for name, value in members.items():
            if name in properties:
                yield from self._faults(properties[name], value, f"{place}.{name}")
            elif "additionalProperties" in schema:
                yield from self._faults(schema["additionalProperties"], value, f"{place}.{name}")
            else:
                yield f"{place}.{name} is not described"
