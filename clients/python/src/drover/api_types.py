# Generated from /docs-json by `npm run gen`. Do not edit.
"""The objects of the API, as they stand in JSON."""
from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict, Union

# The kinds of requests it may send (docs/security.md, "Roles").
Ability = Literal["read", "submit", "agent", "operate", "admin"]

# Why it takes no work although it is online. Null: it takes work.
AgentBlock = Literal["disk_full"]

AgentState = Literal["online", "draining", "offline"]

# The reason why it is inactive: as in a firing.
AlarmEnd = Literal["cleared", "gone", "changed", "deleted"]

# The meaning of an entry without the metric: ok = no alarm (as Prometheus), alarm, keep = as it was. Default
# ok.
AlarmNoData = Literal["ok", "alarm", "keep"]

# samples: the use that was read while the job ran. counters: what it pushed meanwhile. profile: these are gone,
# or the metric has none; the value at its end.
BacktestEvidence = Literal["samples", "counters", "profile"]

# cancel and retry as for one job; priority and tags change jobs as they are.
BulkActionKind = Literal["cancel", "retry", "priority", "tag", "untag"]

# running: it goes on. done: every job was looked at. cancelled: it was stopped. failed: `problem` says why.
BulkState = Literal["running", "done", "cancelled", "failed"]

Cause = Literal["exit_code", "signal", "timeout", "silence", "output_limit", "oom", "cancelled", "agent_lost", "disk_full", "spawn_error", "expired", "dependency_failed", "refused"]

DeliveryKind = Literal["webhook", "mail"]

# `dropped`: the job was deleted before the delivery.
DeliveryState = Literal["pending", "delivered", "failed", "dropped"]

ExecutionState = Literal["claimed", "running", "ended"]

# well: from 20 runs or more, on workers that serve this queue alone. roughly: from fewer, or others share the
# workers. unknown: there is no base.
ForecastSureness = Literal["well", "roughly", "unknown"]

# open: a node may use it.
InvitationState = Literal["open", "used", "revoked", "expired"]

# The state of the job now.
JobState = Literal["scheduled", "queued", "claimed", "running", "cancelling", "succeeded", "failed", "cancelled", "expired"]

# quota: dropped, the project may keep no more. lost: the agent went away. incomplete: the agent wrote other
# bytes.
LogGapReason = Literal["quota", "lost", "incomplete"]

LogSearchPreset = Literal["errors"]

# waiting: the job has not run. live: more may come. complete, incomplete: the execution has ended.
LogState = Literal["waiting", "live", "complete", "incomplete"]

# accepted: until it is in its queue. queued: until a node takes it. claimed: until its process runs.
# first_output: from then until its first byte. running: from then until its exit. result: until its end is in
# the record.
PhaseName = Literal["accepted", "queued", "claimed", "first_output", "running", "result"]

Role = Literal["viewer", "submitter", "agent", "operator", "admin"]

Stream = Literal["stdout", "stderr"]

# The form of a webhook. json: the message itself. cloudevents: a CloudEvent 1.0 (structured,
# application/cloudevents+json) with the message as its data. Default: json.
WebhookFormat = Literal["json", "cloudevents"]


class Agent(TypedDict):
    # worker: Drover's own daemon. pull: an HTTP-pull agent of a dialect.
    kind: Literal["worker", "pull"]
    state: AgentState
    # Why it takes no work at the moment, although it is online; null: it takes work. disk_full: until there is
    # room on the disk of its data folder.
    blocked_by: AgentBlock | None
    # Processes of its node that ran or wanted to, mean of the last minute; null: not known, or it is offline.
    cpu_load: float | None
    # The disk of its data folder at the last heartbeat; null: not known.
    disk: NodeDisk | None
    # How far the clock of its node is ahead of the API's, milliseconds, measured at each heartbeat; null: not
    # known. Jobs start by the broker's clock.
    clock_skew_ms: int | None
    # The version of the agent protocol that it registered with; null: an HTTP-pull agent of a dialect.
    protocol: int | None
    registered_at: str
    last_seen_at: str
    id: str
    name: str
    queues: list[str]
    slots: float
    slots_free: float
    facts: NodeFacts | None
    # True: its protocol is too old. It gets no new jobs, and finishes those it has; install a newer Drover
    # there.
    too_old: bool


class AgentList(TypedDict):
    # All of them, in the order of their names.
    agents: list[Agent]


class AlarmAction(TypedDict):
    # The form of a webhook. json: the message itself. cloudevents: a CloudEvent 1.0 (structured,
    # application/cloudevents+json) with the message as its data. Default: json.
    format: NotRequired[WebhookFormat]
    # webhook: POST in Alertmanager's format. mail. cancel: ends the job that the alarm is about.
    type: Literal["cancel", "webhook", "mail"]
    # The URL that a webhook is sent to.
    url: NotRequired[str]
    # The addresses that a mail is sent to.
    to: NotRequired[list[str]]


class Alarm(TypedDict):
    # The meaning of an entry without the metric: ok = no alarm (as Prometheus), alarm, keep = as it was.
    # Default ok.
    no_data: NotRequired[AlarmNoData]
    name: str
    # `main`, `Node: <name>`, or the id of a job. One of target, queue and command.
    target: NotRequired[str]
    # Every job of this queue.
    queue: NotRequired[str]
    # Every job with exactly this command line.
    command: NotRequired[str]
    # The metric with its labels, as the counters show it, e.g.
    # `proxy_network_receive_bytes_total{interface="lo"}`; or of a job's process tree `job_cpu_percent` (100 =
    # one core), `job_memory_bytes` or `job_gpu_percent`.
    metric: str
    # Strict; `=` is exactly equal.
    operator: Literal[">", "<", "="]
    threshold: float
    # Once the alarm fires, it fires until the value has passed this one, too.
    clear_threshold: NotRequired[float]
    # Seconds for which the condition has to hold before the alarm fires. Default 0.
    for_s: NotRequired[float]
    # Seconds for which the alarm goes on firing after its condition stopped to hold. Default 0.
    keep_for_s: NotRequired[float]
    # A word of your own; `critical`, `warning` and `info` are usual. Default warning.
    severity: NotRequired[str]
    # Go with every alert.
    labels: NotRequired[dict[str, str]]
    # Texts for people, e.g. `summary`.
    annotations: NotRequired[dict[str, str]]
    # Alerts that agree in these labels are told in one message. Default alertname.
    group_by: NotRequired[list[str]]
    # Seconds after which an alarm that still fires is told again. Default four hours.
    repeat_s: NotRequired[float]
    actions: NotRequired[list[AlarmAction]]
    # false: it is not evaluated. Default true.
    enabled: NotRequired[bool]


class AlarmFiring(TypedDict):
    # The state of the job now.
    job_state: JobState | None
    # cleared: the condition held no more. gone: its job ended or its node left. changed: the alarm was turned
    # off, or looks at something else. deleted: the alarm was. Null: it fires still, or ended before this was
    # written down.
    ended_by: AlarmEnd | None
    id: str
    alarm_id: str
    name: str
    entry: str
    # Null: it was not about a job, or the job has no name or is gone.
    job_name: str | None
    # The value at which it fired.
    value: float | None
    # True: nobody was told when it began.
    silenced: bool
    fired_at: str
    # Null: it fires still.
    ended_at: str | None


