"""What schemathesis lacks to speak the protocol. It loads this module by the variable `SCHEMATHESIS_HOOKS`."""

import json

import schemathesis

from harness.hostile import LONGEST_WAIT


@schemathesis.serializer("application/json-lines")
def json_lines(_context, value):
    """A batch: one JSON text a line."""
    lines = value if isinstance(value, list) else [value]
    return "\n".join(json.dumps(line) for line in lines).encode()


@schemathesis.hook
def before_call(_context, case, _kwargs):
    """A call that waits on request does not wait for long."""
    if isinstance(case.body, dict) and isinstance(case.body.get("wait_ms"), (int, float)):
        case.body["wait_ms"] = min(case.body["wait_ms"], LONGEST_WAIT)
