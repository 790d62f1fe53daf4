"""The client of one Drover API."""
from __future__ import annotations

import builtins
import codecs
import json
import os
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast
from urllib.parse import quote

from ._streams import follow_events, read_bytes
from ._transport import Answer, Query, Transport
from .api_types import (
    Agent,
    Artifact,
    Cause,
    Explanation,
    Job,
    JobCount,
    JobDetail,
    JobState,
    Queue,
    Result,
    SubmitJob,
)
from .errors import ApiError, DroverError, WaitTimeoutError

Stream = Literal["stdout", "stderr"]
Command = str | Sequence[str]
#: Characters of each text of a result at most.
MOST_OUTPUT = 1024**2


@dataclass(frozen=True)
class LogPiece:
    """A piece of a job's output, as its agent has read it."""

    stream: Stream
    data: bytes
    #: The same as text. A character that the next piece completes is in the text of that one.
    text: str
    #: The place of the first byte in its stream.
    offset: int
    #: The execution that wrote it: a retry is a new one, whose offsets begin at 0.
    execution: str
    #: Give it as `start` to go on behind this piece.
    id: str


@dataclass(frozen=True)
class RunResult:
    """The end of a job that was run."""

    #: The exit code of the command; None: it was ended by a signal, or never started.
    exit_code: int | None
    state: JobState
    #: The cause in one word; None: it succeeded.
    cause: Cause | None
    #: Both streams in the order in which they were seen, of the last execution.
    output: str
    stdout: str
    stderr: str
    #: True: the beginning of a text was left out.
    truncated: bool
    job: Job


@dataclass
class _Tail:
    """The end of a text."""

    most: int
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    lost: bool = False

    def add(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)
        # Put together only now and then, so that a long output costs no more than its length.
        if self.length > 2 * self.most:
            self.pieces = [self.text()]
            self.length = self.most
            self.lost = True

    def text(self) -> str:
        whole = "".join(self.pieces)
        return whole[len(whole) - self.most :] if len(whole) > self.most else whole


