"""Values that break servers, and requests built of them. All of it follows from a seed."""

import random

TEXTS = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "\u202e\ufeff\U0001f4a9",
    "\ud800",
    "'; DROP TABLE tasks; --",
    "\" OR 1=1 --",
    "') UNION SELECT * FROM users; --",
    "%' ESCAPE '",
    "$.a[#-1]",
    "a.b..c",
    ".",
    "*",
    "__$not",
    "-",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "NaN",
    "1e400",
    "9" * 400,
    "x" * 100_000,
    "(a+)+$",
    "(a|a)*b",
    "(" * 300,
    "[" * 20,
    "a{1,99999}{1,99999}",
    "((((.*)*)*)*)*x",
    "(?=a)\\1",
    "0001-01-01T00:00:00",
    "9999-99-99T99:99:99",
]
NUMBERS = [0, -1, 1, 0.5, -0.0, 2**31, -(2**31) - 1, 2**63 - 1, 2**63, -(2**63), 2**64, 10**30, 1e308, -1e308]
OTHERS = [None, True, False, [], {}, [None], [[[[]]]], {"": None}, {"$ref": "x"}, ["a", 1, {}]]
# As text, since Python would not write them.
RAW = [
    b"",
    b"null",
    b"[]",
    b'"text"',
    b"17",
    b"{",
    b'{"task": ',
    b'{"task": NaN}',
    b'{"task": 1e999999}',
    b'{"task": ' + b"9" * 5000 + b"}",
    b'{"a":1,"a":2}',
    b'{"task": "\xff\xfe"}',
    b'{"task": "\xed\xa0\x80"}',
    b'{"task": "\\ud800"}',
    b'{"task": "\\u0000"}',
    b"\x00" * 64,
    b"\xef\xbb\xbf{}",
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b'{"task":' * 150 + b"1" + b"}" * 150,
    b"[" * 190 + b"]" * 190,
    b"task=1&task=2&%00=%ff&[]=1",
]


class Hostile:
    """Requests for the operations of an OpenAPI document that are almost right."""

    def __init__(self, document, seed, known):
        """`known` has identifiers that exist, by what they are: without them most calls end at the first look-up."""
        self._schemas = document["components"]["schemas"]
        self._known = known
        self._random = random.Random(seed)

    def value(self):
        kind = self._random.choice([TEXTS, TEXTS, NUMBERS, OTHERS])
        return self._random.choice(kind)

    def requests(self, schema, count):
        """One request for each property that is made wrong, then `count` random ones."""
        properties = self._resolve(schema).get("properties", {})
        for name in properties:
            for values in (TEXTS, NUMBERS, OTHERS):
                yield {**self._right(schema), name: self._random.choice(values)}
                yield {**self._right(schema), name: self._fit(properties[name], self._random.choice(values))}
        for _ in range(count):
            request = self._right(schema, depth=3)
            for name in properties or ["a", "task", "ids"]:
                if self._random.random() < 0.3:
                    request[name] = self.value()
            yield request

    def _resolve(self, schema):
        if "$ref" in schema:
            return self._schemas[schema["$ref"].rpartition("/")[2]]
        if "anyOf" in schema:
            return self._resolve(schema["anyOf"][0])
        return schema

    def _fit(self, schema, value):
        """`value` where the schema's own shape has its leaves."""
        schema = self._resolve(schema)
        if schema.get("type") == "array":
            return [self._fit(schema["items"], value)]
        if schema.get("type") == "object":
            if "properties" in schema:
                return {name: self._fit(inner, value) for name, inner in schema["properties"].items()}
            return {str(value)[:200]: self._fit(schema.get("additionalProperties") or {}, value)}
        return value

    def _right(self, schema, depth=1, name=""):
        """A value that fits, with what is optional left out at random."""
        schema = self._resolve(schema)
        if "enum" in schema:
            return self._random.choice(schema["enum"])
        match schema.get("type"):
            case "string":
                return self._known.get(name.removesuffix("s"), "text")
            case "integer" | "number":
                return self._random.choice([0, 1, 5])
            case "boolean":
                return self._random.random() < 0.5
            case "array":
                return [self._right(schema["items"], depth - 1, name)]
            case "object":
                required = schema.get("required", [])
                return {
                    name: self._right(inner, depth - 1, name)
                    for name, inner in schema.get("properties", {}).items()
                    if name in required or (depth > 0 and self._random.random() < 0.4)
                }
        return self._random.choice([None, "text", 1, {}])
