"""Values that break servers, and requests built of them. All of it follows from a seed."""

import json
import random
import re
import time

import requests

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
    "a/" * 5000,
    "*" * 300,
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
    "9999-12-31T23:59:59.999999+00:00",
    "9999-99-99T99:99:99",
    "o9223372036854775807",
    "0-2147483646",
]
NUMBERS = [
    *[0, -1, 1, 0.5, -0.0, 2**31, -(2**31) - 1, 2**53, 2**63 - 1, 2**63, -(2**63), 2**63 - 1024, 2**64, 10**30],
    *[1e308, -1e308, float("inf"), float("nan"), 253402300800000, -62135596800001],
]
OTHERS = [None, True, False, [], {}, [None], [[[[]]]], {"": None}, {"$ref": "x"}, ["a", 1, {}], ["a"] * 3000]
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
    b'{"task":' * 90 + b"1" + b"}" * 90,
    b'{"task":' * 190 + b"1" + b"}" * 190,
    b"[" * 190 + b"]" * 190,
    b"task=1&task=2&%00=%ff&[]=1",
]
# What no answer may tell of how the server is made and where it lives. No hostile value has it.
LEAKS = re.compile(
    r"Stint[A-Z]|Swift|GRDB|sqlite|SQLITE|SQL error|syntax error|no such column|constraint failed|Optional\(|\bNIO[A-Z]"
    r"|DecodingError|CodingKey|\.swift|Foundation|/data/|stint\.sqlite"
)
# A call that waits on request is let wait no longer than this.
LONGEST_WAIT = 100
WRONG = {
    "string": [{"a": 1}, 17],
    "integer": ["nonsense", [1]],
    "number": ["nonsense", {}],
    "boolean": ["maybe", 17],
    "array": [{"a": 1}],
    "object": ["nonsense", 17],
}


class Hostile:
    """Requests for the endpoints of a description that are almost right."""

    def __init__(self, description, seed, known):
        """`known` has identifiers that exist, by what they are: without them most calls end at the first look-up."""
        self._description = description
        self._known = known
        self._random = random.Random(seed)

    def value(self):
        kind = self._random.choice([TEXTS, TEXTS, NUMBERS, OTHERS])
        return self._random.choice(kind)

    def requests(self, name, count):
        """Some requests for each property that is made wrong, then `count` random ones."""
        schema = self._description.request(name)
        properties = schema.get("properties", {})
        for field in properties:
            for values in (TEXTS, NUMBERS, OTHERS):
                yield self._tamed({**self.right(schema), field: self._random.choice(values)})
                yield self._tamed({**self.right(schema), field: self._fit(properties[field], self._random.choice(values))})
        for _ in range(count):
            request = self.right(schema, depth=3)
            for field in properties or ["a", "task", "ids"]:
                if self._random.random() < 0.3:
                    request[field] = self.value()
            yield self._tamed(request)

    def wrong_types(self, name):
        """`(field, request)`: requests that are right but for one field, whose value is of another type."""
        schema = self._description.request(name)
        for field, wanted in schema.get("properties", {}).items():
            if any("type" in option and option["type"] != "null" for option in wanted.get("anyOf", [])[1:]):
                continue
            wanted = self._description.resolve(wanted)
            for value in ["no such choice"] if "enum" in wanted else WRONG.get(wanted.get("type"), []):
                yield field, {**self.right(schema, depth=0), field: value}

    def right(self, schema, depth=1, name=""):
        """A value that fits, with what is optional left out at random."""
        schema = self._description.resolve(schema)
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
                return [self.right(schema["items"], depth - 1, name)]
            case "object":
                required = schema.get("required", [])
                return {
                    name: self.right(inner, depth - 1, name)
                    for name, inner in schema.get("properties", {}).items()
                    if name in required or (depth > 0 and self._random.random() < 0.4)
                }
        return self._random.choice([None, "text", 1, {}])

    def _fit(self, schema, value):
        """`value` where the schema's own shape has its leaves."""
        schema = self._description.resolve(schema)
        if schema.get("type") == "array":
            return [self._fit(schema["items"], value)]
        if schema.get("type") == "object":
            if "properties" in schema:
                return {name: self._fit(inner, value) for name, inner in schema["properties"].items()}
            return {str(value)[:200]: self._fit(schema.get("additionalProperties") or {}, value)}
        return value

    @staticmethod
    def _tamed(request):
        wait = request.get("wait_ms")
        if isinstance(wait, (int, float)) and wait > LONGEST_WAIT:
            request["wait_ms"] = LONGEST_WAIT
        return request


class Fuzzer:
    """Sends to one server, and keeps what it should not have answered."""

    def __init__(self, api, deadline):
        self._api = api
        self._token = api.token
        self._deadline = deadline
        self.faults = []
        self.sent = 0

    def send(self, name, body, content_type="application/json", expect=None):
        """The answer's `meta`, where it is of the protocol. `expect` is a function of it that says what is wrong."""
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": content_type}
        self.sent += 1
        began = time.monotonic()
        try:
            answer = requests.post(f"{self._api.url}/{name}", data=body, headers=headers, timeout=self._deadline)
            if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/"):
                # A file, which has no envelope.
                return None
            meta = answer.json()["meta"]
        except requests.Timeout:
            return self._note(name, body, f"no answer after {time.monotonic() - began:.0f} s")
        except (requests.RequestException, ValueError, KeyError) as error:
            return self._note(name, body, f"no envelope: {error!r}")
        code, message = meta["result_code"], meta["result_msg"]
        if answer.status_code >= 500 or code != answer.status_code:
            self._note(name, body, f"{answer.status_code} {message}")
        elif leak := LEAKS.search(message) or LEAKS.search(json.dumps(meta["error_data"])):
            self._note(name, body, f"tells of {leak[0]!r}: {message}")
        elif len(message) > 2000:
            self._note(name, body, f"a message of {len(message)} characters: {message[:100]}")
        elif expect and (fault := expect(meta)):
            self._note(name, body, f"{fault}: {code} {message}")
        return meta

    def _note(self, name, body, fault):
        self.faults.append(f"{name}: {fault[:600]}\n    {body[:300]}")

    def check(self):
        assert not self.faults, f"{len(self.faults)} of {self.sent}:\n" + "\n".join(self.faults[:200])