class Client:
    """
    A client of one Drover API. It keeps no connection open between calls, and several threads may use it.

    `url` and `token` are DROVER_API_URL and DROVER_TOKEN where they are not given. `login` is a client id and its key,
    in place of a token. `answer_s` is the longest wait for the beginning of an answer, `away_s` how long a request is
    tried again where nobody answers, `busy_s` where the API says that it is busy (429, 503).
    """

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        *,
        login: tuple[str, str] | None = None,
        answer_s: float = 30.0,
        away_s: float = 60.0,
        busy_s: float = 60.0,
    ) -> None:
        address = url or os.environ.get("DROVER_API_URL") or "http://127.0.0.1:8080"
        given = None if login is not None else (token or os.environ.get("DROVER_TOKEN") or None)
        self._transport = Transport(address, given, login, answer_s, away_s, busy_s)
        self.url = self._transport.url

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Calls any route, e.g. `request("GET", "/api/v1/limits")`, and gives its JSON. Raises ApiError."""
        return self._transport.send(method, path, query=query, body=body, headers=headers).json()

    def submit(self, command: Command | None = None, *, idempotency_key: str | None = None, **job: Any) -> JobDetail:
        """
        Submits a job; however often it has to be sent, it becomes one job. `job` has the other fields of a submit
        (`queue`, `image`, `env`, `limits` …, see api_types.SubmitJob).
        """
        body = dict(job)
        if command is not None:
            body["command"] = command if isinstance(command, str) else list(command)
        headers = {"idempotency-key": idempotency_key or str(uuid.uuid4())}
        return cast(JobDetail, self.request("POST", "/api/v1/jobs", body=body, headers=headers))

    def submit_all(self, jobs: Sequence[SubmitJob], *, idempotency_key: str | None = None) -> builtins.list[str]:
        """Submits up to 10,000 jobs, all or none, and gives their ids in the same order."""
        headers = {"idempotency-key": idempotency_key or str(uuid.uuid4())}
        body = {"jobs": list(jobs)}
        return cast("list[str]", self.request("POST", "/api/v1/jobs/batch", body=body, headers=headers)["ids"])

    def get(self, job_id: str) -> JobDetail:
        """Shows a job."""
        return cast(JobDetail, self.request("GET", _job(job_id)))

    def list(self, *, limit: int | None = None, page_size: int = 100, **filters: Any) -> Iterator[Job]:
        """
        Lists jobs, newest first, and asks for page after page as they are read. Filters are those of the API: `state`,
        `queue`, `tag`, `owner`, `name`, `created_after` …
        """
        left = limit
        cursor: str | None = None
        while left is None or left > 0:
            size = page_size if left is None else min(page_size, left)
            page = self.request("GET", "/api/v1/jobs", query={**filters, "limit": size, "cursor": cursor})
            yield from cast("list[Job]", page["jobs"])
            if left is not None:
                left -= len(page["jobs"])
            cursor = page["next"]
            if cursor is None:
                return

    def count(self, **filters: Any) -> JobCount:
        """Counts jobs; `exact` is False where there are at least so many."""
        return cast(JobCount, self.request("GET", "/api/v1/jobs/count", query=filters))

    def cancel(self, job_id: str, reason: str | None = None) -> JobDetail:
        """Cancels a job. One that runs is `cancelling` until its processes are gone."""
        body = {} if reason is None else {"reason": reason}
        return cast(JobDetail, self.request("POST", f"{_job(job_id)}/cancel", body=body))

    def retry(self, job_id: str) -> JobDetail:
        """Runs a job that has ended again, as its next attempt."""
        return cast(JobDetail, self.request("POST", f"{_job(job_id)}/retry"))

    def delete(self, job_id: str) -> None:
        """Deletes a job that has ended, with its output and artifacts."""
        self.request("DELETE", _job(job_id))

    def explain(self, job_id: str) -> Explanation:
        """Says why a job waits, when it starts, or why it ended as it did."""
        return cast(Explanation, self.request("GET", f"{_job(job_id)}/explain"))

    def result(self, job_id: str) -> Result:
        """Shows how a job has ended. Raises ApiError with the status 409 before that."""
        return cast(Result, self.request("GET", f"{_job(job_id)}/result"))

    def wait(self, job_id: str, timeout: float | None = None) -> Job:
        """Waits until a job has ended, whatever the connection does meanwhile. `timeout` is in seconds."""
        deadline = None if timeout is None else time.monotonic() + timeout
        try:
            for event in follow_events(self._transport, f"{_job(job_id)}/events", deadline=deadline):
                if event.event == "end":
                    return _existing(job_id, _decode(event.data)["job"])
            return cast(Job, self.get(job_id))
        except (TimeoutError, DroverError) as error:
            if deadline is None or time.monotonic() <= deadline or isinstance(error, ApiError):
                raise
            raise WaitTimeoutError(job_id, timeout or 0.0) from None

    def logs(
        self,
        job_id: str,
        *,
        follow: bool = False,
        stream: Stream | None = None,
        tail: int | None = None,
        start: str | int | None = None,
        on_lost: Callable[[], None] | None = None,
    ) -> Iterator[LogPiece]:
        """
        Reads the output of a job, piece by piece. Lost connections are made again, and no byte is lost or doubled.
        With `follow` it goes on until the job has ended; else it ends with what is stored, stdout first. `start` is
        a byte to begin at (needs `stream`), or with `follow` the `id` of the last piece that was read.
        """
        if isinstance(start, int) and stream is None:
            raise DroverError(f"start: {start} is a byte, and each stream counts its own.", "Give stream, too.")
        if isinstance(start, str) and not follow:
            raise DroverError("start: the id of a piece needs follow=True.", "Give a byte.")
        if follow:
            yield from self._follow(job_id, stream, tail, start, on_lost, None)
            return
        both: tuple[Stream, ...] = ("stdout", "stderr")
        for one in both if stream is None else (stream,):
            yield from self._stored(job_id, one, tail, start if isinstance(start, int) else 0)

    def run(
        self,
        command: Command,
        *,
        on_output: Callable[[LogPiece], None] | None = None,
        timeout: float | None = None,
        when_left: Literal["cancel", "go on"] = "cancel",
        most_output: int = MOST_OUTPUT,
        **job: Any,
    ) -> RunResult:
        """
        Runs a command as a job, and stays with it to its end. A command that fails is a result, no error. When the call
        is left by `timeout` (seconds), by Ctrl-C or by an error of `on_output`, the job is cancelled unless `when_left`
        is `go on`.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        job_id = self.submit(command, **job)["id"]
        tails = {name: _Tail(most_output) for name in ("output", "stdout", "stderr")}
        execution = ""
        ended: builtins.list[Job | None] = []
        try:
            for piece in self._follow(job_id, None, None, None, None, deadline, ended):
                if piece.execution != execution:
                    execution = piece.execution
                    tails = {name: _Tail(most_output) for name in tails}
                tails["output"].add(piece.text)
                tails[piece.stream].add(piece.text)
                if on_output is not None:
                    on_output(piece)
        except BaseException as error:
            if when_left == "cancel" and not isinstance(error, ApiError):
                try:
                    self.cancel(job_id, "its client has left")
                except DroverError:
                    # The first error is the one that counts.
                    pass
            if isinstance(error, TimeoutError) and deadline is not None and time.monotonic() > deadline:
                raise WaitTimeoutError(job_id, timeout or 0.0) from None
            raise
        last = _existing(job_id, ended[0] if ended else None)
        return RunResult(
            exit_code=None if last["exit_code"] is None else int(last["exit_code"]),
            state=last["state"],
            cause=last["cause"],
            output=tails["output"].text(),
            stdout=tails["stdout"].text(),
            stderr=tails["stderr"].text(),
            truncated=tails["output"].lost or tails["output"].length > most_output,
            job=last,
        )

    def artifacts(self, job_id: str) -> builtins.list[Artifact]:
        """Lists the files that a job left."""
        return cast("list[Artifact]", self.request("GET", f"{_job(job_id)}/artifacts")["artifacts"])

    def download(self, job_id: str, path: str) -> Iterator[bytes]:
        """Downloads a file that a job left, over lost connections. It raises when the file becomes another one."""
        tag: builtins.list[str | None] = []

        def open_at(taken: int) -> Answer:
            headers = {} if taken == 0 else {"range": f"bytes={taken}-"}
            answer = self._transport.send("GET", f"{_job(job_id)}/artifacts/{quote(path)}", headers=headers)
            if 200 <= answer.status < 300:
                if taken > 0 and (answer.status != 206 or answer.header("etag") not in tag):
                    answer.close()
                    raise DroverError(f"{path} of job {job_id} has become another file.", "Download it anew.")
                tag[:] = [answer.header("etag")]
            return answer

        return read_bytes(open_at)

    def queues(self) -> builtins.list[Queue]:
        """Lists queues with their counts."""
        return cast("list[Queue]", self.request("GET", "/api/v1/queues")["queues"])

    def queue(self, name: str) -> Queue:
        """Shows a queue. Raises ApiError with the status 404 for a name that nothing has used."""
        return cast(Queue, self.request("GET", f"/api/v1/queues/{quote(name, safe='')}"))

    def pause(self, queue: str, reason: str | None = None) -> Queue:
        """Lets no job of a queue start until it is resumed."""
        body = {} if reason is None else {"reason": reason}
        return cast(Queue, self.request("POST", f"/api/v1/queues/{quote(queue, safe='')}/pause", body=body))

    def resume(self, queue: str) -> Queue:
        """Lets the jobs of a paused queue start again."""
        return cast(Queue, self.request("POST", f"/api/v1/queues/{quote(queue, safe='')}/resume"))

    def agents(self, queue: str | None = None) -> builtins.list[Agent]:
        """Lists agents, or those that serve a queue."""
        return cast("list[Agent]", self.request("GET", "/api/v1/agents", query={"queue": queue})["agents"])

    def agent(self, name: str) -> Agent:
        """Shows an agent."""
        return cast(Agent, self.request("GET", _agent(name)))

    def drain(self, agent: str) -> Agent:
        """Gives an agent no more jobs; what runs there goes on."""
        return cast(Agent, self.request("POST", f"{_agent(agent)}/drain"))

    def undrain(self, agent: str) -> Agent:
        """Gives a drained agent jobs again."""
        return cast(Agent, self.request("POST", f"{_agent(agent)}/undrain"))

    def _follow(
        self,
        job_id: str,
        stream: Stream | None,
        tail: int | None,
        start: str | int | None,
        on_lost: Callable[[], None] | None,
        deadline: float | None,
        ended: builtins.list[Job | None] | None = None,
    ) -> Iterator[LogPiece]:
        decoders = {name: codecs.getincrementaldecoder("utf-8")("replace") for name in ("stdout", "stderr")}
        events = follow_events(
            self._transport,
            f"{_job(job_id)}/logs",
            query={"follow": True, "stream": stream},
            first={"tail": tail, "offset": start if isinstance(start, int) else None},
            last_id=start if isinstance(start, str) else None,
            deadline=deadline,
            on_lost=on_lost,
        )
        for event in events:
            if event.event == "end":
                if ended is not None:
                    ended.append(_decode(event.data)["job"])
                return
            if event.event != "log" or event.id is None:
                continue
            said = _decode(event.data)
            text = said.get("text")
            data = text.encode() if isinstance(text, str) else codecs.decode(said["base64"].encode(), "base64")
            decoded = decoders[said["stream"]].decode(data)
            yield LogPiece(said["stream"], data, decoded, said["offset"], event.id.partition(".")[0], event.id)
        # 204: the end was seen before the connection broke.
        if ended is not None:
            ended.append(cast(Job, self.get(job_id)))

    def _stored(self, job_id: str, stream: Stream, tail: int | None, start: int) -> Iterator[LogPiece]:
        execution: str | None = None
        base = start

        def open_at(taken: int) -> Answer:
            nonlocal execution, base
            # A retry of the job begins a new log: what is left is read of the one that was begun.
            place: dict[str, int] = {"tail": tail} if taken == 0 and tail is not None else {"offset": base + taken}
            query: Query = {"stream": stream, "execution": execution, **place}
            answer = self._transport.send("GET", f"{_job(job_id)}/logs", query=query)
            execution = answer.header("x-drover-execution") or execution
            if taken == 0:
                base = int(answer.header("x-drover-log-offset") or base)
            return answer

        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        offset: int | None = None
        for data in read_bytes(open_at):
            at = base if offset is None else offset
            offset = at + len(data)
            yield LogPiece(stream, data, decoder.decode(data), at, execution or "", f"{execution}.b{offset}")


def _job(job_id: str) -> str:
    return f"/api/v1/jobs/{quote(job_id, safe='')}"


def _agent(name: str) -> str:
    return f"/api/v1/agents/{quote(name, safe='')}"


def _decode(data: str) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(data))


def _existing(job_id: str, job: Job | None) -> Job:
    if job is None:
        raise ApiError(404, "not_found", f"Job {job_id} was deleted.", [], None)
    return job