class AlarmFiringList(TypedDict):
    firings: list[AlarmFiring]
    # The cursor of the next page. Null: this was the last one.
    next: str | None


class AlarmHistory(TypedDict):
    transitions: list[AlarmTransition]
    # The cursor of the next page. Null: this was the last one.
    next: str | None


class AlarmList(TypedDict):
    alarms: list[AlarmView]


class AlarmState(TypedDict):
    alarm_id: str
    name: str
    entry: str
    # Null: it is not about a job, or the job has no name.
    job_name: str | None
    # pending: the condition holds, but not for long enough yet.
    state: Literal["pending", "firing"]
    severity: str
    metric: str
    # Since when the condition holds.
    active_at: str
    fired_at: str | None
    # The value at its last change of state.
    value: float | None
    # Nobody is told of it until then. Null: it is not silenced.
    silenced_until: str | None


class AlarmStateList(TypedDict):
    states: list[AlarmState]


AlarmTransition = TypedDict("AlarmTransition", {
    # The reason why it is inactive: as in a firing.
    "ended_by": "AlarmEnd | None",
    "id": "str",
    "alarm_id": "str",
    "name": "str",
    "entry": "str",
    "from": "str",
    "to": "str",
    "value": "float | None",
    # True: nobody was told of it.
    "silenced": "bool",
    "at": "str",
})


class AlarmView(TypedDict):
    id: str
    name: str
    target: str | None
    queue: str | None
    command: str | None
    metric: str
    operator: str
    threshold: float
    clear_threshold: float | None
    for_s: float
    keep_for_s: float
    no_data: str
    severity: str
    labels: dict[str, str]
    annotations: dict[str, str]
    group_by: list[str]
    repeat_s: float
    actions: list[AlarmAction]
    enabled: bool
    owner: str
    created_at: str
    updated_at: str
    # When it began to fire last, on any job. Null: it has not, or that is no longer kept.
    last_fired_at: str | None
    # Where it is pending or fires.
    states: list[AlarmState]


class Artifact(TypedDict):
    created_at: str
    # Relative to the job's working directory.
    path: str
    size: float
    # Hex.
    sha256: str
    content_type: str
    execution_id: str | None
    # Where it is downloaded, relative to the API.
    url: str


class ArtifactList(TypedDict):
    artifacts: list[Artifact]


class AttemptPhases(TypedDict):
    state: ExecutionState | None
    cause: Cause | None
    # Null: it waits.
    execution_id: str | None
    attempt: float
    node: str | None
    phases: list[Phase]


class AuditEntry(TypedDict):
    at: str
    # The values that were changed, as they were before. Null: the object was new, or nothing is kept of it.
    before: dict[str, Any] | None
    # The same values after the change. Null: the object is gone, or nothing is kept of it.
    after: dict[str, Any] | None
    id: str
    # The client that made it; `anonymous` where nobody logs in.
    actor: str
    # Its role at that time.
    role: str | None
    # The address it came from.
    address: str | None
    # A word for the change, such as `job.cancel`.
    action: str
    # The kind of object: job, queue, agent, client, secret, alarm, silence, profile, scrape target, project.
    kind: str
    object: str
    project: str


class AuditPage(TypedDict):
    # Newest first.
    entries: list[AuditEntry]
    # Give it as `cursor` for the next page. Null: this was the last.
    next: str | None


class Backtest(TypedDict):
    # The meaning of an entry without the metric: ok = no alarm (as Prometheus), alarm, keep = as it was.
    # Default ok.
    no_data: NotRequired[AlarmNoData]
    # How far to look back, seconds. Default 30 days.
    window_s: NotRequired[float]
    # So many jobs are given with their readings, for a chart. Default 0.
    series: NotRequired[float]
    name: str
    # `main`, `Node: <name>`, or the id of a job. One of target, queue and command.
    target: NotRequired[str]
    # Every job of this queue.
    queue: NotRequired[str]
    # Every job with exactly this command line.
    command: NotRequired[str]
    # The metric with its labels, as the counters show it, e.g.
    # `proxy_network_receive_bytes_total{interface="lo"}`; or of a job's process tree `job_cpu_percent` (100 =
    # one core), `job_memory_bytes` or `job_gpu_percent`.
    metric: str
    # Strict; `=` is exactly equal.
    operator: Literal[">", "<", "="]
    threshold: float
    # Once the alarm fires, it fires until the value has passed this one, too.
    clear_threshold: NotRequired[float]
    # Seconds for which the condition has to hold before the alarm fires. Default 0.
    for_s: NotRequired[float]
    # Seconds for which the alarm goes on firing after its condition stopped to hold. Default 0.
    keep_for_s: NotRequired[float]
    # A word of your own; `critical`, `warning` and `info` are usual. Default warning.
    severity: NotRequired[str]
    # Go with every alert.
    labels: NotRequired[dict[str, str]]
    # Texts for people, e.g. `summary`.
    annotations: NotRequired[dict[str, str]]
    # Alerts that agree in these labels are told in one message. Default alertname.
    group_by: NotRequired[list[str]]
    # Seconds after which an alarm that still fires is told again. Default four hours.
    repeat_s: NotRequired[float]
    actions: NotRequired[list[AlarmAction]]
    # false: it is not evaluated. Default true.
    enabled: NotRequired[bool]


class BacktestFiring(TypedDict):
    # samples: the use that was read while the job ran. counters: what it pushed meanwhile. profile: these are
    # gone, or the metric has none; the value at its end.
    evidence: BacktestEvidence
    # The condition held from here on; the job's start where that is not known.
    active_at: str
    fired_at: str
    # Null: it fires still.
    ended_at: str | None
    # The job's id.
    job: str
    # False: the condition held at some time of the job; it is not known when, nor for how long.
    certain: bool
    # How long it would have fired, or has fired until now; null where that is not known.
    seconds: float | None
    # The value at which it fired; null: it fired because there was none.
    value: float | None
    # Readings around it for a chart, at most about 60.
    points: list[BacktestPoint]


BacktestJob = TypedDict("BacktestJob", {
    "from": "str",
    "to": "str",
    "evidence": "BacktestEvidence",
    # The job's id.
    "job": "str",
    # Null: it has none, or is gone.
    "name": "str | None",
    # Readings of the metric.
    "readings": "float",
    # Null: there is no reading.
    "min": "float | None",
    # Null: there is no reading.
    "max": "float | None",
    # How often it would have fired.
    "fired": "float",
})


class BacktestPoint(TypedDict):
    at: str
    value: float


