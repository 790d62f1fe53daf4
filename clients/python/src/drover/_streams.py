"""Streams of events and of bytes that go on where a connection broke off."""
from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from ._transport import LOST, Answer, Query, Transport, backoff
from .errors import DroverError

#: The API sends something at least each 15 s; a connection silent for longer is dead.
SILENT_S = 45.0
#: How long the API may be away in the middle of a stream.
PATIENCE_S = 300.0
#: Characters of one event at most.
LONGEST_LINE = 32 * 1024**2
#: Connections in a row that bring no byte.
TRIES = 8


class Event(NamedTuple):
    """One event of a stream."""

    id: str | None
    event: str
    data: str


def read_events(answer: Answer, deadline: float | None) -> Iterator[Event]:
    """Reads events until the stream ends. One that is not whole is none."""
    own_id: str | None = None
    event = "message"
    data: list[str] = []
    while True:
        answer.silent_for(SILENT_S if deadline is None else min(SILENT_S, deadline - time.monotonic()))
        line = answer.response.readline(LONGEST_LINE)
        if not line.endswith(b"\n"):
            return
        if deadline is not None and time.monotonic() > deadline:
            raise TimeoutError("the time is over")
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if text == "":
            if data:
                yield Event(own_id, event, "\n".join(data))
            own_id, event, data = None, "message", []
            continue
        name, _, value = text.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            data.append(value)
        elif name == "id":
            own_id = value
        elif name == "event":
            event = value


def follow_events(
    transport: Transport,
    path: str,
    *,
    query: Query | None = None,
    first: Query | None = None,
    last_id: str | None = None,
    deadline: float | None = None,
    on_lost: Callable[[], None] | None = None,
) -> Iterator[Event]:
    """
    Follows events over lost connections and restarts of the API. An event counts as seen when the next one is asked
    for, so none is lost or doubled. It ends when the API says that nothing comes any more.
    """
    reached = False
    away_since: float | None = None
    tries = 0
    while True:
        said: float | None = None
        try:
            headers = {"accept": "text/event-stream"}
            if last_id is not None:
                headers["last-event-id"] = last_id
            asked = {**(query or {}), **(first or {})} if last_id is None else query
            with transport.send("GET", path, query=asked, headers=headers, deadline=deadline) as answer:
                if answer.status == 204:
                    return
                if 400 <= answer.status < 500 and answer.status != 429:
                    raise answer.refusal()
                said = answer.retry_after
                if answer.status == 200:
                    reached = True
                    away_since = None
                    for event in read_events(answer, deadline):
                        if event.event != "trouble":
                            tries = 0
                        yield event
                        last_id = event.id or last_id
        except LOST:
            # The stream is asked for again, below.
            pass
        except DroverError as error:
            # Nobody is there at all: that is said at once. An API that was there comes back.
            if not reached or hasattr(error, "status"):
                raise
        now = time.monotonic()
        if deadline is not None and now > deadline:
            raise TimeoutError("the time is over")
        away_since = away_since or now
        if now - away_since > PATIENCE_S:
            raise DroverError(
                f"The API at {transport.url} has been away for {PATIENCE_S / 60:g} minutes.",
                "What runs there goes on; follow it again when the API is back.",
            )
        if on_lost is not None:
            on_lost()
        time.sleep(backoff(tries) + (said or 0.0))
        tries += 1


def read_bytes(open_at: Callable[[int], Answer]) -> Iterator[bytes]:
    """Reads bytes over lost connections: `open_at` asks for them again, from where they broke off."""
    taken = 0
    tries = 0
    while True:
        try:
            with open_at(taken) as answer:
                if not 200 <= answer.status < 300:
                    raise answer.refusal()
                length = answer.header("content-length")
                end = None if length is None else taken + int(length)
                while part := answer.response.read1(65_536):
                    tries = 0
                    taken += len(part)
                    yield part
                if end is None or taken >= end:
                    return
        except LOST as error:
            if tries >= TRIES:
                raise DroverError(
                    f"The download broke off {TRIES} times in a row after {taken} bytes ({error}).",
                    "Try it again later.",
                ) from error
        if tries >= TRIES:
            said = f"The download broke off {TRIES} times in a row after {taken} bytes."
            raise DroverError(said, "Try it again later.")
        time.sleep(backoff(tries))
        tries += 1
