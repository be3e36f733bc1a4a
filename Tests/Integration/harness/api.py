"""The protocol as raw HTTP, so that a test sees what the server says and not what a client makes of it."""

import requests


class ApiError(Exception):
    def __init__(self, name, meta):
        super().__init__(f"{name}: {meta['result_code']}/{meta['result_subcode']} {meta['result_msg']}")
        self.code = meta["result_code"]
        self.subcode = meta["result_subcode"]
        self.message = meta["result_msg"]


class Api:
    """Calls one server as one user."""

    def __init__(self, url, key, secret):
        self.url = url.rstrip("/")
        self.key = key
        self.secret = secret
        self._token = None

    @classmethod
    def of_token(cls, url, token):
        """The calls of whom a token is of."""
        api = cls(url, None, None)
        api._token = token
        return api

    @property
    def token(self):
        if self._token is None:
            answer = requests.post(f"{self.url}/auth.login", auth=(self.key, self.secret), json={}, timeout=30)
            self._token = _data("auth.login", answer)["token"]
        return self._token

    @property
    def headers(self):
        return {"Authorization": f"Bearer {self.token}"}

    def call(self, name, /, **request):
        """The answer's `data`; raises `ApiError` for anything but 200."""
        return _data(name, self.send(name, json=request))

    def send(self, name, method="POST", headers=None, **options):
        """The raw answer."""
        headers = {**self.headers, **(headers or {})}
        return requests.request(method, f"{self.url}/{name}", headers=headers, timeout=60, **options)

    def send_lines(self, name, lines):
        """Several requests in one, as JSON lines."""
        headers = {"Content-Type": "application/json-lines"}
        return _data(name, self.send(name, headers=headers, data="\n".join(lines).encode()))


def _data(name, answer):
    body = answer.json()
    meta = body["meta"]
    assert meta["result_code"] == answer.status_code, f"{name}: HTTP {answer.status_code} but {meta}"
    if answer.status_code != 200:
        raise ApiError(name, meta)
    return body["data"]