BacktestResult = TypedDict("BacktestResult", {
    "from": "str",
    "to": "str",
    # Samples of the metric are kept since then. Null: it has none, only what jobs pushed and the values that
    # profiles keep.
    "samples_since": "str | None",
    # How often it would have fired.
    "fired": "float",
    # On how many jobs.
    "fired_jobs": "float",
    # Jobs with the metric that were looked at.
    "jobs": "float",
    # Samples and pushed values that were looked at.
    "readings": "float",
    # The answer in a sentence, and what it does not know.
    "summary": "str",
    # True: there were more jobs (2,000), samples (500,000), firings (500) or time (15 s) than are looked at.
    "truncated": "bool",
    # At most 500.
    "firings": "list[BacktestFiring]",
    # At most 200 jobs; those on which it fired come before others.
    "seen": "list[BacktestJob]",
    # The readings of so many jobs as were asked for, in the order in which they were looked at; jobs on which
    # it fired take the places of others.
    "series": "list[BacktestSeries]",
})


BacktestSeries = TypedDict("BacktestSeries", {
    "evidence": "BacktestEvidence",
    "from": "str",
    # The job's id.
    "job": "str",
    # Null: it has none, or is gone.
    "name": "str | None",
    # How often it would have fired.
    "fired": "float",
    # When each value was read, seconds after `from`.
    "offsets_s": "list[float]",
    "values": "list[float]",
})


class Band(TypedDict):
    p10_s: float | None
    p50_s: float | None
    p90_s: float | None
    # The number of runs it is from: those of the list that succeeded.
    runs: float


class BarJob(TypedDict):
    # The state of the job by now.
    state: JobState
    id: str
    execution_id: str
    name: str | None
    owner: str
    queue: str
    attempt: float
    # The exit code of the execution.
    exit_code: float | None


class BatchAccepted(TypedDict):
    # The jobs in the order of the request.
    ids: list[str]
    count: float


class BulkAction(TypedDict):
    action: BulkActionKind
    # running: it goes on. done: every job was looked at. cancelled: it was stopped. failed: `problem` says why.
    state: BulkState
    created_at: str
    finished_at: str | None
    id: str
    problem: str | None
    owner: str
    project: str
    # The jobs that there were when it was asked for.
    matched: float
    # False: there were at least so many.
    matched_exact: bool
    # Jobs that were changed.
    done: float
    # Jobs that were left as they were.
    skipped: float
    # Why they were, by reason.
    reasons: list[Skipped]


class BulkActionList(TypedDict):
    # Newest first.
    actions: list[BulkAction]
    # Give it as `cursor` for the next page. Null: this was the last.
    next: str | None


class BulkPreview(TypedDict):
    count: float
    # False: there are at least so many.
    exact: bool
    # Up to three of them: the newest, or the first of `ids`.
    examples: list[Job]


class BulkRequest(TypedDict):
    # cancel and retry as for one job; priority and tags change jobs as they are.
    action: BulkActionKind
    # The tags that are given or taken away.
    tags: NotRequired[list[str]]
    # The jobs, by the filters of the list. Without `state` a cancel means jobs that have not ended, a retry
    # those that failed, expired or were cancelled, a priority those that wait.
    filter: NotRequired[JobFilter]
    # The jobs, by their ids: 1 to 10,000. Give these or a filter.
    ids: NotRequired[list[str]]
    # Why, for a cancel.
    reason: NotRequired[str]
    # The new priority; higher runs first.
    priority: NotRequired[float]


class CancelJob(TypedDict):
    # Why; it is kept as the job's `cause_detail`.
    reason: NotRequired[str]


class Child(TypedDict):
    state: JobState
    cause: Cause | None
    id: str
    name: str | None
    exit_code: float | None
    node: str | None


class ChildList(TypedDict):
    # Newest first.
    children: list[Child]
    # The cursor of the next page. Null: this was the last.
    next: str | None


Comparison = TypedDict("Comparison", {
    "job": "ProfileHead",
    # The jobs it is compared with: one, or those whose median is meant.
    "with": "list[str]",
    # The other job. Null: it is compared with a median.
    "other": "ProfileHead | None",
    # The last other runs of the job's command, newest first: `low` and `high` are theirs.
    "runs": "list[str]",
    "figures": "list[Figure]",
})


class CounterList(TypedDict):
    # By name; the first 40 of a reading are kept. Of readings of different ones, the 100 that were told last.
    series: list[CounterSeries]
    # Oldest first.
    readings: list[CounterReading]


class CounterReading(TypedDict):
    at: str
    # A value for each series, in their order. Null: it was not told by then.
    values: list[float | None]


class CounterSeries(TypedDict):
    # counter: a running total. gauge: a level.
    type: Literal["counter", "gauge"]
    # Its name with its labels.
    name: str


class Cron(TypedDict):
    # Five fields, or six with seconds first.
    pattern: str
    # IANA name, e.g. Europe/Berlin.
    timezone: str


Curve = TypedDict("Curve", {
    # The job's values: the means of each step. Null: there is no reading.
    "job": "list[float | None]",
    # The other job's, or the median of the `runs`.
    "with": "list[float | None]",
    # The least of the `runs`.
    "low": "list[float | None]",
    # The most of the `runs`.
    "high": "list[float | None]",
    # cpu_percent, memory_bytes, read_bytes_per_second, write_bytes_per_second, gpu_percent, gpu_memory_bytes,
    # or the name of a series that the job pushed (the first 16 by name).
    "name": "str",
    "unit": "Literal[\"seconds\", \"bytes\", \"percent\", None]",
    # True: the values are the growth a second of a running total.
    "per_second": "bool",
})


class Curves(TypedDict):
    # Seconds a step: at least 1, and so many that there are at most 200 steps.
    step_s: float
    # The other runs of the job's command of which there are readings, newest first.
    runs: list[str]
    # Empty where no readings are kept: of jobs of metric clients, or of runs that are too long ago.
    curves: list[Curve]


class Delivery(TypedDict):
    kind: DeliveryKind
    # `dropped`: the job was deleted before the delivery.
    state: DeliveryState
    created_at: str
    # The time of the next try. Null: there will be no other one.
    next_at: str | None
    done_at: str | None
    id: str
    # The state that the delivery reports; for jobs of other APIs, the state in their words.
    event: str
    # URL or mail address.
    target: str
    tries: float
    max_tries: float
    # Oldest first.
    log: list[DeliveryTry]


class DeliveryList(TypedDict):
    # Oldest first, at most 500.
    deliveries: list[Delivery]


class DeliveryTry(TypedDict):
    at: str
    took_ms: float
    # HTTP status, or the code of the mail server. Null: there was no answer.
    status: float | None
    error: str | None
    # Names of the headers that were answered, or of those that were sent if there was no answer. Values may be
    # secrets and are not kept.
    headers: list[str]
    # The body that was answered, or the one that was sent if there was no answer. At most 4 KiB.
    body: str


class Enrol(TypedDict):
    # The name of the node, unique among the agents of this broker.
    name: str
    # True: says what the node would get, and gives no key; the invitation stays open.
    check: NotRequired[bool]
    # The token of the invitation.
    token: str


class EnrolledNode(TypedDict):
    # Its labels
    labels: dict[str, str]
    enrolled_at: str
    name: str
    queues: list[str]
    slots: float | None
    ticket_login: bool
    # The id of the invitation with which it came.
    invitation: str


