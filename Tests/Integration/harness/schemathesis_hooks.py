"""What schemathesis lacks to speak the protocol. It loads this module by the variable `SCHEMATHESIS_HOOKS`."""

import json

import schemathesis


@schemathesis.serializer("application/json-lines")
def json_lines(_context, value):
    """A batch: one JSON text a line."""
    lines = value if isinstance(value, list) else [value]
    return "\n".join(json.dumps(line) for line in lines).encode()
