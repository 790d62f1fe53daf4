"""Requests: sent with the login, sent again where that is safe, and never waited for without end."""
from __future__ import annotations

import base64
import email.utils
import http.client
import json
import random
import re
import socket
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any
from urllib.parse import urlencode, urlsplit

from .errors import ApiError, DroverError, UnreachableError

FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 2.0
#: A token that ends within this time is renewed before it is used.
SPARE_S = 30.0
#: Bytes of a JSON answer at most.
MOST_JSON = 256 * 1024**2
#: Requests that say how something is to be: sent twice they do no more than once.
STATES = re.compile(r"/(cancel|pin|unpin|pause|resume|drain|undrain)$")
#: Failures of a connection, and of what it brings.
LOST = (OSError, http.client.HTTPException)

Query = Mapping[str, "str | int | float | bool | list[str] | None"]


def backoff(tries: int) -> float:
    """Seconds before the next try, a random part of them less, so that many clients do not come at once."""
    whole: float = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(tries, 10))
    return whole / 2 + whole / 2 * random.random()


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class Answer:
    """An answer whose body is read piece by piece."""

    def __init__(
        self, connection: http.client.HTTPConnection, sock: socket.socket, response: http.client.HTTPResponse
    ) -> None:
        self._connection = connection
        self._sock = sock
        self.response = response
        self.status = response.status

    def __enter__(self) -> Answer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Gives up what was not read."""
        self.response.close()
        self._connection.close()

    def header(self, name: str) -> str | None:
        return self.response.getheader(name)

    def silent_for(self, seconds: float) -> None:
        """Sets how long reading waits for the next byte."""
        if self._sock.fileno() >= 0:
            self._sock.settimeout(max(0.01, seconds))

    @property
    def retry_after(self) -> float | None:
        """Seconds that `Retry-After` says."""
        said = self.header("retry-after")
        if said is None:
            return None
        if said.isdigit():
            return float(said)
        try:
            return max(0.0, email.utils.parsedate_to_datetime(said).timestamp() - time.time())
        except ValueError:
            return None

    def json(self) -> Any:
        """The whole body. Raises ApiError for a refusal."""
        with self:
            text = self.response.read(MOST_JSON)
        if 200 <= self.status < 300:
            return json.loads(text) if text else None
        raise self.refusal(text)

    def refusal(self, text: bytes | None = None) -> ApiError:
        """The answer as an error."""
        if text is None:
            try:
                text = self.response.read(100_000)
            except LOST:
                text = b""
        try:
            problem = json.loads(text)
        except ValueError:
            problem = None
        if not isinstance(problem, dict):
            problem = {}
        faults = problem.get("errors")
        return ApiError(
            self.status,
            str(problem.get("code", f"http_{self.status}")),
            str(problem.get("detail", f"The API answered {self.status}."))[:2_000],
            [fault for fault in faults if isinstance(fault, dict)] if isinstance(faults, list) else [],
            self.header("x-request-id"),
        )


class Transport:
    """The way to one API."""

    def __init__(
        self,
        url: str,
        token: str | None,
        login: tuple[str, str] | None,
        answer_s: float,
        away_s: float,
        busy_s: float,
    ) -> None:
        self.url = url.rstrip("/")
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise DroverError(f"url: {url} is no address of an API.", "Give one such as http://127.0.0.1:8080.")
        self._parts = parts
        self._token = token
        self._login = login
        self._ends_at = 0.0
        self._answer_s = answer_s
        self._away_s = away_s
        self._busy_s = busy_s

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        deadline: float | None = None,
    ) -> Answer:
        """Sends a request with the login. A token that is over is renewed once."""
        own = dict(headers or {})
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            own["content-type"] = "application/json"
        pairs: list[tuple[str, str]] = []
        for name, given in (query or {}).items():
            values: list[Any] = list(given) if isinstance(given, list) else [given]
            pairs += [(name, _word(value)) for value in values if value is not None]
        target = f"{self._parts.path}{path}" + (f"?{urlencode(pairs)}" if pairs else "")
        if self._login is not None and self._ends_at - SPARE_S < time.monotonic():
            self._log_in()
        answer = self._again(method, target, data, {**own, **self._authorization()}, deadline)
        if answer.status != 401 or self._login is None:
            return answer
        answer.close()
        self._log_in()
        return self._again(method, target, data, {**own, **self._authorization()}, deadline)

    def _authorization(self) -> dict[str, str]:
        return {} if self._token is None else {"authorization": f"Bearer {self._token}"}

    def _log_in(self) -> None:
        client_id, key = self._login or ("", "")
        pair = base64.b64encode(f"{client_id}:{key}".encode()).decode()
        target = f"{self._parts.path}/v1/oauth2/token"
        said = self._again("POST", target, b"", {"authorization": f"Basic {pair}"}, None).json()
        if not isinstance(said, dict) or "access_token" not in said:
            raise DroverError(f"The API at {self.url} answered the login without a token.", "Is it a Drover API?")
        self._token = str(said["access_token"])
        self._ends_at = time.monotonic() + float(said.get("expires_in", 0))

    def _again(
        self, method: str, target: str, data: bytes | None, headers: dict[str, str], deadline: float | None
    ) -> Answer:
        """Sends again where that is safe: see the README, "Retries and time-outs"."""
        repeatable = (
            method in ("GET", "HEAD") or "idempotency-key" in headers or bool(STATES.search(target.partition("?")[0]))
        )
        began = time.monotonic()
        tries = 0
        while True:
            wait = backoff(tries)
            sent = False
            try:
                connection = self._connect(deadline)
                try:
                    connection.connect()
                    sent = True
                    sock = connection.sock
                    connection.request(method, target, body=data, headers=headers)
                    answer = Answer(connection, sock, connection.getresponse())
                except BaseException:
                    connection.close()
                    raise
                said = answer.retry_after
                if not (answer.status == 429 and said is not None) and not (answer.status == 503 and repeatable):
                    return answer
                wait += said or 0.0
                if time.monotonic() - began + wait > self._busy_s:
                    return answer
                answer.close()
            except LOST as error:
                late = deadline is not None and time.monotonic() > deadline
                # A host that no name server knows is a slip of the pen rather than an outage (that is EAI_AGAIN).
                unknown = isinstance(error, socket.gaierror) and error.errno == socket.EAI_NONAME
                if late or unknown or not (repeatable or not sent) or time.monotonic() - began + wait > self._away_s:
                    raise UnreachableError(self.url, str(error) or type(error).__name__) from error
            if deadline is not None:
                wait = min(wait, max(0.0, deadline - time.monotonic()))
            time.sleep(wait)
            tries += 1

    def _connect(self, deadline: float | None) -> http.client.HTTPConnection:
        timeout = self._answer_s if deadline is None else max(0.05, min(self._answer_s, deadline - time.monotonic()))
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=timeout)
        return http.client.HTTPConnection(host, port, timeout=timeout)