class EnrolledNodeList(TypedDict):
    # By name, at most 1,000.
    nodes: list[EnrolledNode]


class Enrolment(TypedDict):
    # Its labels
    labels: dict[str, str]
    server_time: str
    # The name of the node.
    node: str
    # The key with which its worker registers (DROVER_ENROLMENT_TOKEN of the worker). It is shown this once.
    # Null: it was only asked what the node would get.
    key: str | None
    # The only queues that it may serve.
    queues: list[str]
    # Its slots at most. Null: as many as it likes.
    slots: float | None
    # The place of the tickets. Null: its jobs come over the API alone, and it needs to reach nothing else.
    tickets: TicketStore | None
    # The version of the API.
    version: str


class Execution(TypedDict):
    state: ExecutionState
    cause: Cause | None
    claimed_at: str
    spawned_at: str | None
    first_byte_at: str | None
    exited_at: str | None
    finished_at: str | None
    id: str
    job_id: str
    # Counts the claims of the job, from 1.
    epoch: float
    attempt: float
    node: str
    phase: str | None
    cause_detail: str | None
    exit_code: float | None
    signal: str | None
    pid: float | None
    container_id: str | None
    # Stored bytes.
    stdout_bytes: float
    stderr_bytes: float
    # Hex, as the agent reported it at the end.
    stdout_sha256: str | None
    stderr_sha256: str | None
    # Every byte the agent says the job wrote is stored. Null until the end.
    log_complete: bool | None
    # Bytes of output that were not kept because the quota of the project was used up.
    log_dropped: float


class ExecutionList(TypedDict):
    # Oldest first.
    executions: list[Execution]


class Explanation(TypedDict):
    state: JobState
    # When it will start. Null: it does not wait.
    start: StartForecast | None
    job_id: str
    # One sentence.
    summary: str
    # The reasons why it waits, the most important first.
    reasons: list[Reason]


class FailureGroup(TypedDict):
    cause: Cause | None
    # The reason in one sentence.
    sentence: str
    exit_code: float | None
    count: float
    # Up to five of their queues, the one with the most failures first.
    queues: list[str]
    # One of the jobs.
    job_id: str
    # The filter of a list in which they are; jobs with another sentence of the same cause are there, too.
    filter: JobFilter


class Family(TypedDict):
    # Children by state; states without one are absent.
    counts: dict[str, int]
    # The id of the parent.
    parent: str
    # The name of the parent. Null: it has none, or is not in the record any more.
    name: str | None
    total: float
    # False: there are more than 10,000, and `counts` are those of the newest 10,000.
    exact: bool


class FamilyList(TypedDict):
    # In the order that was asked for. Jobs without children are left out.
    families: list[Family]


class FieldFault(TypedDict):
    # The value, if it is short.
    value: NotRequired[str | float | bool | None]
    # Path in the body or query, e.g. `retry.max`. Empty: the whole.
    field: str
    # The fault, and the value that would be right.
    message: str


Figure = TypedDict("Figure", {
    "name": "str",
    # The value it is compared with.
    "with": "float | None",
    "job": "float | None",
    # job / with; null where one of them is missing, or `with` is 0.
    "ratio": "float | None",
    # The least of the `runs`; null: none of them has it.
    "low": "float | None",
    # The most of the `runs`.
    "high": "float | None",
    # The unit, where the name of the figure tells it.
    "unit": "Literal[\"seconds\", \"bytes\", \"percent\", None]",
    # Less of it is better, such as of time, memory and errors; null: nobody can say.
    "better": "Literal[\"less\", None]",
})


class FilterValue(TypedDict):
    # A text that a filter takes; an exit code is one, too.
    value: str
    # How many of the jobs that were looked at have it.
    jobs: float


class FilterValueList(TypedDict):
    # The values of the most jobs come first.
    values: list[FilterValue]


class Gpu(TypedDict):
    index: float
    name: str
    uuid: str


class Invitation(TypedDict):
    # open: a node may use it.
    state: InvitationState
    # The labels of the node
    labels: dict[str, str]
    created_at: str
    expires_at: str
    used_at: str | None
    id: str
    # The only queues that the node may serve.
    queues: list[str]
    # Slots of the node at most. Null: as many as it likes.
    slots: float | None
    # The node gets a login to the ticket store.
    ticket_login: bool
    # The client that made it.
    created_by: str
    # The name of the node that used it.
    used_by: str | None
    # The address that node came from.
    used_from: str | None


class InvitationList(TypedDict):
    # The newest first, at most 1,000. Those that have ended are kept for 30 days.
    invitations: list[Invitation]


class InviteNode(TypedDict):
    # The only queues that the node may serve. Default: `default`.
    queues: NotRequired[list[str]]
    # The labels of the node, for placement. It bears these and no others.
    labels: NotRequired[dict[str, str]]
    # Slots of the node at most. Null: as many as it likes.
    slots: NotRequired[int | None]
    # Seconds until nobody can use it any more: from a minute to a week. Default: an hour.
    expires_s: NotRequired[int]
    # True: the node gets a login to the ticket store, which it then has to reach (docs/security.md says what
    # the login reaches). Default: its jobs come over the API alone.
    ticket_login: NotRequired[bool]


class JobCount(TypedDict):
    count: float
    # False: there are at least so many. It was not counted further: the bound of 100,000 was reached, or 0.3 s
    # were over.
    exact: bool


class JobDetail(TypedDict):
    # The command as it was given: a text for the shell or a list. Null: there is nothing for a worker to run.
    command: str | list[str] | None
    state: JobState
    # Why it did not succeed: one word of a closed list.
    cause: Cause | None
    metadata: dict[str, Any]
    created_at: str
    # The job does not start before this time.
    start_at: str | None
    # The job has to start before this time. Null: none was asked for, or the job has met it and waits again
    # after it ran.
    expires_at: str | None
    queued_at: str | None
    claimed_at: str | None
    started_at: str | None
    finished_at: str | None
    cancel_requested_at: str | None
    # Values under names that look like secrets are `***`.
    env: dict[str, str]
    payload: dict[str, Any]
    # Null also for whoever does not own the job.
    stdin: str | None
    webhooks: list[ShownWebhook]
    # Whether the job's own folder stays on the node after the end.
    keep_workdir: bool
    id: str
    queue: str
    name: str | None
    image: str | None
    # The same as a sentence.
    cause_detail: str | None
    exit_code: float | None
    # The signal that ended it, e.g. SIGKILL.
    signal: str | None
    owner: str
    # The project whose members may see it.
    project: str
    # The API through which it came.
    dialect: str
    # Higher runs first.
    priority: float
    # Counted from 1; retries by the policy and by hand count.
    attempt: float
    # Executions that ended with the loss of their node.
    losses: float
    # The node that runs or ran it.
    node: str | None
    # Its present or last execution.
    execution_id: str | None
    # The cron job of which it is a tick.
    parent_id: str | None
    depends_on: list[str]
    tags: list[str]
    cron: Cron | None
    workdir: str | None
    resources: Resources
    limits: Limits
    retry: Retry | None
    artifacts: list[str]
    cancel_reason: str | None
    # Whether it is kept, with all that belongs to it, however old it is.
    pinned: bool


class Job(TypedDict):
    # The command as it was given: a text for the shell or a list. Null: there is nothing for a worker to run.
    command: str | list[str] | None
    state: JobState
    # Why it did not succeed: one word of a closed list.
    cause: Cause | None
    metadata: dict[str, Any]
    created_at: str
    # The job does not start before this time.
    start_at: str | None
    # The job has to start before this time. Null: none was asked for, or the job has met it and waits again
    # after it ran.
    expires_at: str | None
    queued_at: str | None
    claimed_at: str | None
    started_at: str | None
    finished_at: str | None
    cancel_requested_at: str | None
    id: str
    queue: str
    name: str | None
    image: str | None
    # The same as a sentence.
    cause_detail: str | None
    exit_code: float | None
    # The signal that ended it, e.g. SIGKILL.
    signal: str | None
    owner: str
    # The project whose members may see it.
    project: str
    # The API through which it came.
    dialect: str
    # Higher runs first.
    priority: float
    # Counted from 1; retries by the policy and by hand count.
    attempt: float
    # Executions that ended with the loss of their node.
    losses: float
    # The node that runs or ran it.
    node: str | None
    # Its present or last execution.
    execution_id: str | None
    # The cron job of which it is a tick.
    parent_id: str | None
    depends_on: list[str]
    tags: list[str]
    cron: Cron | None
    workdir: str | None
    resources: Resources
    limits: Limits
    retry: Retry | None
    artifacts: list[str]
    cancel_reason: str | None
    # Whether it is kept, with all that belongs to it, however old it is.
    pinned: bool


class JobFilter(TypedDict):
    # Jobs in one of these states; in a query comma-separated or repeated.
    state: NotRequired[list[JobState]]
    # Jobs that ended for one of these causes; in a query comma-separated or repeated.
    cause: NotRequired[list[Cause]]
    queue: NotRequired[str]
    # Jobs that run or ran on this node.
    node: NotRequired[str]
    owner: NotRequired[str]
    # Jobs with all of these tags; in a query comma-separated or repeated.
    tag: NotRequired[list[str]]
    # Jobs that ended with this exit code.
    exit: NotRequired[float]
    # Jobs that came through this API: `native`, or the name of a dialect.
    dialect: NotRequired[str]
    # Jobs of exactly this name.
    name: NotRequired[str]
    # Children of this job: ticks of a cron job, and jobs that were submitted with it as `parent_id`.
    parent: NotRequired[str]
    # Created at this time or later: a time with its zone, or how long ago it was (`90s`, `15m`, `2h`, `7d`,
    # `4w`).
    created_after: NotRequired[str]
    # Created before this time; written like `created_after`.
    created_before: NotRequired[str]
    # The last attempt began at this time or later; written like `created_after`.
    started_after: NotRequired[str]
    # The last attempt began before this time; written like `created_after`.
    started_before: NotRequired[str]
    # Ended at this time or later; written like `created_after`.
    finished_after: NotRequired[str]
    # Ended before this time; written like `created_after`.
    finished_before: NotRequired[str]
    # Part of the id, the name or the command.
    q: NotRequired[str]


class JobList(TypedDict):
    # Newest first.
    jobs: list[Job]
    # Give it as `cursor` for the next page. Null: this was the last.
    next: str | None


class Limits(TypedDict):
    # Seconds from the start of the process until it is ended with cause `timeout`.
    runtime_s: NotRequired[float]
    # Longest time without a byte of output, seconds; then cause `silence`.
    silence_s: NotRequired[float]
    # Bytes of both streams together; then cause `output_limit`.
    output_bytes: NotRequired[float]
    # Seconds from TERM to KILL. Default 10.
    grace_s: NotRequired[float]


class LimitsView(TypedDict):
    # Bytes of the body of one request with JSON, at most.
    body_bytes: float
    # Bytes of the body of a batch, at most.
    batch_body_bytes: float
    batch_jobs: float
    queue_name_length: float
    name_length: float
    command_bytes: float
    stdin_bytes: float
    env_bytes: float
    # Payload and metadata together.
    payload_bytes: float
    json_depth: float
    tags: float
    tag_length: float
    depends_on: float
    artifacts: float
    webhooks: float
    priority_min: float
    priority_max: float
    retry_max: float
    page_jobs: float
    # Seconds of silence after which an agent is lost.
    agent_lease_s: float


class LiveCounts(TypedDict):
    scheduled: float
    queued: float
    claimed: float
    running: float
    cancelling: float


class LogGap(TypedDict):
    # Null: it is not known which.
    stream: Stream | None
    # quota: dropped, the project may keep no more. lost: the agent went away. incomplete: the agent wrote other
    # bytes.
    reason: LogGapReason
    # The byte of the stream after the last that is stored; null where the stream is not known.
    offset: float | None
    # Bytes that are missing; null: not known.
    bytes: float | None


class LogIndex(TypedDict):
    state: LogState
    # When its first piece was seen; null while there is none.
    first_at: str | None
    # When its last piece was seen; null while there is none.
    last_at: str | None
    # The execution whose log it is; null while the job has not run.
    execution_id: str | None
    # Lines of the view.
    lines: float
    # Bytes of the view.
    bytes: float
    # Both streams, whichever was asked for.
    streams: list[LogStream]
    # Places about evenly over the bytes, for scroll bars and charts.
    points: list[LogPoint]
    gaps: list[LogGap]


class LogLine(TypedDict):
    # When its first byte was seen, by the agent's clock.
    at: str
    stream: Stream
    # From 1, in the view that was asked for.
    number: float
    # Its first byte in the view that was asked for.
    offset: float
    # Its first byte in its stream, as `GET …/logs?stream=&offset=` counts.
    stream_offset: float
    # Bytes, with the newline.
    bytes: float
    # The line without its newline; of a long one the first 8,192 bytes. Bytes that are no UTF-8 are replaced.
    text: str
    # True: the text is not the whole line.
    cut: bool
    # False: it has no newline yet, and may go on.
    ended: bool


class LogLines(TypedDict):
    # waiting: the job has not run. live: more may come. complete, incomplete: the execution has ended.
    state: LogState
    # The execution whose log it is; null while the job has not run.
    execution_id: str | None
    lines: list[LogLine]
    # The line to go on with (`from`). Null: nothing more is stored.
    next: float | None
    # Lines of the view that are stored.
    total: float


class LogPoint(TypedDict):
    at: str
    # The number of the line with the piece's first byte, from 1.
    line: float
    offset: float


class LogStream(TypedDict):
    stream: Stream
    bytes: float
    lines: float
    # The SHA-256 that the agent reported at the end, hexadecimal; null before.
    sha256: str | None


class LogVerification(TypedDict):
    execution_id: str
    # Every byte the agent says the job wrote is stored. Null before the end.
    complete: bool | None
    # Both streams are intact and match. Null before the end.
    verified: bool | None
    streams: list[StreamVerdict]


class Login(TypedDict):
    # The name of the client.
    client_id: str
    # Its key.
    key: str


LostPeriod = TypedDict("LostPeriod", {
    "from": "str",
    # Null: it takes none still, or nothing is known of its return.
    "to": "str | None",
    "node": "str",
})


class Needs(TypedDict):
    # The most frequent reasons first, at most 20.
    failures: list[FailureGroup]
    # Alarms that fire.
    alarms: list[AlarmState]
    # Nodes that are lost or blocked.
    nodes: list[NodeTrouble]


class NewInvitation(TypedDict):
    # open: a node may use it.
    state: InvitationState
    # The labels of the node
    labels: dict[str, str]
    created_at: str
    expires_at: str
    used_at: str | None
    # For `drover enrol` on the new node. It is shown this once.
    token: str
    # Where nodes and people reach this API (DROVER_PUBLIC_URL). Null: it is not set.
    public_url: str | None
    # The fingerprint of the authority of the API's certificate, for `drover enrol --ca-fingerprint`. Null: the
    # API speaks no TLS, or does not send its authority along.
    ca_fingerprint: str | None
    id: str
    # The only queues that the node may serve.
    queues: list[str]
    # Slots of the node at most. Null: as many as it likes.
    slots: float | None
    # The node gets a login to the ticket store.
    ticket_login: bool
    # The client that made it.
    created_by: str
    # The name of the node that used it.
    used_by: str | None
    # The address that node came from.
    used_from: str | None


class NodeDisk(TypedDict):
    free_bytes: float
    total_bytes: float


class NodeFacts(TypedDict):
    labels: dict[str, str]
    hostname: str
    # The version of the agent program.
    version: str
    os: str
    cpus: float
    memory_mb: float
    gpus: list[Gpu]
    # process, container.
    executors: list[str]
    # Why containers cannot be run there.
    container_problem: NotRequired[str]
    # Why processes are not limited by a cgroup of their own there, and what holds their limits instead.
    cgroup_problem: NotRequired[str]
    # How far jobs that are processes are kept from the node and from each other: none, user, namespace.
    isolation: NotRequired[str]
    # Where the worker serves metrics about itself, `host:port`; absent: nowhere.
    metrics_address: NotRequired[str]


class NodeOverview(TypedDict):
    kind: Literal["worker", "pull"]
    state: AgentState
    # Why it takes no work although it is online. Null: it takes work.
    blocked_by: AgentBlock | None
    # When it was last heard of. Null while it is online.
    last_seen_at: str | None
    name: str
    # True: it is offline, and has not said that it goes.
    lost: bool
    queues: list[str]
    slots: float
    gpus: float
    # The slots that are taken, by their numbers.
    taken: list[TakenSlot]


NodePeriod = TypedDict("NodePeriod", {
    "from": "str",
    # Null: it takes none still, or nothing is known of its return.
    "to": "str | None",
    "node": "str",
})


class NodeTrouble(TypedDict):
    name: str
    # lost, or a word for what blocks it.
    why: str
    # The trouble in one sentence.
    sentence: str


class OverviewChange(TypedDict):
    at: str
    # Queues that are new or have changed.
    queues: list[QueueOverview]
    # Names of queues that are gone.
    queues_gone: list[str]
    # Nodes that are new or have changed.
    nodes: list[NodeOverview]
    # Names of nodes that are gone.
    nodes_gone: list[str]
    # Null: as before.
    needs: Needs | None


class Overview(TypedDict):
    at: str
    # By name.
    queues: list[QueueOverview]
    # By name. Those that have been offline for 7 days are left out.
    nodes: list[NodeOverview]
    needs: Needs


class Pause(TypedDict):
    since: str
    # The client that paused it.
    by: str
    # Why, as that client said it.
    reason: str | None


class PauseQueue(TypedDict):
    # Why, for people who wonder.
    reason: NotRequired[str]


Phase = TypedDict("Phase", {
    # accepted: until it is in its queue. queued: until a node takes it. claimed: until its process runs.
    # first_output: from then until its first byte. running: from then until its exit. result: until its end is
    # in the record.
    "name": "PhaseName",
    # Null: it has not begun, or its begin is not known any more.
    "from": "str | None",
    # Null: it goes on, or it never came.
    "to": "str | None",
    # Its length; null unless both ends are known.
    "seconds": "float | None",
    # The median length of this step in the queue; of running, that of the job's earlier runs of the same
    # command that succeeded. Null: there are none, or the step waits for a time of its own or for other jobs.
    "median_s": "float | None",
})


class PhaseList(TypedDict):
    job_id: str
    # Oldest first.
    attempts: list[AttemptPhases]
    # The number of runs of the queue that the medians are from, 200 at most.
    median_runs: float


class Problem(TypedDict):
    type: str
    title: str
    status: float
    # The cause of the failure, and its remedy.
    detail: str
    # One word, for programs.
    code: str
    errors: NotRequired[list[FieldFault]]


class Profile(TypedDict):
    job: str
    # The name that its client gave the job. Null: none, or the profile is older than names of profiles.
    name: str | None
    command: str
    size: float
    queue: str | None
    owner: str | None
    node: str | None
    # State in which the job ended; null: a job of metric clients or a joined proxy.
    outcome: str | None
    cause: str | None
    exit_code: float | None
    started_at: str | None
    finished_at: str
    summary: ProfileSummary
    metrics: list[ProfileMetric]


class ProfileHead(TypedDict):
    job: str
    # The name that its client gave the job. Null: none, or the profile is older than names of profiles.
    name: str | None
    command: str
    size: float
    queue: str | None
    owner: str | None
    node: str | None
    # State in which the job ended; null: a job of metric clients or a joined proxy.
    outcome: str | None
    cause: str | None
    exit_code: float | None
    started_at: str | None
    finished_at: str
    summary: ProfileSummary


class ProfileList(TypedDict):
    profiles: list[ProfileHead]
    # The cursor of the next page. Null: this was the last one.
    next: str | None


class ProfileMetric(TypedDict):
    name: str
    doc: str
    type: Literal["counter", "gauge"]
    value: float | None
    min: NotRequired[float]
    max: NotRequired[float]
    hits: NotRequired[float]


class ProfileSummary(TypedDict):
    # Seconds from its start to its end.
    wall_s: float | None
    cpu_seconds: float | None
    peak_memory_bytes: float | None
    read_bytes: float | None
    write_bytes: float | None
    samples: SampleDigest | None


class Project(TypedDict):
    # Quotas that were set for this project; the others are those of the settings.
    own: list[Literal["waiting_jobs", "log_bytes", "artifacts", "artifact_bytes", "series"]]
    name: str
    # The use at this moment.
    usage: QuotaValues
    # The most it may have; 0: no limit.
    quotas: QuotaValues


class ProjectList(TypedDict):
    # All of them, in the order of their names.
    projects: list[Project]


class ProjectQuotas(TypedDict):
    # Jobs that have not started
    waiting_jobs: NotRequired[int | None]
    # Bytes of output kept, before compression
    log_bytes: NotRequired[int | None]
    # Artifacts kept
    artifacts: NotRequired[int | None]
    # Bytes of artifacts kept
    artifact_bytes: NotRequired[int | None]
    # Series of metrics that clients tell at the same time
    series: NotRequired[int | None]


class Queue(TypedDict):
    name: str
    # Nothing of it starts.
    paused: bool
    # The pause, with who asked for it and why. Null: it is not paused, or nothing is known.
    pause: Pause | None
    counts: LiveCounts
    # Seconds the oldest queued job has waited; null: none waits.
    oldest_queued_s: float | None
    # Agents online that serve it.
    agents: float
    # Slots of those agents together; they may serve other queues, too.
    slots: float
    slots_free: float
    # The only projects that may submit to it, by name. Empty: every project may.
    projects: list[str]


class QueueList(TypedDict):
    # All of them, in the order of their names.
    queues: list[Queue]


class QueueOverview(TypedDict):
    # When the oldest of the waiting jobs was queued. Null: none waits.
    oldest_queued_at: str | None
    name: str
    paused: bool
    # The pause, with who asked for it and why. Null: it is not paused, or nothing is known.
    pause: Pause | None
    # Jobs that could start now.
    waiting: float
    # Jobs that wait for a time, a retry or other jobs.
    scheduled: float
    # Jobs that a node has, also those that are being cancelled.
    running: float
    # Half of the starts of the last hour came after no longer a wait, in seconds; exact to 15 %. Null: nothing
    # started.
    wait_p50_s: float | None
    # The same of 95 % of the starts.
    wait_p95_s: float | None
    # Starts in the last hour, retries as well.
    started: float
    # Jobs that failed in the last hour.
    failed: float
    # Agents online that serve it.
    agents: float
    # Slots of those agents together; they may serve other queues, too.
    slots: float


class QueueProjects(TypedDict):
    # None: the queue is open to every project again.
    projects: list[str]


class QuotaValues(TypedDict):
    # Jobs that have not started.
    waiting_jobs: float
    # Bytes of output kept, before compression.
    log_bytes: float
    # Artifacts kept.
    artifacts: float
    # Bytes of artifacts kept.
    artifact_bytes: float
    # Series of metrics that clients tell at this time.
    series: float


class Reason(TypedDict):
    # One word, for programs.
    code: str
    # One sentence, for people.
    message: str
    # The remedy, if there is one.
    remedy: str | None


class Resources(TypedDict):
    # Nodes, all at once.
    nodes: NotRequired[float]
    # Processes over all nodes.
    tasks: NotRequired[float]
    # Processors of each task.
    cpus_per_task: NotRequired[float]
    # GPUs of each task.
    gpus_per_task: NotRequired[float]
    # Memory in MiB.
    memory_mb: NotRequired[float]
    # Alone on its node.
    exclusive: NotRequired[bool]


class Result(TypedDict):
    state: JobState
    cause: Cause | None
    started_at: str | None
    finished_at: str | None
    id: str
    cause_detail: str | None
    exit_code: float | None
    signal: str | None
    attempt: float
    node: str | None
    # Seconds between those two.
    duration_s: float | None
    # Null: it never ran.
    execution: Execution | None
    # How many artifacts it left.
    artifacts: float


class Retry(TypedDict):
    # How many attempts may follow the first.
    max: float
    # Seconds before the first retry. Default 1.
    backoff_s: NotRequired[float]
    # Each further wait is this many times longer (at most a day). Default 2.
    factor: NotRequired[float]


class Run(TypedDict):
    state: JobState
    created_at: str
    started_at: str | None
    id: str
    exit_code: float | None
    node: str | None
    # From its start to its end.
    duration_s: float | None
    # The mean of its CPU use; 100 is one core. Null: nothing was read.
    cpu_avg: float | None
    # The most memory that was read, in bytes.
    memory_max: float | None


class RunList(TypedDict):
    # The run before, to compare with: of the same name, or of the same command where the job has no name. Null:
    # there is none.
    previous: JobDetail | None
    next: Job | None
    # The part that the last runs have in common. `command`: the command and the image. `name`: no job of the
    # same command has run before, and these have the same name.
    same: Literal["command", "name"]
    # The last 20 runs before it, newest first.
    last: list[Run]
    band: Band


class SampleDigest(TypedDict):
    samples: float
    cpu_percent_mean: float | None
    cpu_percent_max: float | None
    memory_bytes_mean: float | None


class Sample(TypedDict):
    at: str
    # Null: sent from outside for an observed job.
    execution_id: str | None
    # 100 = one core busy.
    cpu_percent: float | None
    memory_bytes: float | None
    # Running totals.
    read_bytes: float | None
    write_bytes: float | None
    cpu_seconds: float | None
    processes: float | None
    gpu_percent: float | None
    gpu_memory_bytes: float | None


class SampleList(TypedDict):
    # Oldest first.
    samples: list[Sample]


class ScrapeTarget(TypedDict):
    # `host:port`, without http://.
    address: str
    # Seconds between two scrapes. Default DROVER_SCRAPE_PERIOD.
    period_s: NotRequired[float]
    # Scraped only while this job runs, and part of its metrics.
    job: NotRequired[str]
    # Kept when it fails, and tried more and more seldom. Default false: dropped after three failures in a row.
    keep: NotRequired[bool]


class ScrapeTargetList(TypedDict):
    targets: list[ScrapeTargetView]


class ScrapeTargetView(TypedDict):
    id: str
    address: str
    url: str
    # prometheus: an exporter. proxy: another metric proxy, or another Drover.
    kind: Literal["prometheus", "proxy"]
    period_s: float
    job: str | None
    keep: bool
    # unknown: not scraped yet.
    health: Literal["unknown", "up", "down"]
    # Failed scrapes in a row.
    failures: float
    last_error: str | None
    last_scrape_at: str | None
    last_duration_ms: float | None
    # The series that the last scrape gave.
    series: float
    owner: str
    created_at: str


class Session(TypedDict):
    # none: nobody logs in here, and every request may do everything. oauth2: clients log in.
    auth: Literal["none", "oauth2"]
    role: Role | None
    # The kinds of requests it may send (docs/security.md, "Roles").
    abilities: list[Ability]
    # The end of the session. Null: the request came without one.
    expires_at: str | None
    # Null: nobody has logged in.
    client_id: str | None
    # The project that what it makes belongs to.
    project: str | None


class ShownWebhook(TypedDict):
    on: list[JobState]
    format: WebhookFormat
    url: str
    # Whether there is a secret; it is never shown.
    signed: bool


class Silence(TypedDict):
    # All must match.
    matchers: list[SilenceMatcher]
    # Default now.
    starts_at: NotRequired[str]
    ends_at: str
    comment: NotRequired[str]


class SilenceList(TypedDict):
    silences: list[SilenceView]


class SilenceMatcher(TypedDict):
    # Label of an alert: alertname, severity, entry, metric, job, node, queue, command, or one of the alarm's
    # own.
    name: str
    value: str
    # `*` in the value stands for any text. Default false.
    glob: NotRequired[bool]
    # false: all but these. Default true.
    equal: NotRequired[bool]


class SilenceView(TypedDict):
    id: str
    matchers: list[SilenceMatcher]
    starts_at: str
    ends_at: str
    comment: str
    owner: str
    created_at: str


class Skipped(TypedDict):
    # One sentence.
    reason: str
    count: float
    # Ids of up to five of them.
    examples: list[str]


class SlotJob(TypedDict):
    state: JobState
    job_id: str
    execution_id: str
    # The name, or the beginning of the command. Null: neither is known.
    name: str | None
    owner: str
    queue: str


class StartForecast(TypedDict):
    p50_at: str | None
    p90_at: str | None
    # well: from 20 runs or more, on workers that serve this queue alone. roughly: from fewer, or others share
    # the workers. unknown: there is no base.
    sure: ForecastSureness
    # Its place in its queue, from 1. Null: it is in no queue now.
    position: float | None
    # Seconds from now by which half of such jobs start. Null: it is not known.
    p50_s: float | None
    # The same of nine in ten.
    p90_s: float | None
    # Why it is then, and what it is from.
    sentence: str


class StreamVerdict(TypedDict):
    stream: Stream
    # Stored bytes.
    bytes: float
    # The SHA-256 of the stored bytes, hexadecimal.
    sha256: str
    # The hash that the agent reported at the end; null before.
    expected_sha256: str | None
    # No gap, no overlap, every piece readable.
    intact: bool
    # Stored and reported agree; null before the end.
    matches: bool | None
    # The fault, in a sentence.
    problem: NotRequired[str]


class SubmitBatch(TypedDict):
    # 1 to 10,000 jobs. They may depend on each other when you choose their ids.
    jobs: list[SubmitJob]


class SubmitJob(TypedDict):
    # A text is run by `/bin/sh -c`; a list is executed as it is. May be absent only with a `payload`, for an
    # HTTP-pull agent.
    command: NotRequired[str | list[str]]
    # Environment of the job.
    env: NotRequired[dict[str, str]]
    # The job does not start before this time. ISO 8601 with its zone.
    start_at: NotRequired[str]
    # Repeats: each tick makes a child job (its `parent_id` is this one). A text is in UTC.
    cron: NotRequired[str | Cron]
    # Ends as `expired` if it has not started by then. A job that has run has met it: it no longer expires when
    # its node is lost or it is tried again. ISO 8601 with its zone.
    expires_at: NotRequired[str]
    # Yours; Drover only keeps it.
    metadata: NotRequired[dict[str, Any]]
    # Opaque, for HTTP-pull agents.
    payload: NotRequired[dict[str, Any]]
    # Id of your own: a UUID in lower case. Default: made by Drover.
    id: NotRequired[str]
    # The line in which it waits. Default `default`.
    queue: NotRequired[str]
    # A text for people.
    name: NotRequired[str]
    # Runs in a container of this image.
    image: NotRequired[str]
    # Relative to the job's own folder, or absolute. Default: that folder.
    workdir: NotRequired[str]
    # Standard input. Default: nothing.
    stdin: NotRequired[str]
    resources: NotRequired[Resources]
    limits: NotRequired[Limits]
    retry: NotRequired[Retry]
    # Higher runs first. Default 0.
    priority: NotRequired[float]
    # true: it is kept, with all that belongs to it, however old it is.
    pinned: NotRequired[bool]
    # Starts when all of these jobs have succeeded; fails with cause `dependency_failed` if one ends otherwise.
    depends_on: NotRequired[list[str]]
    # The job that this one is a part of: both are shown as a family, and `parent` finds its jobs. It changes
    # neither when the job starts nor what becomes of it. A job that you may not see is one that does not exist.
    parent_id: NotRequired[str]
    # A name to find the job again.
    tags: NotRequired[list[str]]
    # Files to keep: globs relative to the working directory.
    artifacts: NotRequired[list[str]]
    # Keep the job's own folder on the node after the end.
    keep_workdir: NotRequired[bool]
    webhooks: NotRequired[list[Webhook]]


class TakenSlot(TypedDict):
    # Since when it is taken.
    since: str
    # Its number on the node, from 1. It stays the same while the job runs.
    slot: float
    # How many slots the job takes.
    slots: float
    # Null: the job belongs to another project.
    job: SlotJob | None
    # Indexes of the GPUs that the job holds.
    gpus: list[float]


class TargetGroup(TypedDict):
    # Labels for the targets. Those that begin with `__meta_drover_` are there for relabelling.
    labels: dict[str, str]
    # `host:port`.
    targets: list[str]


class TicketStore(TypedDict):
    backend: Literal["redis", "postgres"]
    # Hosts and ports; the login comes with the registration.
    addresses: list[str]


TimelineBar = TypedDict("TimelineBar", {
    # When a node took the job.
    "from": "str",
    # Null: it runs.
    "to": "str | None",
    # When one that runs will end: the median of the runs of its queue that took longer than it has. Null: not
    # known.
    "expected_end": "str | None",
    "node": "str",
    # The lane, from 1: the lowest that was free. Workers do not number their slots, so another period may
    # number them differently.
    "slot": "float",
    # running, succeeded, or the cause of its end.
    "outcome": "str",
    # Null: it belongs to another project.
    "job": "BarJob | None",
})


TimelineBucket = TypedDict("TimelineBucket", {
    "from": "str",
    "to": "str",
    # Their number by outcome: running, succeeded, or a cause.
    "outcomes": "dict[str, int]",
    "node": "str",
    # The time they ran, as a number of slots that were busy all along.
    "busy": "float",
    # True: the numbers are reckoned from the newest 300 of all nodes.
    "estimated": "bool",
})


Timeline = TypedDict("Timeline", {
    "from": "str",
    "to": "str",
    # The executions, oldest first. Null: there are more than 2,000, and `buckets` has them in numbers.
    "bars": "list[TimelineBar] | None",
    # By name: those that are online, and those with something to show.
    "nodes": "list[TimelineNode]",
    # 60 parts of the period, those without an execution left out. Empty where there are bars.
    "buckets": "list[TimelineBucket]",
    # Times in which nodes were lost, up to their next execution.
    "lost": "list[LostPeriod]",
    # Times in which nodes were drained; of each node the last 100.
    "drained": "list[NodePeriod]",
    # Since when nodes are offline that said that they go.
    "offline": "list[NodePeriod]",
})


class TimelineNode(TypedDict):
    name: str
    # Its slots by now; 0: it is not known any more.
    slots: float


class Webhook(TypedDict):
    # States that are told. Default: the four ends.
    on: NotRequired[list[JobState]]
    # json: the message itself. cloudevents: a CloudEvent 1.0 (structured, application/cloudevents+json) with
    # the message as its data. Default: json.
    format: NotRequired[WebhookFormat]
    # http or https.
    url: str
    # Key of the HMAC in the header X-Drover-Signature. Never shown again.
    secret: NotRequired[str]


class WebhookPayload(TypedDict):
    # When it happened.
    at: str
    # The id of the delivery, the same over all its tries.
    id: str
    # `job.<state>`
    event: str
    # The job as it is when the webhook is sent: it may have gone on since.
    job: Job
