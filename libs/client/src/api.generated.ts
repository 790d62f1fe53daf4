// Generated from /docs-json by `npm run gen`. Do not edit.
export interface paths {
    "/api/v1/alarms/silences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists silences, also those of the last week that are over
         * @description Each with its matchers, its end and who made it.
         */
        get: operations["listSilences"];
        put?: never;
        /**
         * Silences alarms for a time: they are recorded, but not told, and cancel nothing
         * @description Matchers are those of Alertmanager: label, value, glob, equal. All of them have to fit.
         */
        post: operations["createSilence"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms/silences/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Ends a silence; what fires is told then
         * @description A silence that is over already stays as it is.
         */
        delete: operations["endSilence"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms/backtest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Says when an alarm would have fired in the past
         * @description The rule is tried with the evaluation of the live alarms on every job it looks at that runs, or ended in the window. `job_cpu_percent`, `job_memory_bytes` and `job_gpu_percent` have samples, as far back as these are kept. Of all other metrics, and of jobs whose samples are gone, profiles keep the value at the end (of the three: the peak). Such a firing is not `certain`. `main` and nodes leave nothing behind.
         */
        post: operations["backtestAlarm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists all alarms, with where they are pending or fire
         * @description Each entry that an alarm is about has a state of its own: pending, then firing.
         */
        get: operations["listAlarms"];
        put?: never;
        /**
         * Adds an alarm
         * @description It is evaluated by the broker each second. A second one of the same name on the same target is refused: the first stays.
         */
        post: operations["createAlarm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms/active": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the alarms that are pending or firing
         * @description The entries, with the value they have now and since when.
         */
        get: operations["listActiveAlarms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists every change of state, the newest first
         * @description Give `next` of the answer as `cursor` for the next page.
         */
        get: operations["listAlarmHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms/firings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists for what times alarms fired, the newest first
         * @description Each with the job it was about and how it ended. A client sees the firings on jobs of its own project.
         */
        get: operations["listAlarmFirings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows an alarm
         * @description The rule, and the entries where it is pending or fires.
         */
        get: operations["getAlarm"];
        /**
         * Replaces an alarm; where it is pending or fires it goes on doing so if the new condition holds
         * @description The body is a whole rule, as for a new one. The name stays unique.
         */
        put: operations["replaceAlarm"];
        post?: never;
        /**
         * Deletes an alarm; its history stays
         * @description A firing of the alarm ends without a notice.
         */
        delete: operations["deleteAlarm"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists what remains of finished jobs, the newest first
         * @description A filter by anything but command and queue looks at 20,000 profiles a page: a page may then hold fewer than asked for, or none, while `next` leads on.
         */
        get: operations["listProfiles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/profiles/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compares a job with another, or with the median of the last ones of its command
         * @description Figure by figure, the summary's first, each with its ratio and the range of the last runs of the command.
         */
        get: operations["compareProfiles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/profiles/curves": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows what a job used over time, beside another job or the median of the last ones of its command
         * @description Times count from the start of each job. A step has the mean of its first 10 readings. Readings are kept for `DROVER_RETENTION_SAMPLES`.
         */
        get: operations["compareCurves"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/profiles/{job}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows the profile of a job; a job id with a slash in it is percent-encoded
         * @description The figures of its run and the last value of each of its metrics.
         */
        get: operations["getProfile"];
        put?: never;
        post?: never;
        /**
         * Deletes the profile of a job
         * @description The job itself stays.
         */
        delete: operations["deleteProfile"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/scrape-targets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists what is scraped, with its health
         * @description The health of the last try, its duration, and how many series it gave.
         */
        get: operations["listScrapeTargets"];
        put?: never;
        /**
         * Adds a target
         * @description It has to answer now. A known address gets the new settings and keeps what it has counted. A refusal names the field and what would be right.
         */
        post: operations["createScrapeTarget"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/scrape-targets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a target
         * @description The health of the last try, its duration, and how many series it gave.
         */
        get: operations["getScrapeTarget"];
        put?: never;
        post?: never;
        /**
         * Stops scraping a target; what it gave stays in the sums
         * @description A target that was joined through the metric proxy goes as well.
         */
        delete: operations["deleteScrapeTarget"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sd/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists where Prometheus finds the metrics of nodes
         * @description One group for each worker that is not offline, at most 10,000. A worker that serves metrics itself (`DROVER_WORKER_METRICS`) is its own target, `__meta_drover_via="worker"`; the counters of any other node are read from this API, `__meta_drover_via="api"`. Labels: `node`, and `__meta_drover_` with `node`, `state`, `version`, `slots`, `queues` (commas around each), `label_<name>`.
         *
         *     Open to all where `DROVER_AUTH_OPEN` names `metrics`.
         */
        get: operations["discoverNodes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sd/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists where Prometheus finds the metrics of jobs that run
         * @description One group for each scrape target that names a job, while the job runs and the caller may see both, at most 10,000. Labels: `job_id`, and `__meta_drover_` with `job_id`, `job_name`, `queue`, `project`, `node`, `attempt`, `tags` (commas around each).
         *
         *     Open to all where `DROVER_AUTH_OPEN` names `metrics`.
         */
        get: operations["discoverJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows queues, nodes and what waits for somebody
         * @description Counts and names of jobs are those of the client's own project; slots that jobs of other projects take are shown without them.
         */
        get: operations["getOverview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/overview/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follows the overview
         * @description Server-sent events without end: first `snapshot` with everything (OverviewDto), then `change` with the parts that are new (OverviewChangeDto), at most one a second, none while nothing changes. A client that comes back gets a snapshot. `trouble` says that the overview cannot be made for a while.
         *
         *     Follow it with `curl -N -H 'Accept: text/event-stream' 'http://127.0.0.1:8080/api/v1/overview/stream'`, or with an `EventSource` in a browser.
         */
        get: operations["followOverview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows what ran where and when
         * @description Executions as bars on the slots of nodes, with the expected ends of those that run; of long periods numbers in 60 parts. Of executions that began before the period the last 6,000 are looked at. Jobs of other projects are bars without a name.
         */
        get: operations["getTimeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists bulk actions, newest first
         * @description They are kept for a week. Give `next` of the answer as `cursor` for the next page.
         */
        get: operations["listBulkActions"];
        put?: never;
        /**
         * Changes many jobs, by a filter or by their ids
         * @description The server works it off in batches, also when an API process dies meanwhile; `Location` says where its progress is shown. Only jobs that exist by now are changed, each at most once, and only where the client may change it: others are counted as skipped, with the reason. With an `Idempotency-Key` the same request may be sent again: the same key and body give the action of then (200), the same key with another body is refused (422).
         */
        post: operations["createBulkAction"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/actions/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Shows the jobs that a bulk action would be about
         * @description Takes the same body, and changes nothing.
         */
        post: operations["previewBulkAction"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/actions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows how far a bulk action has got
         * @description How many jobs it was about, how many were changed, and why others were skipped.
         */
        get: operations["getBulkAction"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/actions/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stops a bulk action
         * @description It ends behind its present batch of up to 500 jobs. What is changed stays changed.
         */
        post: operations["cancelBulkAction"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/families": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Counts the children of jobs by state
         * @description Children are the ticks of a cron job, and jobs that were submitted with a `parent_id`. Exact up to 10,000 of each parent.
         */
        get: operations["listFamilies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/children": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the children of a job, newest first
         * @description In few words, for a map of thousands; the list of jobs with `parent` has them whole.
         */
        get: operations["listChildren"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/filter-values": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists values that a filter of jobs may ask for
         * @description Owners, tags, exit codes, dialects or names of the newest 20,000 jobs that the client may see, for the completion of a filter. States and causes are closed lists of this document; queues and nodes have lists of their own.
         */
        get: operations["listFilterValues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists jobs, newest first
         * @description All filters have to fit. Give `next` of the answer as `cursor` for the next page; jobs that come meanwhile do not shift it. With `q` a page holds what is found among the next 10,000 jobs or more, with `cause`, `exit`, `dialect` or a time of the start or end among the next 2,000 or more: it may be short or empty, and `next` goes on.
         */
        get: operations["listJobs"];
        put?: never;
        /**
         * Submits a job
         * @description When the answer arrives, the job is in the record and will run, whatever happens to the queue. With an `Idempotency-Key` the same request may be sent again: the same key and body give the same job (200), the same key with another body is refused (422).
         */
        post: operations["submitJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Submits up to 10,000 jobs at once, all or none
         * @description Faults name the job by its place: `jobs.17.priority`. With an `Idempotency-Key` the same batch may be sent again: the same key and body give the ids of then (200), the same key with another body is refused (422). An id of your own that exists already is refused (409).
         */
        post: operations["submitJobs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Counts jobs
         * @description Takes the filters of the list. Exact up to 100,000 jobs, and for 0.3 s; beyond that `exact` is false and `count` says how many there are at least. Without filters but `state` it is always exact.
         */
        get: operations["countJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a job
         * @description With its environment and its webhooks, without their secrets. Values of variables that look like secrets are hidden from those who do not own the job.
         */
        get: operations["getJob"];
        put?: never;
        post?: never;
        /**
         * Deletes a job that has ended
         * @description With its executions, logs, samples and artifacts. A live one is refused (409): cancel it first.
         */
        delete: operations["deleteJob"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancels a job
         * @description One that waits ends at once. One that runs becomes `cancelling`: its processes get TERM, after the grace KILL; it is `cancelled` when they are gone.
         */
        post: operations["cancelJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/pin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Keeps a job, however old it is
         * @description With its executions, output, artifacts, events and profile: no retention deletes them.
         */
        post: operations["pinJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/unpin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lets a pinned job go when it has had its time
         * @description From then on retention counts from its end as for any other.
         */
        post: operations["unpinJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Runs an ended job again, as its next attempt
         * @description Its id stays, `attempt` grows by 1. A job that has not ended is refused (409): cancel it first, or wait.
         */
        post: operations["retryJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/executions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the executions of a job, oldest first
         * @description An execution is one claim of the job by an agent: retries and lost nodes make more than one.
         */
        get: operations["listExecutions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/result": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows how a job ended
         * @description Before its end this is 409; follow `…/events` or `…/logs?follow=true` to know when it has come.
         */
        get: operations["getResult"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Explains why a job is not running yet, or why it ended as it did
         * @description A paused queue, no agent that serves it, busy slots, a time to come, dependencies, a missing container engine. `start` says when it will start, by the run times of its queue, the slots, and what comes before it.
         */
        get: operations["explainJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/phases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows the steps of each attempt
         * @description Accepted, queued, claimed, first output, running, result, each with its median in the queue; running with that of the earlier runs of the same command. After a retry, accepted begins with the retry.
         */
        get: operations["getPhases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows the runs of the same work before and after a job
         * @description The previous one and the next one have the same name; a job without a name goes by its command. The last 20 with what they took are of the same command and image, or of the same name where no such job has run. All are of the same project. A run is found by its command once it has ended.
         */
        get: operations["getRuns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows what a job used: readings of its whole process tree, oldest first
         * @description CPU, memory, GPU, disk and network, about every five seconds. Ranges by `from` and `to`.
         */
        get: operations["getJobMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/counters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows the counters and gauges that a job pushed, over time
         * @description Read every 5 s while it runs, and once more when it has ended. Of a long job the older readings are thinned. The first 40 series by name are kept.
         */
        get: operations["getJobCounters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the webhooks and mails about a job, with every try
         * @description Kept for 30 days after they are done. Whoever does not own the job sees only the origin of a webhook's URL.
         */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Reads or follows the output of a job
         * @description Without `follow` the bytes as they are stored: one stream (whole, from `offset`, a `Range`) or both as they were seen, or the last lines (`tail`). Whole logs travel as gzip to clients that accept it. With `follow=true` server-sent events until the job has ended: `execution`, `log` (`{stream, offset, sequence, at}` and `text`, or `base64` where the bytes are no valid UTF-8) and `end`; each `log` has an id to go on after it (Last-Event-ID). With `Accept: text/plain` the bytes themselves as they come.
         *
         *     Follow it with `curl -N -H 'Accept: text/event-stream' 'http://127.0.0.1:8080/api/v1/jobs/0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55/logs?follow=true'`, or with an `EventSource` in a browser.
         */
        get: operations["getLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/logs/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Checks the stored log against what the agent said
         * @description Reads every stored byte again, recomputes size and SHA-256 of each stream, and compares them with the agent's.
         */
        get: operations["verifyLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/logs/lines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Reads lines of a log by number, byte or time
         * @description From a line on (`from`; below 0 from the end), from the line that holds a byte (`offset`), or from the first line of a time (`at`). It takes as long for the last line of 1 GB as for the first. A line ends with its newline; in the view of both streams also where the other stream begins, so that each line is of one stream.
         */
        get: operations["getLogLines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/logs/index": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows how many lines a log has, and where they are
         * @description Totals of lines and bytes, both streams with the digest that the agent reported, places about evenly over the bytes (line, byte and time) for scroll bars and charts, and where output is missing.
         */
        get: operations["getLogIndex"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/logs/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Searches the whole log of a job as a stream
         * @description Server-sent events: `hit` and `context` (lines around hits, each once: `{number, at, stream, offset, stream_offset, text, cut, skipped, ranges}`, ranges as JavaScript counts characters of `text`), `progress` four times a second (`{bytes, of_bytes, hits, next}`), and `end` with `reason`: `end` (all was searched), `limit`, or `time` (60 s of searching; go on with `from=` its `next`). `damaged` names a piece that cannot be read. Each event has an id to go on after it (Last-Event-ID). At most 2 searches of a client at once.
         *
         *     Follow it with `curl -N -H 'Accept: text/event-stream' 'http://127.0.0.1:8080/api/v1/jobs/0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55/logs/search?follow=true'`, or with an `EventSource` in a browser.
         */
        get: operations["searchLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/artifacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the files a job left, by path
         * @description The files that fit its `artifacts` patterns, with size and SHA-256.
         */
        get: operations["listArtifacts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/artifacts/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Downloads a file, whole or a range of its bytes
         * @description It is always sent as an attachment, with its SHA-256 as its ETag.
         */
        get: operations["downloadArtifact"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follows everything that happens to jobs
         * @description Server-sent events in one order for everybody, without gaps: a client that was away goes on with Last-Event-ID, at whichever replica. An id of before the record was restored from a backup means nothing any more: then an event `restart` comes first, and after it all events that are kept.
         *
         *     Follow it with `curl -N -H 'Accept: text/event-stream' 'http://127.0.0.1:8080/api/v1/events'`, or with an `EventSource` in a browser.
         */
        get: operations["followEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follows what happens to one job, from its beginning to its end
         * @description Replays its events, then follows; a last event `end` carries the job. `restart`: as for all events.
         *
         *     Follow it with `curl -N -H 'Accept: text/event-stream' 'http://127.0.0.1:8080/api/v1/jobs/0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55/events'`, or with an `EventSource` in a browser.
         */
        get: operations["followJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the queues that a job, an agent or a setting names
         * @description With their live counts, whether they are paused and by whom.
         */
        get: operations["listQueues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a queue
         * @description A queue exists as soon as anything names it; a name that nothing has used is 404.
         */
        get: operations["getQueue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues/{name}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pauses a queue
         * @description Nothing of it starts until it is resumed; what runs goes on. The reason is shown with the queue.
         */
        post: operations["pauseQueue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resumes a paused queue
         * @description Waiting jobs are dispatched at once. A queue that is not paused stays as it is.
         */
        post: operations["resumeQueue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues/{name}/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Reserves a queue for projects, or opens it again
         * @description Clients of other projects can no longer submit to it. What waits in it already stays. An HTTP-pull agent serves it only as a member of one of these projects, or where the queue is among its allowed queues.
         */
        put: operations["reserveQueue"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists agents, by name
         * @description Workers, and agents that ask over the HTTP of a dialect, also those that are offline.
         */
        get: operations["listAgents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows an agent
         * @description Its facts (CPUs, memory, GPUs, disk), slots, queues, and why it takes no work if it takes none.
         */
        get: operations["getAgent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents/{name}/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Drains an agent: it takes no more jobs and finishes those it has
         * @description One that is offline is refused (409): start it first.
         */
        post: operations["drainAgent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents/{name}/undrain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lets a draining agent take jobs again
         * @description An agent that does not drain stays as it is.
         */
        post: operations["undrainAgent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/nodes/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists invitations, the newest first
         * @description Open ones, and those that were used, were revoked or have expired within 30 days; never their tokens.
         */
        get: operations["listInvitations"];
        put?: never;
        /**
         * Invites a new node
         * @description Gives the token with which one machine enrols itself (`drover enrol`) as a node for these queues, with these labels, once and before it expires. The token is shown this once; the record keeps its hash.
         */
        post: operations["inviteNode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/nodes/invitations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revokes an invitation
         * @description Nobody can use it any more. One that a node has used is refused (409): revoke the node.
         */
        delete: operations["revokeInvitation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/nodes/enrol": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enrols a new node with its invitation
         * @description Uses the invitation up and gives the node a key of its own, with which its worker registers for the queues of the invitation and no others. Of two that come with one token at once, one gets in. `drover enrol` calls this; nobody has to be logged in.
         */
        post: operations["enrolNode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists enrolled nodes
         * @description Those with a key that counts, by name, with what they may do. `GET /api/v1/agents` says which of them are online.
         */
        get: operations["listEnrolledNodes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/nodes/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revokes an enrolled node
         * @description Its key and its registration end: from the answer on no replica takes anything from it, and what it runs starts anew elsewhere when its lease is over (10 s later). Drain it first to let its jobs finish.
         */
        delete: operations["revokeNode"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows what is refused beyond
         * @description Sizes in bytes, counts and lengths. The same for everybody.
         */
        get: operations["getLimits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists who changed what, the newest first
         * @description Every change that a client made, through whichever API, with the address it came from. Entries are written in the transaction of the change; the database refuses to change one, and to delete one of the last 30 days. Where nobody logs in, the actor is `anonymous`, told apart by address. Reading it needs the role operator or admin.
         */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists projects with what they use and may have
         * @description Operators see every project that a client, a job, a queue's reservation or a quota names; others see their own.
         */
        get: operations["listProjects"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{name}/quotas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows what a project uses and may have
         * @description Null as a quota: there is none.
         */
        get: operations["getQuotas"];
        /**
         * Sets quotas of a project
         * @description Jobs and files stay that were there before, also where they are more than the new quota. Other replicas of the API know within a second.
         */
        put: operations["setQuotas"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows who sends this request, and what it may do
         * @description Without a login, too: then `client_id` is null. The console asks this first.
         */
        get: operations["getSession"];
        put?: never;
        /**
         * Opens a session in a browser
         * @description The answer sets a cookie (HttpOnly, SameSite=Strict) that stands for the login for 12 hours. It counts for requests of which the browser says that a page of this API sent them, and for no others: programs take a token at `POST /v1/oauth2/token`.
         */
        post: operations["openSession"];
        /**
         * Ends the session of this browser
         * @description On every replica, with the streams it has opened. Without a session nothing happens.
         */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description The kinds of requests it may send (docs/security.md, "Roles").
         * @enum {string}
         */
        Ability: "read" | "submit" | "agent" | "operate" | "admin";
        /**
         * @description Why it takes no work although it is online. Null: it takes work.
         * @enum {string}
         */
        AgentBlock: "disk_full";
        /**
         * @example {
         *       "id": "0198c0de-9000-7000-8000-000000000001",
         *       "name": "node-1",
         *       "kind": "worker",
         *       "state": "online",
         *       "blocked_by": null,
         *       "queues": [
         *         "default"
         *       ],
         *       "slots": 4,
         *       "slots_free": 0,
         *       "facts": {
         *         "hostname": "node-1",
         *         "version": "0.1.0",
         *         "os": "linux",
         *         "cpus": 4,
         *         "memory_mb": 15900,
         *         "gpus": [],
         *         "labels": {
         *           "zone": "a"
         *         },
         *         "executors": [
         *           "process",
         *           "container"
         *         ],
         *         "isolation": "none"
         *       },
         *       "cpu_load": 1.25,
         *       "disk": {
         *         "free_bytes": 48000000000,
         *         "total_bytes": 100000000000
         *       },
         *       "registered_at": "2030-01-31T08:00:00.000Z",
         *       "last_seen_at": "2030-01-31T08:00:02.250Z",
         *       "clock_skew_ms": 12,
         *       "protocol": 2,
         *       "too_old": false
         *     }
         */
        AgentDto: {
            /**
             * @description worker: Drover's own daemon. pull: an HTTP-pull agent of a dialect.
             * @enum {string}
             */
            kind: "worker" | "pull";
            state: components["schemas"]["AgentState"];
            /**
             * @description Why it takes no work at the moment, although it is online; null: it takes work. disk_full: until there is room on the disk of its data folder.
             * @example disk_full
             */
            blocked_by: components["schemas"]["AgentBlock"] | null;
            /**
             * @description Processes of its node that ran or wanted to, mean of the last minute; null: not known, or it is offline.
             * @example 1.25
             */
            cpu_load: number | null;
            /** @description The disk of its data folder at the last heartbeat; null: not known. */
            disk: components["schemas"]["NodeDiskDto"] | null;
            /**
             * @description How far the clock of its node is ahead of the API's, milliseconds, measured at each heartbeat; null: not known. Jobs start by the broker's clock.
             * @example -3600000
             */
            clock_skew_ms: number | null;
            /**
             * @description The version of the agent protocol that it registered with; null: an HTTP-pull agent of a dialect.
             * @example 2
             */
            protocol: number | null;
            /** Format: date-time */
            registered_at: string;
            /** Format: date-time */
            last_seen_at: string;
            id: string;
            name: string;
            queues: string[];
            slots: number;
            slots_free: number;
            facts: components["schemas"]["NodeFactsDto"] | null;
            /** @description True: its protocol is too old. It gets no new jobs, and finishes those it has; install a newer Drover there. */
            too_old: boolean;
        };
        /**
         * @example {
         *       "agents": [
         *         {
         *           "id": "0198c0de-9000-7000-8000-000000000001",
         *           "name": "node-1",
         *           "kind": "worker",
         *           "state": "online",
         *           "blocked_by": null,
         *           "queues": [
         *             "default"
         *           ],
         *           "slots": 4,
         *           "slots_free": 0,
         *           "facts": {
         *             "hostname": "node-1",
         *             "version": "0.1.0",
         *             "os": "linux",
         *             "cpus": 4,
         *             "memory_mb": 15900,
         *             "gpus": [],
         *             "labels": {
         *               "zone": "a"
         *             },
         *             "executors": [
         *               "process",
         *               "container"
         *             ],
         *             "isolation": "none"
         *           },
         *           "cpu_load": 1.25,
         *           "disk": {
         *             "free_bytes": 48000000000,
         *             "total_bytes": 100000000000
         *           },
         *           "registered_at": "2030-01-31T08:00:00.000Z",
         *           "last_seen_at": "2030-01-31T08:00:02.250Z",
         *           "clock_skew_ms": 12,
         *           "protocol": 2,
         *           "too_old": false
         *         }
         *       ]
         *     }
         */
        AgentListDto: {
            /** @description All of them, in the order of their names. */
            agents: components["schemas"]["AgentDto"][];
        };
        /** @enum {string} */
        AgentState: "online" | "draining" | "offline";
        AlarmActionDto: {
            /** @description The form of a webhook. json: the message itself. cloudevents: a CloudEvent 1.0 (structured, application/cloudevents+json) with the message as its data. Default: json. */
            format?: components["schemas"]["WebhookFormat"];
            /**
             * @description webhook: POST in Alertmanager's format. mail. cancel: ends the job that the alarm is about.
             * @enum {string}
             */
            type: "cancel" | "webhook" | "mail";
            /** @description The URL that a webhook is sent to. */
            url?: string;
            /** @description The addresses that a mail is sent to. */
            to?: string[];
        };
        /**
         * @example {
         *       "name": "too much memory",
         *       "queue": "default",
         *       "metric": "app_memory_bytes",
         *       "operator": ">",
         *       "threshold": 8000000000,
         *       "clear_threshold": 7000000000,
         *       "for_s": 30,
         *       "keep_for_s": 60,
         *       "severity": "critical",
         *       "labels": {
         *         "team": "storage"
         *       },
         *       "annotations": {
         *         "summary": "It grows."
         *       },
         *       "actions": [
         *         {
         *           "type": "webhook",
         *           "url": "https://alerts.example/hook"
         *         },
         *         {
         *           "type": "cancel"
         *         }
         *       ]
         *     }
         */
        AlarmDto: {
            /** @description The meaning of an entry without the metric: ok = no alarm (as Prometheus), alarm, keep = as it was. Default ok. */
            no_data?: components["schemas"]["AlarmNoData"];
            name: string;
            /** @description `main`, `Node: <name>`, or the id of a job. One of target, queue and command. */
            target?: string;
            /** @description Every job of this queue. */
            queue?: string;
            /** @description Every job with exactly this command line. */
            command?: string;
            /** @description The metric with its labels, as the counters show it, e.g. `proxy_network_receive_bytes_total{interface="lo"}`; or of a job's process tree `job_cpu_percent` (100 = one core), `job_memory_bytes` or `job_gpu_percent`. */
            metric: string;
            /**
             * @description Strict; `=` is exactly equal.
             * @enum {string}
             */
            operator: ">" | "<" | "=";
            threshold: number;
            /** @description Once the alarm fires, it fires until the value has passed this one, too. */
            clear_threshold?: number;
            /** @description Seconds for which the condition has to hold before the alarm fires. Default 0. */
            for_s?: number;
            /** @description Seconds for which the alarm goes on firing after its condition stopped to hold. Default 0. */
            keep_for_s?: number;
            /** @description A word of your own; `critical`, `warning` and `info` are usual. Default warning. */
            severity?: string;
            /** @description Go with every alert. */
            labels?: {
                [key: string]: string;
            };
            /** @description Texts for people, e.g. `summary`. */
            annotations?: {
                [key: string]: string;
            };
            /** @description Alerts that agree in these labels are told in one message. Default alertname. */
            group_by?: string[];
            /** @description Seconds after which an alarm that still fires is told again. Default four hours. */
            repeat_s?: number;
            actions?: components["schemas"]["AlarmActionDto"][];
            /** @description false: it is not evaluated. Default true. */
            enabled?: boolean;
        };
        /**
         * @description The reason why it is inactive: as in a firing.
         * @enum {string}
         */
        AlarmEnd: "cleared" | "gone" | "changed" | "deleted";
        AlarmFiringDto: {
            /** @description The state of the job now. */
            job_state: components["schemas"]["JobState"] | null;
            /** @description cleared: the condition held no more. gone: its job ended or its node left. changed: the alarm was turned off, or looks at something else. deleted: the alarm was. Null: it fires still, or ended before this was written down. */
            ended_by: components["schemas"]["AlarmEnd"] | null;
            id: string;
            alarm_id: string;
            name: string;
            entry: string;
            /** @description Null: it was not about a job, or the job has no name or is gone. */
            job_name: string | null;
            /** @description The value at which it fired. */
            value: number | null;
            /** @description True: nobody was told when it began. */
            silenced: boolean;
            fired_at: string;
            /** @description Null: it fires still. */
            ended_at: string | null;
        };
        /**
         * @example {
         *       "firings": [
         *         {
         *           "id": "17",
         *           "alarm_id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *           "name": "too much memory",
         *           "entry": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *           "job_name": "nightly",
         *           "job_state": "cancelled",
         *           "value": 9000000000,
         *           "silenced": false,
         *           "fired_at": "2030-01-31T08:00:00.000Z",
         *           "ended_at": "2030-01-31T08:00:02.250Z",
         *           "ended_by": "gone"
         *         }
         *       ],
         *       "next": null
         *     }
         */
        AlarmFiringListDto: {
            firings: components["schemas"]["AlarmFiringDto"][];
            /** @description The cursor of the next page. Null: this was the last one. */
            next: string | null;
        };
        /**
         * @example {
         *       "transitions": [
         *         {
         *           "id": "17",
         *           "alarm_id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *           "name": "too much memory",
         *           "entry": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *           "from": "pending",
         *           "to": "firing",
         *           "value": 9000000000,
         *           "silenced": false,
         *           "at": "2030-01-31T08:00:02.250Z",
         *           "ended_by": null
         *         }
         *       ],
         *       "next": null
         *     }
         */
        AlarmHistoryDto: {
            transitions: components["schemas"]["AlarmTransitionDto"][];
            /** @description The cursor of the next page. Null: this was the last one. */
            next: string | null;
        };
        /**
         * @example {
         *       "alarms": [
         *         {
         *           "id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *           "target": null,
         *           "command": null,
         *           "no_data": "ok",
         *           "group_by": [
         *             "alertname"
         *           ],
         *           "repeat_s": 14400,
         *           "enabled": true,
         *           "owner": "anonymous",
         *           "created_at": "2030-01-31T08:00:00.000Z",
         *           "updated_at": "2030-01-31T08:00:00.000Z",
         *           "name": "too much memory",
         *           "queue": "default",
         *           "metric": "app_memory_bytes",
         *           "operator": ">",
         *           "threshold": 8000000000,
         *           "clear_threshold": 7000000000,
         *           "for_s": 30,
         *           "keep_for_s": 60,
         *           "severity": "critical",
         *           "labels": {
         *             "team": "storage"
         *           },
         *           "annotations": {
         *             "summary": "It grows."
         *           },
         *           "actions": [
         *             {
         *               "type": "webhook",
         *               "url": "https://alerts.example/hook"
         *             },
         *             {
         *               "type": "cancel"
         *             }
         *           ],
         *           "last_fired_at": "2030-01-31T08:00:02.250Z",
         *           "states": [
         *             {
         *               "alarm_id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *               "name": "too much memory",
         *               "entry": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *               "job_name": "nightly",
         *               "state": "firing",
         *               "severity": "critical",
         *               "metric": "app_memory_bytes",
         *               "active_at": "2030-01-31T08:00:00.000Z",
         *               "fired_at": "2030-01-31T08:00:02.250Z",
         *               "value": 9000000000,
         *               "silenced_until": null
         *             }
         *           ]
         *         }
         *       ]
         *     }
         */
        AlarmListDto: {
            alarms: components["schemas"]["AlarmViewDto"][];
        };
        /**
         * @description The meaning of an entry without the metric: ok = no alarm (as Prometheus), alarm, keep = as it was. Default ok.
         * @enum {string}
         */
        AlarmNoData: "ok" | "alarm" | "keep";
        AlarmStateDto: {
            alarm_id: string;
            name: string;
            entry: string;
            /** @description Null: it is not about a job, or the job has no name. */
            job_name: string | null;
            /**
             * @description pending: the condition holds, but not for long enough yet.
             * @enum {string}
             */
            state: "pending" | "firing";
            severity: string;
            metric: string;
            /** @description Since when the condition holds. */
            active_at: string;
            fired_at: string | null;
            /** @description The value at its last change of state. */
            value: number | null;
            /** @description Nobody is told of it until then. Null: it is not silenced. */
            silenced_until: string | null;
        };
        /**
         * @example {
         *       "states": [
         *         {
         *           "alarm_id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *           "name": "too much memory",
         *           "entry": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *           "job_name": "nightly",
         *           "state": "firing",
         *           "severity": "critical",
         *           "metric": "app_memory_bytes",
         *           "active_at": "2030-01-31T08:00:00.000Z",
         *           "fired_at": "2030-01-31T08:00:02.250Z",
         *           "value": 9000000000,
         *           "silenced_until": null
         *         }
         *       ]
         *     }
         */
        AlarmStateListDto: {
            states: components["schemas"]["AlarmStateDto"][];
        };
        AlarmTransitionDto: {
            /** @description The reason why it is inactive: as in a firing. */
            ended_by: components["schemas"]["AlarmEnd"] | null;
            id: string;
            alarm_id: string;
            name: string;
            entry: string;
            from: string;
            to: string;
            value: number | null;
            /** @description True: nobody was told of it. */
            silenced: boolean;
            at: string;
        };
        /**
         * @example {
         *       "id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *       "target": null,
         *       "command": null,
         *       "no_data": "ok",
         *       "group_by": [
         *         "alertname"
         *       ],
         *       "repeat_s": 14400,
         *       "enabled": true,
         *       "owner": "anonymous",
         *       "created_at": "2030-01-31T08:00:00.000Z",
         *       "updated_at": "2030-01-31T08:00:00.000Z",
         *       "name": "too much memory",
         *       "queue": "default",
         *       "metric": "app_memory_bytes",
         *       "operator": ">",
         *       "threshold": 8000000000,
         *       "clear_threshold": 7000000000,
         *       "for_s": 30,
         *       "keep_for_s": 60,
         *       "severity": "critical",
         *       "labels": {
         *         "team": "storage"
         *       },
         *       "annotations": {
         *         "summary": "It grows."
         *       },
         *       "actions": [
         *         {
         *           "type": "webhook",
         *           "url": "https://alerts.example/hook"
         *         },
         *         {
         *           "type": "cancel"
         *         }
         *       ],
         *       "last_fired_at": "2030-01-31T08:00:02.250Z",
         *       "states": [
         *         {
         *           "alarm_id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *           "name": "too much memory",
         *           "entry": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *           "job_name": "nightly",
         *           "state": "firing",
         *           "severity": "critical",
         *           "metric": "app_memory_bytes",
         *           "active_at": "2030-01-31T08:00:00.000Z",
         *           "fired_at": "2030-01-31T08:00:02.250Z",
         *           "value": 9000000000,
         *           "silenced_until": null
         *         }
         *       ]
         *     }
         */
        AlarmViewDto: {
            id: string;
            name: string;
            target: string | null;
            queue: string | null;
            command: string | null;
            metric: string;
            operator: string;
            threshold: number;
            clear_threshold: number | null;
            for_s: number;
            keep_for_s: number;
            no_data: string;
            severity: string;
            labels: {
                [key: string]: string;
            };
            annotations: {
                [key: string]: string;
            };
            group_by: string[];
            repeat_s: number;
            actions: components["schemas"]["AlarmActionDto"][];
            enabled: boolean;
            owner: string;
            created_at: string;
            updated_at: string;
            /** @description When it began to fire last, on any job. Null: it has not, or that is no longer kept. */
            last_fired_at: string | null;
            /** @description Where it is pending or fires. */
            states: components["schemas"]["AlarmStateDto"][];
        };
        ArtifactDto: {
            /** Format: date-time */
            created_at: string;
            /** @description Relative to the job's working directory. */
            path: string;
            size: number;
            /** @description Hex. */
            sha256: string;
            content_type: string;
            execution_id: string | null;
            /** @description Where it is downloaded, relative to the API. */
            url: string;
        };
        /**
         * @example {
         *       "artifacts": [
         *         {
         *           "path": "out/report.xml",
         *           "size": 6,
         *           "sha256": "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03",
         *           "content_type": "application/octet-stream",
         *           "execution_id": "0198c0de-8000-7000-8000-5a1f0c2e4b77",
         *           "created_at": "2030-01-31T08:00:02.250Z",
         *           "url": "/api/v1/jobs/0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55/artifacts/out/report.xml"
         *         }
         *       ]
         *     }
         */
        ArtifactListDto: {
            artifacts: components["schemas"]["ArtifactDto"][];
        };
        AttemptPhasesDto: {
            state: components["schemas"]["ExecutionState"] | null;
            cause: components["schemas"]["Cause"] | null;
            /** @description Null: it waits. */
            execution_id: string | null;
            attempt: number;
            node: string | null;
            phases: components["schemas"]["PhaseDto"][];
        };
        AuditEntryDto: {
            /** Format: date-time */
            at: string;
            /** @description The values that were changed, as they were before. Null: the object was new, or nothing is kept of it. */
            before: {
                [key: string]: unknown;
            } | null;
            /** @description The same values after the change. Null: the object is gone, or nothing is kept of it. */
            after: {
                [key: string]: unknown;
            } | null;
            id: string;
            /** @description The client that made it; `anonymous` where nobody logs in. */
            actor: string;
            /** @description Its role at that time. */
            role: string | null;
            /** @description The address it came from. */
            address: string | null;
            /** @description A word for the change, such as `job.cancel`. */
            action: string;
            /** @description The kind of object: job, queue, agent, client, secret, alarm, silence, profile, scrape target, project. */
            kind: string;
            object: string;
            project: string;
        };
        /**
         * @example {
         *       "entries": [
         *         {
         *           "id": "17",
         *           "at": "2030-01-31T08:00:00.000Z",
         *           "actor": "ci",
         *           "role": "submitter",
         *           "address": "10.0.0.7",
         *           "action": "job.cancel",
         *           "kind": "job",
         *           "object": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *           "project": "default",
         *           "before": {
         *             "state": "queued"
         *           },
         *           "after": {
         *             "state": "cancelled"
         *           }
         *         }
         *       ],
         *       "next": null
         *     }
         */
        AuditPageDto: {
            /** @description Newest first. */
            entries: components["schemas"]["AuditEntryDto"][];
            /** @description Give it as `cursor` for the next page. Null: this was the last. */
            next: string | null;
        };
        /**
         * @example {
         *       "name": "too much memory",
         *       "queue": "default",
         *       "metric": "job_memory_bytes",
         *       "operator": ">",
         *       "threshold": 8000000000,
         *       "for_s": 30,
         *       "window_s": 2592000,
         *       "series": 20
         *     }
         */
        BacktestDto: {
            /** @description The meaning of an entry without the metric: ok = no alarm (as Prometheus), alarm, keep = as it was. Default ok. */
            no_data?: components["schemas"]["AlarmNoData"];
            /** @description How far to look back, seconds. Default 30 days. */
            window_s?: number;
            /** @description So many jobs are given with their readings, for a chart. Default 0. */
            series?: number;
            name: string;
            /** @description `main`, `Node: <name>`, or the id of a job. One of target, queue and command. */
            target?: string;
            /** @description Every job of this queue. */
            queue?: string;
            /** @description Every job with exactly this command line. */
            command?: string;
            /** @description The metric with its labels, as the counters show it, e.g. `proxy_network_receive_bytes_total{interface="lo"}`; or of a job's process tree `job_cpu_percent` (100 = one core), `job_memory_bytes` or `job_gpu_percent`. */
            metric: string;
            /**
             * @description Strict; `=` is exactly equal.
             * @enum {string}
             */
            operator: ">" | "<" | "=";
            threshold: number;
            /** @description Once the alarm fires, it fires until the value has passed this one, too. */
            clear_threshold?: number;
            /** @description Seconds for which the condition has to hold before the alarm fires. Default 0. */
            for_s?: number;
            /** @description Seconds for which the alarm goes on firing after its condition stopped to hold. Default 0. */
            keep_for_s?: number;
            /** @description A word of your own; `critical`, `warning` and `info` are usual. Default warning. */
            severity?: string;
            /** @description Go with every alert. */
            labels?: {
                [key: string]: string;
            };
            /** @description Texts for people, e.g. `summary`. */
            annotations?: {
                [key: string]: string;
            };
            /** @description Alerts that agree in these labels are told in one message. Default alertname. */
            group_by?: string[];
            /** @description Seconds after which an alarm that still fires is told again. Default four hours. */
            repeat_s?: number;
            actions?: components["schemas"]["AlarmActionDto"][];
            /** @description false: it is not evaluated. Default true. */
            enabled?: boolean;
        };
        /**
         * @description samples: the use that was read while the job ran. counters: what it pushed meanwhile. profile: these are gone, or the metric has none; the value at its end.
         * @enum {string}
         */
        BacktestEvidence: "samples" | "counters" | "profile";
        /**
         * @example {
         *       "job": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *       "evidence": "samples",
         *       "certain": true,
         *       "active_at": "2030-01-31T08:00:00.000Z",
         *       "fired_at": "2030-01-31T08:00:30.000Z",
         *       "ended_at": "2030-01-31T08:04:00.000Z",
         *       "seconds": 210,
         *       "value": 9000000000,
         *       "points": [
         *         {
         *           "at": "2030-01-31T08:00:00.000Z",
         *           "value": 8100000000
         *         },
         *         {
         *           "at": "2030-01-31T08:00:30.000Z",
         *           "value": 9000000000
         *         }
         *       ]
         *     }
         */
        BacktestFiringDto: {
            /** @description samples: the use that was read while the job ran. counters: what it pushed meanwhile. profile: these are gone, or the metric has none; the value at its end. */
            evidence: components["schemas"]["BacktestEvidence"];
            /**
             * Format: date-time
             * @description The condition held from here on; the job's start where that is not known.
             */
            active_at: string;
            /** Format: date-time */
            fired_at: string;
            /**
             * Format: date-time
             * @description Null: it fires still.
             */
            ended_at: string | null;
            /** @description The job's id. */
            job: string;
            /** @description False: the condition held at some time of the job; it is not known when, nor for how long. */
            certain: boolean;
            /** @description How long it would have fired, or has fired until now; null where that is not known. */
            seconds: number | null;
            /** @description The value at which it fired; null: it fired because there was none. */
            value: number | null;
            /** @description Readings around it for a chart, at most about 60. */
            points: components["schemas"]["BacktestPointDto"][];
        };
        /**
         * @example {
         *       "job": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *       "name": "nightly",
         *       "from": "2030-01-31T08:00:00.000Z",
         *       "to": "2030-01-31T08:04:00.000Z",
         *       "evidence": "samples",
         *       "readings": 240,
         *       "min": 1000000000,
         *       "max": 9200000000,
         *       "fired": 1
         *     }
         */
        BacktestJobDto: {
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            evidence: components["schemas"]["BacktestEvidence"];
            /** @description The job's id. */
            job: string;
            /** @description Null: it has none, or is gone. */
            name: string | null;
            /** @description Readings of the metric. */
            readings: number;
            /** @description Null: there is no reading. */
            min: number | null;
            /** @description Null: there is no reading. */
            max: number | null;
            /** @description How often it would have fired. */
            fired: number;
        };
        BacktestPointDto: {
            /** Format: date-time */
            at: string;
            value: number;
        };
        /**
         * @example {
         *       "from": "2030-01-01T08:10:00.000Z",
         *       "to": "2030-01-31T08:10:00.000Z",
         *       "samples_since": "2030-01-01T08:10:00.000Z",
         *       "fired": 1,
         *       "fired_jobs": 1,
         *       "jobs": 1,
         *       "readings": 240,
         *       "summary": "It would have fired 1 time in 30 days on 1 of 1 job.",
         *       "truncated": false,
         *       "firings": [
         *         {
         *           "job": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *           "evidence": "samples",
         *           "certain": true,
         *           "active_at": "2030-01-31T08:00:00.000Z",
         *           "fired_at": "2030-01-31T08:00:30.000Z",
         *           "ended_at": "2030-01-31T08:04:00.000Z",
         *           "seconds": 210,
         *           "value": 9000000000,
         *           "points": [
         *             {
         *               "at": "2030-01-31T08:00:00.000Z",
         *               "value": 8100000000
         *             },
         *             {
         *               "at": "2030-01-31T08:00:30.000Z",
         *               "value": 9000000000
         *             }
         *           ]
         *         }
         *       ],
         *       "seen": [
         *         {
         *           "job": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *           "name": "nightly",
         *           "from": "2030-01-31T08:00:00.000Z",
         *           "to": "2030-01-31T08:04:00.000Z",
         *           "evidence": "samples",
         *           "readings": 240,
         *           "min": 1000000000,
         *           "max": 9200000000,
         *           "fired": 1
         *         }
         *       ],
         *       "series": [
         *         {
         *           "job": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *           "name": "nightly",
         *           "evidence": "samples",
         *           "from": "2030-01-31T07:50:00.000Z",
         *           "fired": 1,
         *           "offsets_s": [
         *             0,
         *             600,
         *             630
         *           ],
         *           "values": [
         *             4000000000,
         *             8100000000,
         *             9000000000
         *           ]
         *         }
         *       ]
         *     }
         */
        BacktestResultDto: {
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            /**
             * Format: date-time
             * @description Samples of the metric are kept since then. Null: it has none, only what jobs pushed and the values that profiles keep.
             */
            samples_since: string | null;
            /** @description How often it would have fired. */
            fired: number;
            /** @description On how many jobs. */
            fired_jobs: number;
            /** @description Jobs with the metric that were looked at. */
            jobs: number;
            /** @description Samples and pushed values that were looked at. */
            readings: number;
            /** @description The answer in a sentence, and what it does not know. */
            summary: string;
            /** @description True: there were more jobs (2,000), samples (500,000), firings (500) or time (15 s) than are looked at. */
            truncated: boolean;
            /** @description At most 500. */
            firings: components["schemas"]["BacktestFiringDto"][];
            /** @description At most 200 jobs; those on which it fired come before others. */
            seen: components["schemas"]["BacktestJobDto"][];
            /** @description The readings of so many jobs as were asked for, in the order in which they were looked at; jobs on which it fired take the places of others. */
            series: components["schemas"]["BacktestSeriesDto"][];
        };
        /**
         * @example {
         *       "job": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *       "name": "nightly",
         *       "evidence": "samples",
         *       "from": "2030-01-31T07:50:00.000Z",
         *       "fired": 1,
         *       "offsets_s": [
         *         0,
         *         600,
         *         630
         *       ],
         *       "values": [
         *         4000000000,
         *         8100000000,
         *         9000000000
         *       ]
         *     }
         */
        BacktestSeriesDto: {
            evidence: components["schemas"]["BacktestEvidence"];
            /** Format: date-time */
            from: string;
            /** @description The job's id. */
            job: string;
            /** @description Null: it has none, or is gone. */
            name: string | null;
            /** @description How often it would have fired. */
            fired: number;
            /** @description When each value was read, seconds after `from`. */
            offsets_s: number[];
            values: number[];
        };
        BandDto: {
            p10_s: number | null;
            p50_s: number | null;
            p90_s: number | null;
            /** @description The number of runs it is from: those of the list that succeeded. */
            runs: number;
        };
        BarJobDto: {
            /** @description The state of the job by now. */
            state: components["schemas"]["JobState"];
            id: string;
            execution_id: string;
            name: string | null;
            owner: string;
            queue: string;
            attempt: number;
            /** @description The exit code of the execution. */
            exit_code: number | null;
        };
        /**
         * @example {
         *       "ids": [
         *         "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55"
         *       ],
         *       "count": 1
         *     }
         */
        BatchAcceptedDto: {
            /** @description The jobs in the order of the request. */
            ids: string[];
            count: number;
        };
        /**
         * @example {
         *       "id": "0198c0de-7c00-7000-8000-5a1f0c2e4b78",
         *       "action": "cancel",
         *       "state": "done",
         *       "problem": null,
         *       "owner": "alice",
         *       "project": "default",
         *       "matched": 5000,
         *       "matched_exact": true,
         *       "done": 4998,
         *       "skipped": 2,
         *       "reasons": [
         *         {
         *           "reason": "The job had already ended as succeeded.",
         *           "count": 2,
         *           "examples": [
         *             "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55"
         *           ]
         *         }
         *       ],
         *       "created_at": "2030-01-31T08:00:00.000Z",
         *       "finished_at": "2030-01-31T08:00:02.250Z"
         *     }
         */
        BulkActionDto: {
            action: components["schemas"]["BulkActionKind"];
            /** @description running: it goes on. done: every job was looked at. cancelled: it was stopped. failed: `problem` says why. */
            state: components["schemas"]["BulkState"];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            finished_at: string | null;
            id: string;
            problem: string | null;
            owner: string;
            project: string;
            /** @description The jobs that there were when it was asked for. */
            matched: number;
            /** @description False: there were at least so many. */
            matched_exact: boolean;
            /** @description Jobs that were changed. */
            done: number;
            /** @description Jobs that were left as they were. */
            skipped: number;
            /** @description Why they were, by reason. */
            reasons: components["schemas"]["SkippedDto"][];
        };
        /**
         * @description cancel and retry as for one job; priority and tags change jobs as they are.
         * @enum {string}
         */
        BulkActionKind: "cancel" | "retry" | "priority" | "tag" | "untag";
        /**
         * @example {
         *       "actions": [
         *         {
         *           "id": "0198c0de-7c00-7000-8000-5a1f0c2e4b78",
         *           "action": "cancel",
         *           "state": "done",
         *           "problem": null,
         *           "owner": "alice",
         *           "project": "default",
         *           "matched": 5000,
         *           "matched_exact": true,
         *           "done": 4998,
         *           "skipped": 2,
         *           "reasons": [
         *             {
         *               "reason": "The job had already ended as succeeded.",
         *               "count": 2,
         *               "examples": [
         *                 "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55"
         *               ]
         *             }
         *           ],
         *           "created_at": "2030-01-31T08:00:00.000Z",
         *           "finished_at": "2030-01-31T08:00:02.250Z"
         *         }
         *       ],
         *       "next": null
         *     }
         */
        BulkActionListDto: {
            /** @description Newest first. */
            actions: components["schemas"]["BulkActionDto"][];
            /** @description Give it as `cursor` for the next page. Null: this was the last. */
            next: string | null;
        };
        /**
         * @example {
         *       "count": 12340,
         *       "exact": true,
         *       "examples": [
         *         {
         *           "id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *           "queue": "default",
         *           "name": "nightly",
         *           "command": "make test",
         *           "image": null,
         *           "state": "succeeded",
         *           "cause": null,
         *           "cause_detail": null,
         *           "exit_code": 0,
         *           "signal": null,
         *           "owner": "anonymous",
         *           "project": "default",
         *           "dialect": "native",
         *           "priority": 0,
         *           "attempt": 1,
         *           "losses": 0,
         *           "node": "node-1",
         *           "execution_id": "0198c0de-8000-7000-8000-5a1f0c2e4b77",
         *           "parent_id": null,
         *           "depends_on": [],
         *           "tags": [
         *             "ci"
         *           ],
         *           "metadata": {},
         *           "cron": null,
         *           "workdir": null,
         *           "resources": {},
         *           "limits": {
         *             "runtime_s": 600
         *           },
         *           "retry": {
         *             "max": 2
         *           },
         *           "artifacts": [
         *             "out/**\/*.xml"
         *           ],
         *           "cancel_reason": null,
         *           "created_at": "2030-01-31T08:00:00.000Z",
         *           "start_at": null,
         *           "expires_at": null,
         *           "queued_at": "2030-01-31T08:00:00.000Z",
         *           "claimed_at": "2030-01-31T08:00:00.000Z",
         *           "started_at": "2030-01-31T08:00:00.000Z",
         *           "finished_at": "2030-01-31T08:00:02.250Z",
         *           "cancel_requested_at": null,
         *           "pinned": false
         *         }
         *       ]
         *     }
         */
        BulkPreviewDto: {
            count: number;
            /** @description False: there are at least so many. */
            exact: boolean;
            /** @description Up to three of them: the newest, or the first of `ids`. */
            examples: components["schemas"]["JobDto"][];
        };
        /**
         * @example {
         *       "action": "cancel",
         *       "filter": {
         *         "queue": "builds",
         *         "state": [
         *           "queued"
         *         ],
         *         "created_before": "2h"
         *       },
         *       "reason": "not needed"
         *     }
         */
        BulkRequestDto: {
            /** @description cancel and retry as for one job; priority and tags change jobs as they are. */
            action: components["schemas"]["BulkActionKind"];
            /** @description The tags that are given or taken away. */
            tags?: string[];
            /** @description The jobs, by the filters of the list. Without `state` a cancel means jobs that have not ended, a retry those that failed, expired or were cancelled, a priority those that wait. */
            filter?: components["schemas"]["JobFilterDto"];
            /** @description The jobs, by their ids: 1 to 10,000. Give these or a filter. */
            ids?: string[];
            /** @description Why, for a cancel. */
            reason?: string;
            /** @description The new priority; higher runs first. */
            priority?: number;
        };
        /**
         * @description running: it goes on. done: every job was looked at. cancelled: it was stopped. failed: `problem` says why.
         * @enum {string}
         */
        BulkState: "running" | "done" | "cancelled" | "failed";
        /**
         * @example {
         *       "reason": "not needed any more"
         *     }
         */
        CancelJobDto: {
            /** @description Why; it is kept as the job's `cause_detail`. */
            reason?: string;
        };
        /** @enum {string} */
        Cause: "exit_code" | "signal" | "timeout" | "silence" | "output_limit" | "oom" | "cancelled" | "agent_lost" | "disk_full" | "spawn_error" | "expired" | "dependency_failed" | "refused";
        ChildDto: {
            state: components["schemas"]["JobState"];
            cause: components["schemas"]["Cause"] | null;
            id: string;
            name: string | null;
            exit_code: number | null;
            node: string | null;
        };
        /**
         * @example {
         *       "children": [
         *         {
         *           "id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *           "name": "nightly",
         *           "state": "failed",
         *           "cause": "exit_code",
         *           "exit_code": 3,
         *           "node": "node-1"
         *         }
         *       ],
         *       "next": null
         *     }
         */
        ChildListDto: {
            /** @description Newest first. */
            children: components["schemas"]["ChildDto"][];
            /** @description The cursor of the next page. Null: this was the last. */
            next: string | null;
        };
        /**
         * @example {
         *       "job": {
         *         "job": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *         "name": "solve",
         *         "command": "./solve -n 4",
         *         "size": 4,
         *         "queue": "default",
         *         "owner": "anonymous",
         *         "node": "node-1",
         *         "outcome": "succeeded",
         *         "cause": null,
         *         "exit_code": 0,
         *         "started_at": "2030-01-31T08:00:00.000Z",
         *         "finished_at": "2030-01-31T08:00:02.250Z",
         *         "summary": {
         *           "wall_s": 2.25,
         *           "cpu_seconds": 8.5,
         *           "peak_memory_bytes": 52428800,
         *           "read_bytes": 4096,
         *           "write_bytes": 0,
         *           "samples": {
         *             "samples": 2,
         *             "cpu_percent_mean": 378,
         *             "cpu_percent_max": 396,
         *             "memory_bytes_mean": 50331648
         *           }
         *         }
         *       },
         *       "with": [
         *         "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c44"
         *       ],
         *       "other": {
         *         "job": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c44",
         *         "name": "solve",
         *         "command": "./solve -n 4",
         *         "size": 4,
         *         "queue": "default",
         *         "owner": "anonymous",
         *         "node": "node-1",
         *         "outcome": "succeeded",
         *         "cause": null,
         *         "exit_code": 0,
         *         "started_at": "2030-01-31T08:00:00.000Z",
         *         "finished_at": "2030-01-31T08:00:02.250Z",
         *         "summary": {
         *           "wall_s": 2.25,
         *           "cpu_seconds": 8.5,
         *           "peak_memory_bytes": 52428800,
         *           "read_bytes": 4096,
         *           "write_bytes": 0,
         *           "samples": {
         *             "samples": 2,
         *             "cpu_percent_mean": 378,
         *             "cpu_percent_max": 396,
         *             "memory_bytes_mean": 50331648
         *           }
         *         }
         *       },
         *       "runs": [
         *         "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c44"
         *       ],
         *       "figures": [
         *         {
         *           "name": "wall_s",
         *           "with": 1.5,
         *           "job": 2.25,
         *           "ratio": 1.5,
         *           "low": 1.5,
         *           "high": 1.5,
         *           "unit": "seconds",
         *           "better": "less"
         *         }
         *       ]
         *     }
         */
        ComparisonDto: {
            job: components["schemas"]["ProfileHeadDto"];
            /** @description The jobs it is compared with: one, or those whose median is meant. */
            with: string[];
            /** @description The other job. Null: it is compared with a median. */
            other: components["schemas"]["ProfileHeadDto"] | null;
            /** @description The last other runs of the job's command, newest first: `low` and `high` are theirs. */
            runs: string[];
            figures: components["schemas"]["FigureDto"][];
        };
        /**
         * @example {
         *       "series": [
         *         {
         *           "name": "items_total",
         *           "type": "counter"
         *         },
         *         {
         *           "name": "queue_depth",
         *           "type": "gauge"
         *         }
         *       ],
         *       "readings": [
         *         {
         *           "at": "2030-01-31T08:00:00.000Z",
         *           "values": [
         *             1200,
         *             3
         *           ]
         *         }
         *       ]
         *     }
         */
        CounterListDto: {
            /** @description By name; the first 40 of a reading are kept. Of readings of different ones, the 100 that were told last. */
            series: components["schemas"]["CounterSeriesDto"][];
            /** @description Oldest first. */
            readings: components["schemas"]["CounterReadingDto"][];
        };
        CounterReadingDto: {
            /** Format: date-time */
            at: string;
            /** @description A value for each series, in their order. Null: it was not told by then. */
            values: (number | null)[];
        };
        CounterSeriesDto: {
            /**
             * @description counter: a running total. gauge: a level.
             * @enum {string}
             */
            type: "counter" | "gauge";
            /** @description Its name with its labels. */
            name: string;
        };
        CronDto: {
            /** @description Five fields, or six with seconds first. */
            pattern: string;
            /** @description IANA name, e.g. Europe/Berlin. */
            timezone: string;
        };
        CurveDto: {
            /** @description The job's values: the means of each step. Null: there is no reading. */
            job: (number | null)[];
            /** @description The other job's, or the median of the `runs`. */
            with: (number | null)[];
            /** @description The least of the `runs`. */
            low: (number | null)[];
            /** @description The most of the `runs`. */
            high: (number | null)[];
            /** @description cpu_percent, memory_bytes, read_bytes_per_second, write_bytes_per_second, gpu_percent, gpu_memory_bytes, or the name of a series that the job pushed (the first 16 by name). */
            name: string;
            /** @enum {string|null} */
            unit: "seconds" | "bytes" | "percent" | null;
            /** @description True: the values are the growth a second of a running total. */
            per_second: boolean;
        };
        /**
         * @example {
         *       "step_s": 1,
         *       "runs": [
         *         "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c44"
         *       ],
         *       "curves": [
         *         {
         *           "name": "cpu_percent",
         *           "unit": "percent",
         *           "per_second": false,
         *           "job": [
         *             378,
         *             396
         *           ],
         *           "with": [
         *             190,
         *             null
         *           ],
         *           "low": [
         *             190,
         *             null
         *           ],
         *           "high": [
         *             190,
         *             null
         *           ]
         *         }
         *       ]
         *     }
         */
        CurvesDto: {
            /** @description Seconds a step: at least 1, and so many that there are at most 200 steps. */
            step_s: number;
            /** @description The other runs of the job's command of which there are readings, newest first. */
            runs: string[];
            /** @description Empty where no readings are kept: of jobs of metric clients, or of runs that are too long ago. */
            curves: components["schemas"]["CurveDto"][];
        };
        /**
         * @example {
         *       "id": "0198c0de-a000-7000-8000-000000000002",
         *       "kind": "webhook",
         *       "event": "succeeded",
         *       "target": "https://ci.example/hook",
         *       "state": "delivered",
         *       "tries": 1,
         *       "max_tries": 10,
         *       "created_at": "2030-01-31T08:00:02.250Z",
         *       "next_at": null,
         *       "done_at": "2030-01-31T08:00:02.250Z",
         *       "log": [
         *         {
         *           "at": "2030-01-31T08:00:02.250Z",
         *           "took_ms": 41,
         *           "status": 204,
         *           "error": null,
         *           "headers": [
         *             "date"
         *           ],
         *           "body": ""
         *         }
         *       ]
         *     }
         */
        DeliveryDto: {
            kind: components["schemas"]["DeliveryKind"];
            /** @description `dropped`: the job was deleted before the delivery. */
            state: components["schemas"]["DeliveryState"];
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description The time of the next try. Null: there will be no other one.
             */
            next_at: string | null;
            /** Format: date-time */
            done_at: string | null;
            id: string;
            /** @description The state that the delivery reports; for jobs of other APIs, the state in their words. */
            event: string;
            /** @description URL or mail address. */
            target: string;
            tries: number;
            max_tries: number;
            /** @description Oldest first. */
            log: components["schemas"]["DeliveryTryDto"][];
        };
        /** @enum {string} */
        DeliveryKind: "webhook" | "mail";
        /**
         * @example {
         *       "deliveries": [
         *         {
         *           "id": "0198c0de-a000-7000-8000-000000000002",
         *           "kind": "webhook",
         *           "event": "succeeded",
         *           "target": "https://ci.example/hook",
         *           "state": "delivered",
         *           "tries": 1,
         *           "max_tries": 10,
         *           "created_at": "2030-01-31T08:00:02.250Z",
         *           "next_at": null,
         *           "done_at": "2030-01-31T08:00:02.250Z",
         *           "log": [
         *             {
         *               "at": "2030-01-31T08:00:02.250Z",
         *               "took_ms": 41,
         *               "status": 204,
         *               "error": null,
         *               "headers": [
         *                 "date"
         *               ],
         *               "body": ""
         *             }
         *           ]
         *         }
         *       ]
         *     }
         */
        DeliveryListDto: {
            /** @description Oldest first, at most 500. */
            deliveries: components["schemas"]["DeliveryDto"][];
        };
        /**
         * @description `dropped`: the job was deleted before the delivery.
         * @enum {string}
         */
        DeliveryState: "pending" | "delivered" | "failed" | "dropped";
        DeliveryTryDto: {
            /** Format: date-time */
            at: string;
            took_ms: number;
            /** @description HTTP status, or the code of the mail server. Null: there was no answer. */
            status: number | null;
            error: string | null;
            /** @description Names of the headers that were answered, or of those that were sent if there was no answer. Values may be secrets and are not kept. */
            headers: string[];
            /** @description The body that was answered, or the one that was sent if there was no answer. At most 4 KiB. */
            body: string;
        };
        /**
         * @example {
         *       "token": "invite.0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1a05.Zk3oQm1xT8s5vB2nL7cR9dW4yH6jP0aE1uG3iK5fX8M",
         *       "name": "rack-7"
         *     }
         */
        EnrolDto: {
            /** @description The name of the node, unique among the agents of this broker. */
            name: string;
            /** @description True: says what the node would get, and gives no key; the invitation stays open. */
            check?: boolean;
            /** @description The token of the invitation. */
            token: string;
        };
        EnrolledNodeDto: {
            /** @description Its labels */
            labels: {
                [key: string]: string;
            };
            /** Format: date-time */
            enrolled_at: string;
            name: string;
            queues: string[];
            slots: number | null;
            ticket_login: boolean;
            /** @description The id of the invitation with which it came. */
            invitation: string;
        };
        /**
         * @example {
         *       "nodes": [
         *         {
         *           "name": "rack-7",
         *           "queues": [
         *             "default",
         *             "build"
         *           ],
         *           "labels": {
         *             "zone": "a"
         *           },
         *           "slots": 8,
         *           "ticket_login": false,
         *           "invitation": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1a05",
         *           "enrolled_at": "2030-01-31T08:00:00.000Z"
         *         }
         *       ]
         *     }
         */
        EnrolledNodeListDto: {
            /** @description By name, at most 1,000. */
            nodes: components["schemas"]["EnrolledNodeDto"][];
        };
        /**
         * @example {
         *       "node": "rack-7",
         *       "key": "node.0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1a06.b7Qz2Kd9Xw4Rf6Tn1Vy8Lc3Hm5Js0PgUaEoIiBqYtDk",
         *       "queues": [
         *         "default",
         *         "build"
         *       ],
         *       "labels": {
         *         "zone": "a"
         *       },
         *       "slots": 8,
         *       "tickets": null,
         *       "version": "0.1.0",
         *       "server_time": "2030-01-31T08:00:00.000Z"
         *     }
         */
        EnrolmentDto: {
            /** @description Its labels */
            labels: {
                [key: string]: string;
            };
            /** Format: date-time */
            server_time: string;
            /** @description The name of the node. */
            node: string;
            /** @description The key with which its worker registers (DROVER_ENROLMENT_TOKEN of the worker). It is shown this once. Null: it was only asked what the node would get. */
            key: string | null;
            /** @description The only queues that it may serve. */
            queues: string[];
            /** @description Its slots at most. Null: as many as it likes. */
            slots: number | null;
            /** @description The place of the tickets. Null: its jobs come over the API alone, and it needs to reach nothing else. */
            tickets: components["schemas"]["TicketStoreDto"] | null;
            /** @description The version of the API. */
            version: string;
        };
        /**
         * @example {
         *       "id": "0198c0de-8000-7000-8000-5a1f0c2e4b77",
         *       "job_id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *       "epoch": 1,
         *       "attempt": 1,
         *       "node": "node-1",
         *       "state": "ended",
         *       "phase": null,
         *       "cause": null,
         *       "cause_detail": null,
         *       "exit_code": 0,
         *       "signal": null,
         *       "pid": 4711,
         *       "container_id": null,
         *       "claimed_at": "2030-01-31T08:00:00.000Z",
         *       "spawned_at": "2030-01-31T08:00:00.000Z",
         *       "first_byte_at": "2030-01-31T08:00:00.000Z",
         *       "exited_at": "2030-01-31T08:00:02.250Z",
         *       "finished_at": "2030-01-31T08:00:02.250Z",
         *       "stdout_bytes": 6,
         *       "stderr_bytes": 0,
         *       "stdout_sha256": "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03",
         *       "stderr_sha256": null,
         *       "log_complete": true,
         *       "log_dropped": 0
         *     }
         */
        ExecutionDto: {
            state: components["schemas"]["ExecutionState"];
            cause: components["schemas"]["Cause"] | null;
            /** Format: date-time */
            claimed_at: string;
            /** Format: date-time */
            spawned_at: string | null;
            /** Format: date-time */
            first_byte_at: string | null;
            /** Format: date-time */
            exited_at: string | null;
            /** Format: date-time */
            finished_at: string | null;
            id: string;
            job_id: string;
            /** @description Counts the claims of the job, from 1. */
            epoch: number;
            attempt: number;
            node: string;
            phase: string | null;
            cause_detail: string | null;
            exit_code: number | null;
            signal: string | null;
            pid: number | null;
            container_id: string | null;
            /** @description Stored bytes. */
            stdout_bytes: number;
            stderr_bytes: number;
            /** @description Hex, as the agent reported it at the end. */
            stdout_sha256: string | null;
            stderr_sha256: string | null;
            /** @description Every byte the agent says the job wrote is stored. Null until the end. */
            log_complete: boolean | null;
            /** @description Bytes of output that were not kept because the quota of the project was used up. */
            log_dropped: number;
        };
        /**
         * @example {
         *       "executions": [
         *         {
         *           "id": "0198c0de-8000-7000-8000-5a1f0c2e4b77",
         *           "job_id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *           "epoch": 1,
         *           "attempt": 1,
         *           "node": "node-1",
         *           "state": "ended",
         *           "phase": null,
         *           "cause": null,
         *           "cause_detail": null,
         *           "exit_code": 0,
         *           "signal": null,
         *           "pid": 4711,
         *           "container_id": null,
         *           "claimed_at": "2030-01-31T08:00:00.000Z",
         *           "spawned_at": "2030-01-31T08:00:00.000Z",
         *           "first_byte_at": "2030-01-31T08:00:00.000Z",
         *           "exited_at": "2030-01-31T08:00:02.250Z",
         *           "finished_at": "2030-01-31T08:00:02.250Z",
         *           "stdout_bytes": 6,
         *           "stderr_bytes": 0,
         *           "stdout_sha256": "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03",
         *           "stderr_sha256": null,
         *           "log_complete": true,
         *           "log_dropped": 0
         *         }
         *       ]
         *     }
         */
        ExecutionListDto: {
            /** @description Oldest first. */
            executions: components["schemas"]["ExecutionDto"][];
        };
        /** @enum {string} */
        ExecutionState: "claimed" | "running" | "ended";
        /**
         * @example {
         *       "job_id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *       "state": "queued",
         *       "summary": "The job is queued: The queue default is paused.",
         *       "reasons": [
         *         {
         *           "code": "queue_paused",
         *           "message": "The queue default is paused.",
         *           "remedy": "Resume it: POST /api/v1/queues/default/resume."
         *         }
         *       ],
         *       "start": {
         *         "position": 35,
         *         "p50_s": 720,
         *         "p90_s": 1500,
         *         "p50_at": "2030-01-31T08:00:00.000Z",
         *         "p90_at": "2030-01-31T08:00:02.250Z",
         *         "sure": "well",
         *         "sentence": "It starts in about 12 min, with 90 % certainty within 25 min: 34 jobs come before it, 4 of 4 slots are busy, and half of the last 200 runs of the queue took at most 80 s."
         *       }
         *     }
         */
        ExplanationDto: {
            state: components["schemas"]["JobState"];
            /** @description When it will start. Null: it does not wait. */
            start: components["schemas"]["StartForecastDto"] | null;
            job_id: string;
            /** @description One sentence. */
            summary: string;
            /** @description The reasons why it waits, the most important first. */
            reasons: components["schemas"]["ReasonDto"][];
        };
        FailureGroupDto: {
            cause: components["schemas"]["Cause"] | null;
            /** @description The reason in one sentence. */
            sentence: string;
            exit_code: number | null;
            count: number;
            /** @description Up to five of their queues, the one with the most failures first. */
            queues: string[];
            /** @description One of the jobs. */
            job_id: string;
            /** @description The filter of a list in which they are; jobs with another sentence of the same cause are there, too. */
            filter: components["schemas"]["JobFilterDto"];
        };
        FamilyDto: {
            /** @description Children by state; states without one are absent. */
            counts: {
                [key: string]: number;
            };
            /** @description The id of the parent. */
            parent: string;
            /** @description The name of the parent. Null: it has none, or is not in the record any more. */
            name: string | null;
            total: number;
            /** @description False: there are more than 10,000, and `counts` are those of the newest 10,000. */
            exact: boolean;
        };
        /**
         * @example {
         *       "families": [
         *         {
         *           "parent": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *           "name": "nightly",
         *           "counts": {
         *             "queued": 12,
         *             "running": 4,
         *             "succeeded": 980,
         *             "failed": 4
         *           },
         *           "total": 1000,
         *           "exact": true
         *         }
         *       ]
         *     }
         */
        FamilyListDto: {
            /** @description In the order that was asked for. Jobs without children are left out. */
            families: components["schemas"]["FamilyDto"][];
        };
        FieldFaultDto: {
            /** @description The value, if it is short. */
            value?: (string | number | boolean) | null;
            /** @description Path in the body or query, e.g. `retry.max`. Empty: the whole. */
            field: string;
            /** @description The fault, and the value that would be right. */
            message: string;
        };
        FigureDto: {
            name: string;
            /** @description The value it is compared with. */
            with: number | null;
            job: number | null;
            /** @description job / with; null where one of them is missing, or `with` is 0. */
            ratio: number | null;
            /** @description The least of the `runs`; null: none of them has it. */
            low: number | null;
            /** @description The most of the `runs`. */
            high: number | null;
            /**
             * @description The unit, where the name of the figure tells it.
             * @enum {string|null}
             */
            unit: "seconds" | "bytes" | "percent" | null;
            /**
             * @description Less of it is better, such as of time, memory and errors; null: nobody can say.
             * @enum {string|null}
             */
            better: "less" | null;
        };
        FilterValueDto: {
            /** @description A text that a filter takes; an exit code is one, too. */
            value: string;
            /** @description How many of the jobs that were looked at have it. */
            jobs: number;
        };
        /**
         * @example {
         *       "values": [
         *         {
         *           "value": "ada",
         *           "jobs": 1204
         *         },
         *         {
         *           "value": "ci",
         *           "jobs": 12
         *         }
         *       ]
         *     }
         */
        FilterValueListDto: {
            /** @description The values of the most jobs come first. */
            values: components["schemas"]["FilterValueDto"][];
        };
        /**
         * @description well: from 20 runs or more, on workers that serve this queue alone. roughly: from fewer, or others share the workers. unknown: there is no base.
         * @enum {string}
         */
        ForecastSureness: "well" | "roughly" | "unknown";
        GpuDto: {
            index: number;
            name: string;
            uuid: string;
        };
        /**
         * @example {
         *       "id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1a05",
         *       "state": "open",
         *       "queues": [
         *         "default",
         *         "build"
         *       ],
         *       "labels": {
         *         "zone": "a"
         *       },
         *       "slots": 8,
         *       "ticket_login": false,
         *       "created_by": "ops",
         *       "created_at": "2030-01-31T08:00:00.000Z",
         *       "expires_at": "2030-01-31T09:00:00.000Z",
         *       "used_at": null,
         *       "used_by": null,
         *       "used_from": null
         *     }
         */
        InvitationDto: {
            /** @description open: a node may use it. */
            state: components["schemas"]["InvitationState"];
            /** @description The labels of the node */
            labels: {
                [key: string]: string;
            };
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string;
            /** Format: date-time */
            used_at: string | null;
            id: string;
            /** @description The only queues that the node may serve. */
            queues: string[];
            /** @description Slots of the node at most. Null: as many as it likes. */
            slots: number | null;
            /** @description The node gets a login to the ticket store. */
            ticket_login: boolean;
            /** @description The client that made it. */
            created_by: string;
            /** @description The name of the node that used it. */
            used_by: string | null;
            /** @description The address that node came from. */
            used_from: string | null;
        };
        /**
         * @example {
         *       "invitations": [
         *         {
         *           "id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1a05",
         *           "state": "open",
         *           "queues": [
         *             "default",
         *             "build"
         *           ],
         *           "labels": {
         *             "zone": "a"
         *           },
         *           "slots": 8,
         *           "ticket_login": false,
         *           "created_by": "ops",
         *           "created_at": "2030-01-31T08:00:00.000Z",
         *           "expires_at": "2030-01-31T09:00:00.000Z",
         *           "used_at": null,
         *           "used_by": null,
         *           "used_from": null
         *         }
         *       ]
         *     }
         */
        InvitationListDto: {
            /** @description The newest first, at most 1,000. Those that have ended are kept for 30 days. */
            invitations: components["schemas"]["InvitationDto"][];
        };
        /**
         * @description open: a node may use it.
         * @enum {string}
         */
        InvitationState: "open" | "used" | "revoked" | "expired";
        /**
         * @example {
         *       "queues": [
         *         "default",
         *         "build"
         *       ],
         *       "labels": {
         *         "zone": "a"
         *       },
         *       "slots": 8,
         *       "ticket_login": false,
         *       "expires_s": 3600
         *     }
         */
        InviteNodeDto: {
            /** @description The only queues that the node may serve. Default: `default`. */
            queues?: string[];
            /** @description The labels of the node, for placement. It bears these and no others. */
            labels?: {
                [key: string]: string;
            };
            /** @description Slots of the node at most. Null: as many as it likes. */
            slots?: number | null;
            /** @description Seconds until nobody can use it any more: from a minute to a week. Default: an hour. */
            expires_s?: number;
            /** @description True: the node gets a login to the ticket store, which it then has to reach (docs/security.md says what the login reaches). Default: its jobs come over the API alone. */
            ticket_login?: boolean;
        };
        /**
         * @example {
         *       "count": 12340,
         *       "exact": true
         *     }
         */
        JobCountDto: {
            count: number;
            /** @description False: there are at least so many. It was not counted further: the bound of 100,000 was reached, or 0.3 s were over. */
            exact: boolean;
        };
        /**
         * @example {
         *       "id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *       "queue": "default",
         *       "name": "nightly",
         *       "command": "make test",
         *       "image": null,
         *       "state": "succeeded",
         *       "cause": null,
         *       "cause_detail": null,
         *       "exit_code": 0,
         *       "signal": null,
         *       "owner": "anonymous",
         *       "project": "default",
         *       "dialect": "native",
         *       "priority": 0,
         *       "attempt": 1,
         *       "losses": 0,
         *       "node": "node-1",
         *       "execution_id": "0198c0de-8000-7000-8000-5a1f0c2e4b77",
         *       "parent_id": null,
         *       "depends_on": [],
         *       "tags": [
         *         "ci"
         *       ],
         *       "metadata": {},
         *       "cron": null,
         *       "workdir": null,
         *       "resources": {},
         *       "limits": {
         *         "runtime_s": 600
         *       },
         *       "retry": {
         *         "max": 2
         *       },
         *       "artifacts": [
         *         "out/**\/*.xml"
         *       ],
         *       "cancel_reason": null,
         *       "created_at": "2030-01-31T08:00:00.000Z",
         *       "start_at": null,
         *       "expires_at": null,
         *       "queued_at": "2030-01-31T08:00:00.000Z",
         *       "claimed_at": "2030-01-31T08:00:00.000Z",
         *       "started_at": "2030-01-31T08:00:00.000Z",
         *       "finished_at": "2030-01-31T08:00:02.250Z",
         *       "cancel_requested_at": null,
         *       "pinned": false,
         *       "env": {
         *         "LEVEL": "3"
         *       },
         *       "stdin": null,
         *       "payload": {},
         *       "webhooks": [],
         *       "keep_workdir": false
         *     }
         */
        JobDetailDto: {
            /** @description The command as it was given: a text for the shell or a list. Null: there is nothing for a worker to run. */
            command: (string | string[]) | null;
            state: components["schemas"]["JobState"];
            /** @description Why it did not succeed: one word of a closed list. */
            cause: components["schemas"]["Cause"] | null;
            metadata: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description The job does not start before this time.
             */
            start_at: string | null;
            /**
             * Format: date-time
             * @description The job has to start before this time. Null: none was asked for, or the job has met it and waits again after it ran.
             */
            expires_at: string | null;
            /** Format: date-time */
            queued_at: string | null;
            /** Format: date-time */
            claimed_at: string | null;
            /** Format: date-time */
            started_at: string | null;
            /** Format: date-time */
            finished_at: string | null;
            /** Format: date-time */
            cancel_requested_at: string | null;
            /** @description Values under names that look like secrets are `***`. */
            env: {
                [key: string]: string;
            };
            payload: {
                [key: string]: unknown;
            };
            /** @description Null also for whoever does not own the job. */
            stdin: string | null;
            webhooks: components["schemas"]["ShownWebhookDto"][];
            /** @description Whether the job's own folder stays on the node after the end. */
            keep_workdir: boolean;
            id: string;
            queue: string;
            name: string | null;
            image: string | null;
            /** @description The same as a sentence. */
            cause_detail: string | null;
            exit_code: number | null;
            /** @description The signal that ended it, e.g. SIGKILL. */
            signal: string | null;
            owner: string;
            /** @description The project whose members may see it. */
            project: string;
            /** @description The API through which it came. */
            dialect: string;
            /** @description Higher runs first. */
            priority: number;
            /** @description Counted from 1; retries by the policy and by hand count. */
            attempt: number;
            /** @description Executions that ended with the loss of their node. */
            losses: number;
            /** @description The node that runs or ran it. */
            node: string | null;
            /** @description Its present or last execution. */
            execution_id: string | null;
            /** @description The cron job of which it is a tick. */
            parent_id: string | null;
            depends_on: string[];
            tags: string[];
            cron: components["schemas"]["CronDto"] | null;
            workdir: string | null;
            resources: components["schemas"]["ResourcesDto"];
            limits: components["schemas"]["LimitsDto"];
            retry: components["schemas"]["RetryDto"] | null;
            artifacts: string[];
            cancel_reason: string | null;
            /** @description Whether it is kept, with all that belongs to it, however old it is. */
            pinned: boolean;
        };
        /**
         * @example {
         *       "id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *       "queue": "default",
         *       "name": "nightly",
         *       "command": "make test",
         *       "image": null,
         *       "state": "succeeded",
         *       "cause": null,
         *       "cause_detail": null,
         *       "exit_code": 0,
         *       "signal": null,
         *       "owner": "anonymous",
         *       "project": "default",
         *       "dialect": "native",
         *       "priority": 0,
         *       "attempt": 1,
         *       "losses": 0,
         *       "node": "node-1",
         *       "execution_id": "0198c0de-8000-7000-8000-5a1f0c2e4b77",
         *       "parent_id": null,
         *       "depends_on": [],
         *       "tags": [
         *         "ci"
         *       ],
         *       "metadata": {},
         *       "cron": null,
         *       "workdir": null,
         *       "resources": {},
         *       "limits": {
         *         "runtime_s": 600
         *       },
         *       "retry": {
         *         "max": 2
         *       },
         *       "artifacts": [
         *         "out/**\/*.xml"
         *       ],
         *       "cancel_reason": null,
         *       "created_at": "2030-01-31T08:00:00.000Z",
         *       "start_at": null,
         *       "expires_at": null,
         *       "queued_at": "2030-01-31T08:00:00.000Z",
         *       "claimed_at": "2030-01-31T08:00:00.000Z",
         *       "started_at": "2030-01-31T08:00:00.000Z",
         *       "finished_at": "2030-01-31T08:00:02.250Z",
         *       "cancel_requested_at": null,
         *       "pinned": false
         *     }
         */
        JobDto: {
            /** @description The command as it was given: a text for the shell or a list. Null: there is nothing for a worker to run. */
            command: (string | string[]) | null;
            state: components["schemas"]["JobState"];
            /** @description Why it did not succeed: one word of a closed list. */
            cause: components["schemas"]["Cause"] | null;
            metadata: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description The job does not start before this time.
             */
            start_at: string | null;
            /**
             * Format: date-time
             * @description The job has to start before this time. Null: none was asked for, or the job has met it and waits again after it ran.
             */
            expires_at: string | null;
            /** Format: date-time */
            queued_at: string | null;
            /** Format: date-time */
            claimed_at: string | null;
            /** Format: date-time */
            started_at: string | null;
            /** Format: date-time */
            finished_at: string | null;
            /** Format: date-time */
            cancel_requested_at: string | null;
            id: string;
            queue: string;
            name: string | null;
            image: string | null;
            /** @description The same as a sentence. */
            cause_detail: string | null;
            exit_code: number | null;
            /** @description The signal that ended it, e.g. SIGKILL. */
            signal: string | null;
            owner: string;
            /** @description The project whose members may see it. */
            project: string;
            /** @description The API through which it came. */
            dialect: string;
            /** @description Higher runs first. */
            priority: number;
            /** @description Counted from 1; retries by the policy and by hand count. */
            attempt: number;
            /** @description Executions that ended with the loss of their node. */
            losses: number;
            /** @description The node that runs or ran it. */
            node: string | null;
            /** @description Its present or last execution. */
            execution_id: string | null;
            /** @description The cron job of which it is a tick. */
            parent_id: string | null;
            depends_on: string[];
            tags: string[];
            cron: components["schemas"]["CronDto"] | null;
            workdir: string | null;
            resources: components["schemas"]["ResourcesDto"];
            limits: components["schemas"]["LimitsDto"];
            retry: components["schemas"]["RetryDto"] | null;
            artifacts: string[];
            cancel_reason: string | null;
            /** @description Whether it is kept, with all that belongs to it, however old it is. */
            pinned: boolean;
        };
        JobFilterDto: {
            /** @description Jobs in one of these states; in a query comma-separated or repeated. */
            state?: components["schemas"]["JobState"][];
            /** @description Jobs that ended for one of these causes; in a query comma-separated or repeated. */
            cause?: components["schemas"]["Cause"][];
            queue?: string;
            /** @description Jobs that run or ran on this node. */
            node?: string;
            owner?: string;
            /** @description Jobs with all of these tags; in a query comma-separated or repeated. */
            tag?: string[];
            /** @description Jobs that ended with this exit code. */
            exit?: number;
            /** @description Jobs that came through this API: `native`, or the name of a dialect. */
            dialect?: string;
            /** @description Jobs of exactly this name. */
            name?: string;
            /** @description Children of this job: ticks of a cron job, and jobs that were submitted with it as `parent_id`. */
            parent?: string;
            /** @description Created at this time or later: a time with its zone, or how long ago it was (`90s`, `15m`, `2h`, `7d`, `4w`). */
            created_after?: string;
            /** @description Created before this time; written like `created_after`. */
            created_before?: string;
            /** @description The last attempt began at this time or later; written like `created_after`. */
            started_after?: string;
            /** @description The last attempt began before this time; written like `created_after`. */
            started_before?: string;
            /** @description Ended at this time or later; written like `created_after`. */
            finished_after?: string;
            /** @description Ended before this time; written like `created_after`. */
            finished_before?: string;
            /** @description Part of the id, the name or the command. */
            q?: string;
        };
        /**
         * @example {
         *       "jobs": [
         *         {
         *           "id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *           "queue": "default",
         *           "name": "nightly",
         *           "command": "make test",
         *           "image": null,
         *           "state": "succeeded",
         *           "cause": null,
         *           "cause_detail": null,
         *           "exit_code": 0,
         *           "signal": null,
         *           "owner": "anonymous",
         *           "project": "default",
         *           "dialect": "native",
         *           "priority": 0,
         *           "attempt": 1,
         *           "losses": 0,
         *           "node": "node-1",
         *           "execution_id": "0198c0de-8000-7000-8000-5a1f0c2e4b77",
         *           "parent_id": null,
         *           "depends_on": [],
         *           "tags": [
         *             "ci"
         *           ],
         *           "metadata": {},
         *           "cron": null,
         *           "workdir": null,
         *           "resources": {},
         *           "limits": {
         *             "runtime_s": 600
         *           },
         *           "retry": {
         *             "max": 2
         *           },
         *           "artifacts": [
         *             "out/**\/*.xml"
         *           ],
         *           "cancel_reason": null,
         *           "created_at": "2030-01-31T08:00:00.000Z",
         *           "start_at": null,
         *           "expires_at": null,
         *           "queued_at": "2030-01-31T08:00:00.000Z",
         *           "claimed_at": "2030-01-31T08:00:00.000Z",
         *           "started_at": "2030-01-31T08:00:00.000Z",
         *           "finished_at": "2030-01-31T08:00:02.250Z",
         *           "cancel_requested_at": null,
         *           "pinned": false
         *         }
         *       ],
         *       "next": "czEyMw"
         *     }
         */
        JobListDto: {
            /** @description Newest first. */
            jobs: components["schemas"]["JobDto"][];
            /** @description Give it as `cursor` for the next page. Null: this was the last. */
            next: string | null;
        };
        /**
         * @description The state of the job now.
         * @enum {string}
         */
        JobState: "scheduled" | "queued" | "claimed" | "running" | "cancelling" | "succeeded" | "failed" | "cancelled" | "expired";
        LimitsDto: {
            /** @description Seconds from the start of the process until it is ended with cause `timeout`. */
            runtime_s?: number;
            /** @description Longest time without a byte of output, seconds; then cause `silence`. */
            silence_s?: number;
            /** @description Bytes of both streams together; then cause `output_limit`. */
            output_bytes?: number;
            /** @description Seconds from TERM to KILL. Default 10. */
            grace_s?: number;
        };
        /**
         * @example {
         *       "body_bytes": 8388608,
         *       "batch_body_bytes": 33554432,
         *       "batch_jobs": 10000,
         *       "queue_name_length": 200,
         *       "name_length": 1000,
         *       "command_bytes": 1048576,
         *       "stdin_bytes": 1048576,
         *       "env_bytes": 524288,
         *       "payload_bytes": 4194304,
         *       "json_depth": 64,
         *       "tags": 100,
         *       "tag_length": 200,
         *       "depends_on": 1000,
         *       "artifacts": 100,
         *       "webhooks": 20,
         *       "priority_min": -1000000,
         *       "priority_max": 1000000,
         *       "retry_max": 1000,
         *       "page_jobs": 1000,
         *       "agent_lease_s": 10
         *     }
         */
        LimitsViewDto: {
            /** @description Bytes of the body of one request with JSON, at most. */
            body_bytes: number;
            /** @description Bytes of the body of a batch, at most. */
            batch_body_bytes: number;
            batch_jobs: number;
            queue_name_length: number;
            name_length: number;
            command_bytes: number;
            stdin_bytes: number;
            env_bytes: number;
            /** @description Payload and metadata together. */
            payload_bytes: number;
            json_depth: number;
            tags: number;
            tag_length: number;
            depends_on: number;
            artifacts: number;
            webhooks: number;
            priority_min: number;
            priority_max: number;
            retry_max: number;
            page_jobs: number;
            /** @description Seconds of silence after which an agent is lost. */
            agent_lease_s: number;
        };
        LiveCountsDto: {
            scheduled: number;
            queued: number;
            claimed: number;
            running: number;
            cancelling: number;
        };
        /**
         * @example {
         *       "stream": "stdout",
         *       "offset": 1000000,
         *       "bytes": 24000,
         *       "reason": "quota"
         *     }
         */
        LogGapDto: {
            /** @description Null: it is not known which. */
            stream: components["schemas"]["Stream"] | null;
            /** @description quota: dropped, the project may keep no more. lost: the agent went away. incomplete: the agent wrote other bytes. */
            reason: components["schemas"]["LogGapReason"];
            /** @description The byte of the stream after the last that is stored; null where the stream is not known. */
            offset: number | null;
            /** @description Bytes that are missing; null: not known. */
            bytes: number | null;
        };
        /**
         * @description quota: dropped, the project may keep no more. lost: the agent went away. incomplete: the agent wrote other bytes.
         * @enum {string}
         */
        LogGapReason: "quota" | "lost" | "incomplete";
        /**
         * @example {
         *       "execution_id": "0198c0de-8000-7000-8000-5a1f0c2e4b77",
         *       "state": "complete",
         *       "lines": 1,
         *       "bytes": 6,
         *       "first_at": "2030-01-31T08:00:00.100Z",
         *       "last_at": "2030-01-31T08:00:00.100Z",
         *       "streams": [
         *         {
         *           "stream": "stdout",
         *           "bytes": 6,
         *           "lines": 1,
         *           "sha256": "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
         *         },
         *         {
         *           "stream": "stderr",
         *           "bytes": 0,
         *           "lines": 0,
         *           "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
         *         }
         *       ],
         *       "points": [
         *         {
         *           "line": 1,
         *           "offset": 0,
         *           "at": "2030-01-31T08:00:00.100Z"
         *         }
         *       ],
         *       "gaps": []
         *     }
         */
        LogIndexDto: {
            state: components["schemas"]["LogState"];
            /**
             * Format: date-time
             * @description When its first piece was seen; null while there is none.
             */
            first_at: string | null;
            /**
             * Format: date-time
             * @description When its last piece was seen; null while there is none.
             */
            last_at: string | null;
            /** @description The execution whose log it is; null while the job has not run. */
            execution_id: string | null;
            /** @description Lines of the view. */
            lines: number;
            /** @description Bytes of the view. */
            bytes: number;
            /** @description Both streams, whichever was asked for. */
            streams: components["schemas"]["LogStreamDto"][];
            /** @description Places about evenly over the bytes, for scroll bars and charts. */
            points: components["schemas"]["LogPointDto"][];
            gaps: components["schemas"]["LogGapDto"][];
        };
        /**
         * @example {
         *       "number": 1,
         *       "at": "2030-01-31T08:00:00.100Z",
         *       "stream": "stdout",
         *       "offset": 0,
         *       "stream_offset": 0,
         *       "bytes": 6,
         *       "text": "hello",
         *       "cut": false,
         *       "ended": true
         *     }
         */
        LogLineDto: {
            /**
             * Format: date-time
             * @description When its first byte was seen, by the agent's clock.
             */
            at: string;
            stream: components["schemas"]["Stream"];
            /** @description From 1, in the view that was asked for. */
            number: number;
            /** @description Its first byte in the view that was asked for. */
            offset: number;
            /** @description Its first byte in its stream, as `GET …/logs?stream=&offset=` counts. */
            stream_offset: number;
            /** @description Bytes, with the newline. */
            bytes: number;
            /** @description The line without its newline; of a long one the first 8,192 bytes. Bytes that are no UTF-8 are replaced. */
            text: string;
            /** @description True: the text is not the whole line. */
            cut: boolean;
            /** @description False: it has no newline yet, and may go on. */
            ended: boolean;
        };
        /**
         * @example {
         *       "execution_id": "0198c0de-8000-7000-8000-5a1f0c2e4b77",
         *       "state": "complete",
         *       "lines": [
         *         {
         *           "number": 1,
         *           "at": "2030-01-31T08:00:00.100Z",
         *           "stream": "stdout",
         *           "offset": 0,
         *           "stream_offset": 0,
         *           "bytes": 6,
         *           "text": "hello",
         *           "cut": false,
         *           "ended": true
         *         }
         *       ],
         *       "next": null,
         *       "total": 1
         *     }
         */
        LogLinesDto: {
            /** @description waiting: the job has not run. live: more may come. complete, incomplete: the execution has ended. */
            state: components["schemas"]["LogState"];
            /** @description The execution whose log it is; null while the job has not run. */
            execution_id: string | null;
            lines: components["schemas"]["LogLineDto"][];
            /** @description The line to go on with (`from`). Null: nothing more is stored. */
            next: number | null;
            /** @description Lines of the view that are stored. */
            total: number;
        };
        /**
         * @example {
         *       "line": 1,
         *       "offset": 0,
         *       "at": "2030-01-31T08:00:00.100Z"
         *     }
         */
        LogPointDto: {
            /** Format: date-time */
            at: string;
            /** @description The number of the line with the piece's first byte, from 1. */
            line: number;
            offset: number;
        };
        /** @enum {string} */
        LogSearchPreset: "errors";
        /**
         * @description waiting: the job has not run. live: more may come. complete, incomplete: the execution has ended.
         * @enum {string}
         */
        LogState: "waiting" | "live" | "complete" | "incomplete";
        LogStreamDto: {
            stream: components["schemas"]["Stream"];
            bytes: number;
            lines: number;
            /** @description The SHA-256 that the agent reported at the end, hexadecimal; null before. */
            sha256: string | null;
        };
        /**
         * @example {
         *       "execution_id": "0198c0de-8000-7000-8000-5a1f0c2e4b77",
         *       "complete": true,
         *       "verified": true,
         *       "streams": [
         *         {
         *           "stream": "stdout",
         *           "bytes": 6,
         *           "sha256": "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03",
         *           "expected_sha256": "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03",
         *           "intact": true,
         *           "matches": true
         *         }
         *       ]
         *     }
         */
        LogVerificationDto: {
            execution_id: string;
            /** @description Every byte the agent says the job wrote is stored. Null before the end. */
            complete: boolean | null;
            /** @description Both streams are intact and match. Null before the end. */
            verified: boolean | null;
            streams: components["schemas"]["StreamVerdictDto"][];
        };
        /**
         * @example {
         *       "client_id": "ada",
         *       "key": "the-key-that-was-shown-once"
         *     }
         */
        LoginDto: {
            /** @description The name of the client. */
            client_id: string;
            /** @description Its key. */
            key: string;
        };
        LostPeriodDto: {
            /** Format: date-time */
            from: string;
            /**
             * Format: date-time
             * @description Null: it takes none still, or nothing is known of its return.
             */
            to: string | null;
            node: string;
        };
        NeedsDto: {
            /** @description The most frequent reasons first, at most 20. */
            failures: components["schemas"]["FailureGroupDto"][];
            /** @description Alarms that fire. */
            alarms: components["schemas"]["AlarmStateDto"][];
            /** @description Nodes that are lost or blocked. */
            nodes: components["schemas"]["NodeTroubleDto"][];
        };
        /**
         * @example {
         *       "id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1a05",
         *       "state": "open",
         *       "queues": [
         *         "default",
         *         "build"
         *       ],
         *       "labels": {
         *         "zone": "a"
         *       },
         *       "slots": 8,
         *       "ticket_login": false,
         *       "created_by": "ops",
         *       "created_at": "2030-01-31T08:00:00.000Z",
         *       "expires_at": "2030-01-31T09:00:00.000Z",
         *       "used_at": null,
         *       "used_by": null,
         *       "used_from": null,
         *       "token": "invite.0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1a05.Zk3oQm1xT8s5vB2nL7cR9dW4yH6jP0aE1uG3iK5fX8M",
         *       "public_url": "https://drover.example",
         *       "ca_fingerprint": "sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
         *     }
         */
        NewInvitationDto: {
            /** @description open: a node may use it. */
            state: components["schemas"]["InvitationState"];
            /** @description The labels of the node */
            labels: {
                [key: string]: string;
            };
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string;
            /** Format: date-time */
            used_at: string | null;
            /** @description For `drover enrol` on the new node. It is shown this once. */
            token: string;
            /** @description Where nodes and people reach this API (DROVER_PUBLIC_URL). Null: it is not set. */
            public_url: string | null;
            /** @description The fingerprint of the authority of the API's certificate, for `drover enrol --ca-fingerprint`. Null: the API speaks no TLS, or does not send its authority along. */
            ca_fingerprint: string | null;
            id: string;
            /** @description The only queues that the node may serve. */
            queues: string[];
            /** @description Slots of the node at most. Null: as many as it likes. */
            slots: number | null;
            /** @description The node gets a login to the ticket store. */
            ticket_login: boolean;
            /** @description The client that made it. */
            created_by: string;
            /** @description The name of the node that used it. */
            used_by: string | null;
            /** @description The address that node came from. */
            used_from: string | null;
        };
        NodeDiskDto: {
            free_bytes: number;
            total_bytes: number;
        };
        NodeFactsDto: {
            labels: {
                [key: string]: string;
            };
            hostname: string;
            /** @description The version of the agent program. */
            version: string;
            os: string;
            cpus: number;
            memory_mb: number;
            gpus: components["schemas"]["GpuDto"][];
            /** @description process, container. */
            executors: string[];
            /** @description Why containers cannot be run there. */
            container_problem?: string;
            /** @description Why processes are not limited by a cgroup of their own there, and what holds their limits instead. */
            cgroup_problem?: string;
            /** @description How far jobs that are processes are kept from the node and from each other: none, user, namespace. */
            isolation?: string;
            /** @description Where the worker serves metrics about itself, `host:port`; absent: nowhere. */
            metrics_address?: string;
        };
        NodeOverviewDto: {
            /** @enum {string} */
            kind: "worker" | "pull";
            state: components["schemas"]["AgentState"];
            /** @description Why it takes no work although it is online. Null: it takes work. */
            blocked_by: components["schemas"]["AgentBlock"] | null;
            /**
             * Format: date-time
             * @description When it was last heard of. Null while it is online.
             */
            last_seen_at: string | null;
            name: string;
            /** @description True: it is offline, and has not said that it goes. */
            lost: boolean;
            queues: string[];
            slots: number;
            gpus: number;
            /** @description The slots that are taken, by their numbers. */
            taken: components["schemas"]["TakenSlotDto"][];
        };
        NodePeriodDto: {
            /** Format: date-time */
            from: string;
            /**
             * Format: date-time
             * @description Null: it takes none still, or nothing is known of its return.
             */
            to: string | null;
            node: string;
        };
        NodeTroubleDto: {
            name: string;
            /** @description lost, or a word for what blocks it. */
            why: string;
            /** @description The trouble in one sentence. */
            sentence: string;
        };
        /**
         * @example {
         *       "at": "2030-01-31T08:00:02.250Z",
         *       "queues": [
         *         {
         *           "name": "default",
         *           "paused": false,
         *           "pause": null,
         *           "waiting": 3,
         *           "scheduled": 1,
         *           "running": 4,
         *           "oldest_queued_at": "2030-01-31T08:00:00.000Z",
         *           "wait_p50_s": 0.012,
         *           "wait_p95_s": 1.4,
         *           "started": 1200,
         *           "failed": 7,
         *           "agents": 1,
         *           "slots": 4
         *         }
         *       ],
         *       "queues_gone": [
         *         "old"
         *       ],
         *       "nodes": [],
         *       "nodes_gone": [],
         *       "needs": null
         *     }
         */
        OverviewChangeDto: {
            /** Format: date-time */
            at: string;
            /** @description Queues that are new or have changed. */
            queues: components["schemas"]["QueueOverviewDto"][];
            /** @description Names of queues that are gone. */
            queues_gone: string[];
            /** @description Nodes that are new or have changed. */
            nodes: components["schemas"]["NodeOverviewDto"][];
            /** @description Names of nodes that are gone. */
            nodes_gone: string[];
            /** @description Null: as before. */
            needs: components["schemas"]["NeedsDto"] | null;
        };
        /**
         * @example {
         *       "at": "2030-01-31T08:00:02.250Z",
         *       "queues": [
         *         {
         *           "name": "default",
         *           "paused": false,
         *           "pause": null,
         *           "waiting": 3,
         *           "scheduled": 1,
         *           "running": 4,
         *           "oldest_queued_at": "2030-01-31T08:00:00.000Z",
         *           "wait_p50_s": 0.012,
         *           "wait_p95_s": 1.4,
         *           "started": 1200,
         *           "failed": 7,
         *           "agents": 1,
         *           "slots": 4
         *         }
         *       ],
         *       "nodes": [
         *         {
         *           "name": "node-1",
         *           "kind": "worker",
         *           "state": "online",
         *           "lost": false,
         *           "blocked_by": null,
         *           "last_seen_at": null,
         *           "queues": [
         *             "default"
         *           ],
         *           "slots": 4,
         *           "gpus": 1,
         *           "taken": [
         *             {
         *               "slot": 1,
         *               "slots": 1,
         *               "job": {
         *                 "job_id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *                 "execution_id": "0198c0de-8000-7000-8000-5a1f0c2e4b77",
         *                 "name": "nightly",
         *                 "owner": "alice",
         *                 "queue": "default",
         *                 "state": "running"
         *               },
         *               "since": "2030-01-31T08:00:00.000Z",
         *               "gpus": [
         *                 0
         *               ]
         *             }
         *           ]
         *         }
         *       ],
         *       "needs": {
         *         "failures": [
         *           {
         *             "sentence": "It ended with exit code 2.",
         *             "cause": "exit_code",
         *             "exit_code": 2,
         *             "count": 7,
         *             "queues": [
         *               "default"
         *             ],
         *             "job_id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *             "filter": {
         *               "state": [
         *                 "failed"
         *               ],
         *               "cause": [
         *                 "exit_code"
         *               ],
         *               "exit": 2,
         *               "finished_after": "1h"
         *             }
         *           }
         *         ],
         *         "alarms": [],
         *         "nodes": []
         *       }
         *     }
         */
        OverviewDto: {
            /** Format: date-time */
            at: string;
            /** @description By name. */
            queues: components["schemas"]["QueueOverviewDto"][];
            /** @description By name. Those that have been offline for 7 days are left out. */
            nodes: components["schemas"]["NodeOverviewDto"][];
            needs: components["schemas"]["NeedsDto"];
        };
        PauseDto: {
            /** Format: date-time */
            since: string;
            /** @description The client that paused it. */
            by: string;
            /** @description Why, as that client said it. */
            reason: string | null;
        };
        /**
         * @example {
         *       "reason": "the build server moves"
         *     }
         */
        PauseQueueDto: {
            /** @description Why, for people who wonder. */
            reason?: string;
        };
        PhaseDto: {
            /** @description accepted: until it is in its queue. queued: until a node takes it. claimed: until its process runs. first_output: from then until its first byte. running: from then until its exit. result: until its end is in the record. */
            name: components["schemas"]["PhaseName"];
            /**
             * Format: date-time
             * @description Null: it has not begun, or its begin is not known any more.
             */
            from: string | null;
            /**
             * Format: date-time
             * @description Null: it goes on, or it never came.
             */
            to: string | null;
            /** @description Its length; null unless both ends are known. */
            seconds: number | null;
            /** @description The median length of this step in the queue; of running, that of the job's earlier runs of the same command that succeeded. Null: there are none, or the step waits for a time of its own or for other jobs. */
            median_s: number | null;
        };
        /**
         * @example {
         *       "job_id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *       "attempts": [
         *         {
         *           "execution_id": "0198c0de-8000-7000-8000-5a1f0c2e4b77",
         *           "attempt": 1,
         *           "node": "node-1",
         *           "state": "ended",
         *           "cause": null,
         *           "phases": [
         *             {
         *               "name": "running",
         *               "from": "2030-01-31T08:00:00.000Z",
         *               "to": "2030-01-31T08:00:02.250Z",
         *               "seconds": 2.25,
         *               "median_s": 2.1
         *             }
         *           ]
         *         }
         *       ],
         *       "median_runs": 200
         *     }
         */
        PhaseListDto: {
            job_id: string;
            /** @description Oldest first. */
            attempts: components["schemas"]["AttemptPhasesDto"][];
            /** @description The number of runs of the queue that the medians are from, 200 at most. */
            median_runs: number;
        };
        /**
         * @description accepted: until it is in its queue. queued: until a node takes it. claimed: until its process runs. first_output: from then until its first byte. running: from then until its exit. result: until its end is in the record.
         * @enum {string}
         */
        PhaseName: "accepted" | "queued" | "claimed" | "first_output" | "running" | "result";
        ProblemDto: {
            type: string;
            title: string;
            status: number;
            /** @description The cause of the failure, and its remedy. */
            detail: string;
            /** @description One word, for programs. */
            code: string;
            errors?: components["schemas"]["FieldFaultDto"][];
        };
        /**
         * @example {
         *       "job": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *       "name": "solve",
         *       "command": "./solve -n 4",
         *       "size": 4,
         *       "queue": "default",
         *       "owner": "anonymous",
         *       "node": "node-1",
         *       "outcome": "succeeded",
         *       "cause": null,
         *       "exit_code": 0,
         *       "started_at": "2030-01-31T08:00:00.000Z",
         *       "finished_at": "2030-01-31T08:00:02.250Z",
         *       "summary": {
         *         "wall_s": 2.25,
         *         "cpu_seconds": 8.5,
         *         "peak_memory_bytes": 52428800,
         *         "read_bytes": 4096,
         *         "write_bytes": 0,
         *         "samples": {
         *           "samples": 2,
         *           "cpu_percent_mean": 378,
         *           "cpu_percent_max": 396,
         *           "memory_bytes_mean": 50331648
         *         }
         *       },
         *       "metrics": [
         *         {
         *           "name": "app_iterations_total",
         *           "doc": "iterations done",
         *           "type": "counter",
         *           "value": 30
         *         },
         *         {
         *           "name": "proxy_cpu_total",
         *           "doc": "Number of tracked CPUs by individual proxies",
         *           "type": "gauge",
         *           "value": 4,
         *           "min": 4,
         *           "max": 4,
         *           "hits": 1
         *         }
         *       ]
         *     }
         */
        ProfileDto: {
            job: string;
            /** @description The name that its client gave the job. Null: none, or the profile is older than names of profiles. */
            name: string | null;
            command: string;
            size: number;
            queue: string | null;
            owner: string | null;
            node: string | null;
            /** @description State in which the job ended; null: a job of metric clients or a joined proxy. */
            outcome: string | null;
            cause: string | null;
            exit_code: number | null;
            started_at: string | null;
            finished_at: string;
            summary: components["schemas"]["ProfileSummaryDto"];
            metrics: components["schemas"]["ProfileMetricDto"][];
        };
        ProfileHeadDto: {
            job: string;
            /** @description The name that its client gave the job. Null: none, or the profile is older than names of profiles. */
            name: string | null;
            command: string;
            size: number;
            queue: string | null;
            owner: string | null;
            node: string | null;
            /** @description State in which the job ended; null: a job of metric clients or a joined proxy. */
            outcome: string | null;
            cause: string | null;
            exit_code: number | null;
            started_at: string | null;
            finished_at: string;
            summary: components["schemas"]["ProfileSummaryDto"];
        };
        /**
         * @example {
         *       "profiles": [
         *         {
         *           "job": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *           "name": "solve",
         *           "command": "./solve -n 4",
         *           "size": 4,
         *           "queue": "default",
         *           "owner": "anonymous",
         *           "node": "node-1",
         *           "outcome": "succeeded",
         *           "cause": null,
         *           "exit_code": 0,
         *           "started_at": "2030-01-31T08:00:00.000Z",
         *           "finished_at": "2030-01-31T08:00:02.250Z",
         *           "summary": {
         *             "wall_s": 2.25,
         *             "cpu_seconds": 8.5,
         *             "peak_memory_bytes": 52428800,
         *             "read_bytes": 4096,
         *             "write_bytes": 0,
         *             "samples": {
         *               "samples": 2,
         *               "cpu_percent_mean": 378,
         *               "cpu_percent_max": 396,
         *               "memory_bytes_mean": 50331648
         *             }
         *           }
         *         }
         *       ],
         *       "next": null
         *     }
         */
        ProfileListDto: {
            profiles: components["schemas"]["ProfileHeadDto"][];
            /** @description The cursor of the next page. Null: this was the last one. */
            next: string | null;
        };
        ProfileMetricDto: {
            name: string;
            doc: string;
            /** @enum {string} */
            type: "counter" | "gauge";
            value: number | null;
            min?: number;
            max?: number;
            hits?: number;
        };
        ProfileSummaryDto: {
            /** @description Seconds from its start to its end. */
            wall_s: number | null;
            cpu_seconds: number | null;
            peak_memory_bytes: number | null;
            read_bytes: number | null;
            write_bytes: number | null;
            samples: components["schemas"]["SampleDigestDto"] | null;
        };
        /**
         * @example {
         *       "name": "payments",
         *       "usage": {
         *         "waiting_jobs": 12,
         *         "log_bytes": 1048576,
         *         "artifacts": 3,
         *         "artifact_bytes": 4096,
         *         "series": 40
         *       },
         *       "quotas": {
         *         "waiting_jobs": 1000000,
         *         "log_bytes": 1099511627776,
         *         "artifacts": 10000000,
         *         "artifact_bytes": 1099511627776,
         *         "series": 5000
         *       },
         *       "own": [
         *         "series"
         *       ]
         *     }
         */
        ProjectDto: {
            /** @description Quotas that were set for this project; the others are those of the settings. */
            own: ("waiting_jobs" | "log_bytes" | "artifacts" | "artifact_bytes" | "series")[];
            name: string;
            /** @description The use at this moment. */
            usage: components["schemas"]["QuotaValuesDto"];
            /** @description The most it may have; 0: no limit. */
            quotas: components["schemas"]["QuotaValuesDto"];
        };
        /**
         * @example {
         *       "projects": [
         *         {
         *           "name": "payments",
         *           "usage": {
         *             "waiting_jobs": 12,
         *             "log_bytes": 1048576,
         *             "artifacts": 3,
         *             "artifact_bytes": 4096,
         *             "series": 40
         *           },
         *           "quotas": {
         *             "waiting_jobs": 1000000,
         *             "log_bytes": 1099511627776,
         *             "artifacts": 10000000,
         *             "artifact_bytes": 1099511627776,
         *             "series": 5000
         *           },
         *           "own": [
         *             "series"
         *           ]
         *         }
         *       ]
         *     }
         */
        ProjectListDto: {
            /** @description All of them, in the order of their names. */
            projects: components["schemas"]["ProjectDto"][];
        };
        /**
         * @example {
         *       "waiting_jobs": 50000,
         *       "series": null
         *     }
         */
        ProjectQuotasDto: {
            /** @description Jobs that have not started */
            waiting_jobs?: number | null;
            /** @description Bytes of output kept, before compression */
            log_bytes?: number | null;
            /** @description Artifacts kept */
            artifacts?: number | null;
            /** @description Bytes of artifacts kept */
            artifact_bytes?: number | null;
            /** @description Series of metrics that clients tell at the same time */
            series?: number | null;
        };
        /**
         * @example {
         *       "name": "default",
         *       "paused": true,
         *       "pause": {
         *         "since": "2030-01-31T08:00:00.000Z",
         *         "by": "alice",
         *         "reason": "the build server moves"
         *       },
         *       "counts": {
         *         "scheduled": 0,
         *         "queued": 3,
         *         "claimed": 0,
         *         "running": 4,
         *         "cancelling": 0
         *       },
         *       "oldest_queued_s": 1.5,
         *       "agents": 1,
         *       "slots": 4,
         *       "slots_free": 0,
         *       "projects": []
         *     }
         */
        QueueDto: {
            name: string;
            /** @description Nothing of it starts. */
            paused: boolean;
            /** @description The pause, with who asked for it and why. Null: it is not paused, or nothing is known. */
            pause: components["schemas"]["PauseDto"] | null;
            counts: components["schemas"]["LiveCountsDto"];
            /** @description Seconds the oldest queued job has waited; null: none waits. */
            oldest_queued_s: number | null;
            /** @description Agents online that serve it. */
            agents: number;
            /** @description Slots of those agents together; they may serve other queues, too. */
            slots: number;
            slots_free: number;
            /** @description The only projects that may submit to it, by name. Empty: every project may. */
            projects: string[];
        };
        /**
         * @example {
         *       "queues": [
         *         {
         *           "name": "default",
         *           "paused": true,
         *           "pause": {
         *             "since": "2030-01-31T08:00:00.000Z",
         *             "by": "alice",
         *             "reason": "the build server moves"
         *           },
         *           "counts": {
         *             "scheduled": 0,
         *             "queued": 3,
         *             "claimed": 0,
         *             "running": 4,
         *             "cancelling": 0
         *           },
         *           "oldest_queued_s": 1.5,
         *           "agents": 1,
         *           "slots": 4,
         *           "slots_free": 0,
         *           "projects": []
         *         }
         *       ]
         *     }
         */
        QueueListDto: {
            /** @description All of them, in the order of their names. */
            queues: components["schemas"]["QueueDto"][];
        };
        QueueOverviewDto: {
            /**
             * Format: date-time
             * @description When the oldest of the waiting jobs was queued. Null: none waits.
             */
            oldest_queued_at: string | null;
            name: string;
            paused: boolean;
            /** @description The pause, with who asked for it and why. Null: it is not paused, or nothing is known. */
            pause: components["schemas"]["PauseDto"] | null;
            /** @description Jobs that could start now. */
            waiting: number;
            /** @description Jobs that wait for a time, a retry or other jobs. */
            scheduled: number;
            /** @description Jobs that a node has, also those that are being cancelled. */
            running: number;
            /** @description Half of the starts of the last hour came after no longer a wait, in seconds; exact to 15 %. Null: nothing started. */
            wait_p50_s: number | null;
            /** @description The same of 95 % of the starts. */
            wait_p95_s: number | null;
            /** @description Starts in the last hour, retries as well. */
            started: number;
            /** @description Jobs that failed in the last hour. */
            failed: number;
            /** @description Agents online that serve it. */
            agents: number;
            /** @description Slots of those agents together; they may serve other queues, too. */
            slots: number;
        };
        /**
         * @example {
         *       "projects": [
         *         "payments"
         *       ]
         *     }
         */
        QueueProjectsDto: {
            /** @description None: the queue is open to every project again. */
            projects: string[];
        };
        QuotaValuesDto: {
            /** @description Jobs that have not started. */
            waiting_jobs: number;
            /** @description Bytes of output kept, before compression. */
            log_bytes: number;
            /** @description Artifacts kept. */
            artifacts: number;
            /** @description Bytes of artifacts kept. */
            artifact_bytes: number;
            /** @description Series of metrics that clients tell at this time. */
            series: number;
        };
        ReasonDto: {
            /** @description One word, for programs. */
            code: string;
            /** @description One sentence, for people. */
            message: string;
            /** @description The remedy, if there is one. */
            remedy: string | null;
        };
        ResourcesDto: {
            /** @description Nodes, all at once. */
            nodes?: number;
            /** @description Processes over all nodes. */
            tasks?: number;
            /** @description Processors of each task. */
            cpus_per_task?: number;
            /** @description GPUs of each task. */
            gpus_per_task?: number;
            /** @description Memory in MiB. */
            memory_mb?: number;
            /** @description Alone on its node. */
            exclusive?: boolean;
        };
        /**
         * @example {
         *       "id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *       "state": "succeeded",
         *       "cause": null,
         *       "cause_detail": null,
         *       "exit_code": 0,
         *       "signal": null,
         *       "attempt": 1,
         *       "node": "node-1",
         *       "started_at": "2030-01-31T08:00:00.000Z",
         *       "finished_at": "2030-01-31T08:00:02.250Z",
         *       "duration_s": 2.25,
         *       "execution": {
         *         "id": "0198c0de-8000-7000-8000-5a1f0c2e4b77",
         *         "job_id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *         "epoch": 1,
         *         "attempt": 1,
         *         "node": "node-1",
         *         "state": "ended",
         *         "phase": null,
         *         "cause": null,
         *         "cause_detail": null,
         *         "exit_code": 0,
         *         "signal": null,
         *         "pid": 4711,
         *         "container_id": null,
         *         "claimed_at": "2030-01-31T08:00:00.000Z",
         *         "spawned_at": "2030-01-31T08:00:00.000Z",
         *         "first_byte_at": "2030-01-31T08:00:00.000Z",
         *         "exited_at": "2030-01-31T08:00:02.250Z",
         *         "finished_at": "2030-01-31T08:00:02.250Z",
         *         "stdout_bytes": 6,
         *         "stderr_bytes": 0,
         *         "stdout_sha256": "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03",
         *         "stderr_sha256": null,
         *         "log_complete": true,
         *         "log_dropped": 0
         *       },
         *       "artifacts": 1
         *     }
         */
        ResultDto: {
            state: components["schemas"]["JobState"];
            cause: components["schemas"]["Cause"] | null;
            /** Format: date-time */
            started_at: string | null;
            /** Format: date-time */
            finished_at: string | null;
            id: string;
            cause_detail: string | null;
            exit_code: number | null;
            signal: string | null;
            attempt: number;
            node: string | null;
            /** @description Seconds between those two. */
            duration_s: number | null;
            /** @description Null: it never ran. */
            execution: components["schemas"]["ExecutionDto"] | null;
            /** @description How many artifacts it left. */
            artifacts: number;
        };
        RetryDto: {
            /** @description How many attempts may follow the first. */
            max: number;
            /** @description Seconds before the first retry. Default 1. */
            backoff_s?: number;
            /** @description Each further wait is this many times longer (at most a day). Default 2. */
            factor?: number;
        };
        /** @enum {string} */
        Role: "viewer" | "submitter" | "agent" | "operator" | "admin";
        RunDto: {
            state: components["schemas"]["JobState"];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            started_at: string | null;
            id: string;
            exit_code: number | null;
            node: string | null;
            /** @description From its start to its end. */
            duration_s: number | null;
            /** @description The mean of its CPU use; 100 is one core. Null: nothing was read. */
            cpu_avg: number | null;
            /** @description The most memory that was read, in bytes. */
            memory_max: number | null;
        };
        /**
         * @example {
         *       "previous": {
         *         "id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *         "queue": "default",
         *         "name": "nightly",
         *         "command": "make test",
         *         "image": null,
         *         "state": "succeeded",
         *         "cause": null,
         *         "cause_detail": null,
         *         "exit_code": 0,
         *         "signal": null,
         *         "owner": "anonymous",
         *         "project": "default",
         *         "dialect": "native",
         *         "priority": 0,
         *         "attempt": 1,
         *         "losses": 0,
         *         "node": "node-1",
         *         "execution_id": "0198c0de-8000-7000-8000-5a1f0c2e4b77",
         *         "parent_id": null,
         *         "depends_on": [],
         *         "tags": [
         *           "ci"
         *         ],
         *         "metadata": {},
         *         "cron": null,
         *         "workdir": null,
         *         "resources": {},
         *         "limits": {
         *           "runtime_s": 600
         *         },
         *         "retry": {
         *           "max": 2
         *         },
         *         "artifacts": [
         *           "out/**\/*.xml"
         *         ],
         *         "cancel_reason": null,
         *         "created_at": "2030-01-31T08:00:00.000Z",
         *         "start_at": null,
         *         "expires_at": null,
         *         "queued_at": "2030-01-31T08:00:00.000Z",
         *         "claimed_at": "2030-01-31T08:00:00.000Z",
         *         "started_at": "2030-01-31T08:00:00.000Z",
         *         "finished_at": "2030-01-31T08:00:02.250Z",
         *         "cancel_requested_at": null,
         *         "pinned": false,
         *         "env": {},
         *         "stdin": null,
         *         "payload": {},
         *         "webhooks": [],
         *         "keep_workdir": false
         *       },
         *       "next": null,
         *       "same": "command",
         *       "last": [
         *         {
         *           "id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *           "state": "succeeded",
         *           "exit_code": 0,
         *           "node": "node-1",
         *           "created_at": "2030-01-31T08:00:00.000Z",
         *           "started_at": "2030-01-31T08:00:00.000Z",
         *           "duration_s": 2.25,
         *           "cpu_avg": 87.5,
         *           "memory_max": 104857600
         *         }
         *       ],
         *       "band": {
         *         "p10_s": 2,
         *         "p50_s": 2.25,
         *         "p90_s": 3,
         *         "runs": 20
         *       }
         *     }
         */
        RunListDto: {
            /** @description The run before, to compare with: of the same name, or of the same command where the job has no name. Null: there is none. */
            previous: components["schemas"]["JobDetailDto"] | null;
            next: components["schemas"]["JobDto"] | null;
            /**
             * @description The part that the last runs have in common. `command`: the command and the image. `name`: no job of the same command has run before, and these have the same name.
             * @enum {string}
             */
            same: "command" | "name";
            /** @description The last 20 runs before it, newest first. */
            last: components["schemas"]["RunDto"][];
            band: components["schemas"]["BandDto"];
        };
        SampleDigestDto: {
            samples: number;
            cpu_percent_mean: number | null;
            cpu_percent_max: number | null;
            memory_bytes_mean: number | null;
        };
        SampleDto: {
            /** Format: date-time */
            at: string;
            /** @description Null: sent from outside for an observed job. */
            execution_id: string | null;
            /** @description 100 = one core busy. */
            cpu_percent: number | null;
            memory_bytes: number | null;
            /** @description Running totals. */
            read_bytes: number | null;
            write_bytes: number | null;
            cpu_seconds: number | null;
            processes: number | null;
            gpu_percent: number | null;
            gpu_memory_bytes: number | null;
        };
        /**
         * @example {
         *       "samples": [
         *         {
         *           "execution_id": "0198c0de-8000-7000-8000-5a1f0c2e4b77",
         *           "at": "2030-01-31T08:00:00.000Z",
         *           "cpu_percent": 97.5,
         *           "memory_bytes": 52428800,
         *           "read_bytes": 4096,
         *           "write_bytes": 0,
         *           "cpu_seconds": 1.9,
         *           "processes": 3,
         *           "gpu_percent": null,
         *           "gpu_memory_bytes": null
         *         }
         *       ]
         *     }
         */
        SampleListDto: {
            /** @description Oldest first. */
            samples: components["schemas"]["SampleDto"][];
        };
        /**
         * @example {
         *       "address": "localhost:9100",
         *       "period_s": 5,
         *       "keep": true
         *     }
         */
        ScrapeTargetDto: {
            /** @description `host:port`, without http://. */
            address: string;
            /** @description Seconds between two scrapes. Default DROVER_SCRAPE_PERIOD. */
            period_s?: number;
            /** @description Scraped only while this job runs, and part of its metrics. */
            job?: string;
            /** @description Kept when it fails, and tried more and more seldom. Default false: dropped after three failures in a row. */
            keep?: boolean;
        };
        /**
         * @example {
         *       "targets": [
         *         {
         *           "id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *           "address": "localhost:9100",
         *           "url": "http://localhost:9100/metrics",
         *           "kind": "prometheus",
         *           "period_s": 5,
         *           "job": null,
         *           "keep": false,
         *           "health": "up",
         *           "failures": 0,
         *           "last_error": null,
         *           "last_scrape_at": "2030-01-31T08:00:02.250Z",
         *           "last_duration_ms": 12,
         *           "series": 512,
         *           "owner": "anonymous",
         *           "created_at": "2030-01-31T08:00:00.000Z"
         *         }
         *       ]
         *     }
         */
        ScrapeTargetListDto: {
            targets: components["schemas"]["ScrapeTargetViewDto"][];
        };
        /**
         * @example {
         *       "id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *       "address": "localhost:9100",
         *       "url": "http://localhost:9100/metrics",
         *       "kind": "prometheus",
         *       "period_s": 5,
         *       "job": null,
         *       "keep": false,
         *       "health": "up",
         *       "failures": 0,
         *       "last_error": null,
         *       "last_scrape_at": "2030-01-31T08:00:02.250Z",
         *       "last_duration_ms": 12,
         *       "series": 512,
         *       "owner": "anonymous",
         *       "created_at": "2030-01-31T08:00:00.000Z"
         *     }
         */
        ScrapeTargetViewDto: {
            id: string;
            address: string;
            url: string;
            /**
             * @description prometheus: an exporter. proxy: another metric proxy, or another Drover.
             * @enum {string}
             */
            kind: "prometheus" | "proxy";
            period_s: number;
            job: string | null;
            keep: boolean;
            /**
             * @description unknown: not scraped yet.
             * @enum {string}
             */
            health: "unknown" | "up" | "down";
            /** @description Failed scrapes in a row. */
            failures: number;
            last_error: string | null;
            last_scrape_at: string | null;
            last_duration_ms: number | null;
            /** @description The series that the last scrape gave. */
            series: number;
            owner: string;
            created_at: string;
        };
        /**
         * @example {
         *       "auth": "oauth2",
         *       "client_id": "ada",
         *       "role": "submitter",
         *       "project": "default",
         *       "abilities": [
         *         "read",
         *         "submit"
         *       ],
         *       "expires_at": "2030-01-31T08:00:00.000Z"
         *     }
         */
        SessionDto: {
            /**
             * @description none: nobody logs in here, and every request may do everything. oauth2: clients log in.
             * @enum {string}
             */
            auth: "none" | "oauth2";
            role: components["schemas"]["Role"] | null;
            /** @description The kinds of requests it may send (docs/security.md, "Roles"). */
            abilities: components["schemas"]["Ability"][];
            /**
             * Format: date-time
             * @description The end of the session. Null: the request came without one.
             */
            expires_at: string | null;
            /** @description Null: nobody has logged in. */
            client_id: string | null;
            /** @description The project that what it makes belongs to. */
            project: string | null;
        };
        ShownWebhookDto: {
            on: components["schemas"]["JobState"][];
            format: components["schemas"]["WebhookFormat"];
            url: string;
            /** @description Whether there is a secret; it is never shown. */
            signed: boolean;
        };
        /**
         * @example {
         *       "matchers": [
         *         {
         *           "name": "alertname",
         *           "value": "too *",
         *           "glob": true,
         *           "equal": true
         *         }
         *       ],
         *       "ends_at": "2030-01-31T08:00:02.250Z",
         *       "comment": "maintenance"
         *     }
         */
        SilenceDto: {
            /** @description All must match. */
            matchers: components["schemas"]["SilenceMatcherDto"][];
            /** @description Default now. */
            starts_at?: string;
            ends_at: string;
            comment?: string;
        };
        /**
         * @example {
         *       "silences": [
         *         {
         *           "id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *           "starts_at": "2030-01-31T08:00:00.000Z",
         *           "owner": "anonymous",
         *           "created_at": "2030-01-31T08:00:00.000Z",
         *           "matchers": [
         *             {
         *               "name": "alertname",
         *               "value": "too *",
         *               "glob": true,
         *               "equal": true
         *             }
         *           ],
         *           "ends_at": "2030-01-31T08:00:02.250Z",
         *           "comment": "maintenance"
         *         }
         *       ]
         *     }
         */
        SilenceListDto: {
            silences: components["schemas"]["SilenceViewDto"][];
        };
        SilenceMatcherDto: {
            /** @description Label of an alert: alertname, severity, entry, metric, job, node, queue, command, or one of the alarm's own. */
            name: string;
            value: string;
            /** @description `*` in the value stands for any text. Default false. */
            glob?: boolean;
            /** @description false: all but these. Default true. */
            equal?: boolean;
        };
        /**
         * @example {
         *       "id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *       "starts_at": "2030-01-31T08:00:00.000Z",
         *       "owner": "anonymous",
         *       "created_at": "2030-01-31T08:00:00.000Z",
         *       "matchers": [
         *         {
         *           "name": "alertname",
         *           "value": "too *",
         *           "glob": true,
         *           "equal": true
         *         }
         *       ],
         *       "ends_at": "2030-01-31T08:00:02.250Z",
         *       "comment": "maintenance"
         *     }
         */
        SilenceViewDto: {
            id: string;
            matchers: components["schemas"]["SilenceMatcherDto"][];
            starts_at: string;
            ends_at: string;
            comment: string;
            owner: string;
            created_at: string;
        };
        SkippedDto: {
            /** @description One sentence. */
            reason: string;
            count: number;
            /** @description Ids of up to five of them. */
            examples: string[];
        };
        SlotJobDto: {
            state: components["schemas"]["JobState"];
            job_id: string;
            execution_id: string;
            /** @description The name, or the beginning of the command. Null: neither is known. */
            name: string | null;
            owner: string;
            queue: string;
        };
        StartForecastDto: {
            /** Format: date-time */
            p50_at: string | null;
            /** Format: date-time */
            p90_at: string | null;
            /** @description well: from 20 runs or more, on workers that serve this queue alone. roughly: from fewer, or others share the workers. unknown: there is no base. */
            sure: components["schemas"]["ForecastSureness"];
            /** @description Its place in its queue, from 1. Null: it is in no queue now. */
            position: number | null;
            /** @description Seconds from now by which half of such jobs start. Null: it is not known. */
            p50_s: number | null;
            /** @description The same of nine in ten. */
            p90_s: number | null;
            /** @description Why it is then, and what it is from. */
            sentence: string;
        };
        /** @enum {string} */
        Stream: "stdout" | "stderr";
        StreamVerdictDto: {
            stream: components["schemas"]["Stream"];
            /** @description Stored bytes. */
            bytes: number;
            /** @description The SHA-256 of the stored bytes, hexadecimal. */
            sha256: string;
            /** @description The hash that the agent reported at the end; null before. */
            expected_sha256: string | null;
            /** @description No gap, no overlap, every piece readable. */
            intact: boolean;
            /** @description Stored and reported agree; null before the end. */
            matches: boolean | null;
            /** @description The fault, in a sentence. */
            problem?: string;
        };
        /**
         * @example {
         *       "jobs": [
         *         {
         *           "queue": "default",
         *           "name": "nightly",
         *           "command": "make test",
         *           "env": {
         *             "LEVEL": "3"
         *           },
         *           "limits": {
         *             "runtime_s": 600
         *           },
         *           "retry": {
         *             "max": 2
         *           },
         *           "tags": [
         *             "ci"
         *           ],
         *           "artifacts": [
         *             "out/**\/*.xml"
         *           ]
         *         },
         *         {
         *           "command": [
         *             "echo",
         *             "hello"
         *           ]
         *         }
         *       ]
         *     }
         */
        SubmitBatchDto: {
            /** @description 1 to 10,000 jobs. They may depend on each other when you choose their ids. */
            jobs: components["schemas"]["SubmitJobDto"][];
        };
        /**
         * @example {
         *       "queue": "default",
         *       "name": "nightly",
         *       "command": "make test",
         *       "env": {
         *         "LEVEL": "3"
         *       },
         *       "limits": {
         *         "runtime_s": 600
         *       },
         *       "retry": {
         *         "max": 2
         *       },
         *       "tags": [
         *         "ci"
         *       ],
         *       "artifacts": [
         *         "out/**\/*.xml"
         *       ]
         *     }
         */
        SubmitJobDto: {
            /** @description A text is run by `/bin/sh -c`; a list is executed as it is. May be absent only with a `payload`, for an HTTP-pull agent. */
            command?: string | string[];
            /** @description Environment of the job. */
            env?: {
                [key: string]: string;
            };
            /**
             * Format: date-time
             * @description The job does not start before this time. ISO 8601 with its zone.
             */
            start_at?: string;
            /** @description Repeats: each tick makes a child job (its `parent_id` is this one). A text is in UTC. */
            cron?: string | components["schemas"]["CronDto"];
            /**
             * Format: date-time
             * @description Ends as `expired` if it has not started by then. A job that has run has met it: it no longer expires when its node is lost or it is tried again. ISO 8601 with its zone.
             */
            expires_at?: string;
            /** @description Yours; Drover only keeps it. */
            metadata?: {
                [key: string]: unknown;
            };
            /** @description Opaque, for HTTP-pull agents. */
            payload?: {
                [key: string]: unknown;
            };
            /** @description Id of your own: a UUID in lower case. Default: made by Drover. */
            id?: string;
            /** @description The line in which it waits. Default `default`. */
            queue?: string;
            /** @description A text for people. */
            name?: string;
            /** @description Runs in a container of this image. */
            image?: string;
            /** @description Relative to the job's own folder, or absolute. Default: that folder. */
            workdir?: string;
            /** @description Standard input. Default: nothing. */
            stdin?: string;
            resources?: components["schemas"]["ResourcesDto"];
            limits?: components["schemas"]["LimitsDto"];
            retry?: components["schemas"]["RetryDto"];
            /** @description Higher runs first. Default 0. */
            priority?: number;
            /** @description true: it is kept, with all that belongs to it, however old it is. */
            pinned?: boolean;
            /** @description Starts when all of these jobs have succeeded; fails with cause `dependency_failed` if one ends otherwise. */
            depends_on?: string[];
            /** @description The job that this one is a part of: both are shown as a family, and `parent` finds its jobs. It changes neither when the job starts nor what becomes of it. A job that you may not see is one that does not exist. */
            parent_id?: string;
            /** @description A name to find the job again. */
            tags?: string[];
            /** @description Files to keep: globs relative to the working directory. */
            artifacts?: string[];
            /** @description Keep the job's own folder on the node after the end. */
            keep_workdir?: boolean;
            webhooks?: components["schemas"]["WebhookDto"][];
        };
        TakenSlotDto: {
            /**
             * Format: date-time
             * @description Since when it is taken.
             */
            since: string;
            /** @description Its number on the node, from 1. It stays the same while the job runs. */
            slot: number;
            /** @description How many slots the job takes. */
            slots: number;
            /** @description Null: the job belongs to another project. */
            job: components["schemas"]["SlotJobDto"] | null;
            /** @description Indexes of the GPUs that the job holds. */
            gpus: number[];
        };
        /**
         * @example {
         *       "targets": [
         *         "node-1.lab.example:9464"
         *       ],
         *       "labels": {
         *         "node": "node-1",
         *         "__meta_drover_node": "node-1",
         *         "__meta_drover_via": "worker",
         *         "__meta_drover_state": "online",
         *         "__meta_drover_version": "0.1.0",
         *         "__meta_drover_slots": "8",
         *         "__meta_drover_queues": ",default,builds,"
         *       }
         *     }
         */
        TargetGroupDto: {
            /** @description Labels for the targets. Those that begin with `__meta_drover_` are there for relabelling. */
            labels: {
                [key: string]: string;
            };
            /** @description `host:port`. */
            targets: string[];
        };
        TicketStoreDto: {
            /** @enum {string} */
            backend: "redis" | "postgres";
            /** @description Hosts and ports; the login comes with the registration. */
            addresses: string[];
        };
        TimelineBarDto: {
            /**
             * Format: date-time
             * @description When a node took the job.
             */
            from: string;
            /**
             * Format: date-time
             * @description Null: it runs.
             */
            to: string | null;
            /**
             * Format: date-time
             * @description When one that runs will end: the median of the runs of its queue that took longer than it has. Null: not known.
             */
            expected_end: string | null;
            node: string;
            /** @description The lane, from 1: the lowest that was free. Workers do not number their slots, so another period may number them differently. */
            slot: number;
            /** @description running, succeeded, or the cause of its end. */
            outcome: string;
            /** @description Null: it belongs to another project. */
            job: components["schemas"]["BarJobDto"] | null;
        };
        TimelineBucketDto: {
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            /** @description Their number by outcome: running, succeeded, or a cause. */
            outcomes: {
                [key: string]: number;
            };
            node: string;
            /** @description The time they ran, as a number of slots that were busy all along. */
            busy: number;
            /** @description True: the numbers are reckoned from the newest 300 of all nodes. */
            estimated: boolean;
        };
        /**
         * @example {
         *       "from": "2030-01-31T08:00:00.000Z",
         *       "to": "2030-01-31T08:00:02.250Z",
         *       "nodes": [
         *         {
         *           "name": "node-1",
         *           "slots": 4
         *         }
         *       ],
         *       "bars": [
         *         {
         *           "node": "node-1",
         *           "slot": 1,
         *           "from": "2030-01-31T08:00:00.000Z",
         *           "to": null,
         *           "expected_end": "2030-01-31T08:00:02.250Z",
         *           "outcome": "running",
         *           "job": {
         *             "id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *             "execution_id": "0198c0de-8000-7000-8000-5a1f0c2e4b77",
         *             "name": "nightly",
         *             "owner": "alice",
         *             "queue": "default",
         *             "attempt": 1,
         *             "exit_code": null,
         *             "state": "running"
         *           }
         *         }
         *       ],
         *       "buckets": [],
         *       "lost": [
         *         {
         *           "node": "node-2",
         *           "from": "2030-01-31T08:00:00.000Z",
         *           "to": null
         *         }
         *       ],
         *       "drained": [
         *         {
         *           "node": "node-1",
         *           "from": "2030-01-31T08:00:00.000Z",
         *           "to": "2030-01-31T08:00:02.250Z"
         *         }
         *       ],
         *       "offline": [
         *         {
         *           "node": "node-3",
         *           "from": "2030-01-31T08:00:00.000Z",
         *           "to": null
         *         }
         *       ]
         *     }
         */
        TimelineDto: {
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            /** @description The executions, oldest first. Null: there are more than 2,000, and `buckets` has them in numbers. */
            bars: components["schemas"]["TimelineBarDto"][] | null;
            /** @description By name: those that are online, and those with something to show. */
            nodes: components["schemas"]["TimelineNodeDto"][];
            /** @description 60 parts of the period, those without an execution left out. Empty where there are bars. */
            buckets: components["schemas"]["TimelineBucketDto"][];
            /** @description Times in which nodes were lost, up to their next execution. */
            lost: components["schemas"]["LostPeriodDto"][];
            /** @description Times in which nodes were drained; of each node the last 100. */
            drained: components["schemas"]["NodePeriodDto"][];
            /** @description Since when nodes are offline that said that they go. */
            offline: components["schemas"]["NodePeriodDto"][];
        };
        TimelineNodeDto: {
            name: string;
            /** @description Its slots by now; 0: it is not known any more. */
            slots: number;
        };
        WebhookDto: {
            /** @description States that are told. Default: the four ends. */
            on?: components["schemas"]["JobState"][];
            /** @description json: the message itself. cloudevents: a CloudEvent 1.0 (structured, application/cloudevents+json) with the message as its data. Default: json. */
            format?: components["schemas"]["WebhookFormat"];
            /** @description http or https. */
            url: string;
            /** @description Key of the HMAC in the header X-Drover-Signature. Never shown again. */
            secret?: string;
        };
        /**
         * @description The form of a webhook. json: the message itself. cloudevents: a CloudEvent 1.0 (structured, application/cloudevents+json) with the message as its data. Default: json.
         * @enum {string}
         */
        WebhookFormat: "json" | "cloudevents";
        /**
         * @example {
         *       "id": "0198c0de-a000-7000-8000-000000000002",
         *       "event": "job.succeeded",
         *       "at": "2030-01-31T08:00:02.250Z",
         *       "job": {
         *         "id": "0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55",
         *         "queue": "default",
         *         "name": "nightly",
         *         "command": "make test",
         *         "image": null,
         *         "state": "succeeded",
         *         "cause": null,
         *         "cause_detail": null,
         *         "exit_code": 0,
         *         "signal": null,
         *         "owner": "anonymous",
         *         "project": "default",
         *         "dialect": "native",
         *         "priority": 0,
         *         "attempt": 1,
         *         "losses": 0,
         *         "node": "node-1",
         *         "execution_id": "0198c0de-8000-7000-8000-5a1f0c2e4b77",
         *         "parent_id": null,
         *         "depends_on": [],
         *         "tags": [
         *           "ci"
         *         ],
         *         "metadata": {},
         *         "cron": null,
         *         "workdir": null,
         *         "resources": {},
         *         "limits": {
         *           "runtime_s": 600
         *         },
         *         "retry": {
         *           "max": 2
         *         },
         *         "artifacts": [
         *           "out/**\/*.xml"
         *         ],
         *         "cancel_reason": null,
         *         "created_at": "2030-01-31T08:00:00.000Z",
         *         "start_at": null,
         *         "expires_at": null,
         *         "queued_at": "2030-01-31T08:00:00.000Z",
         *         "claimed_at": "2030-01-31T08:00:00.000Z",
         *         "started_at": "2030-01-31T08:00:00.000Z",
         *         "finished_at": "2030-01-31T08:00:02.250Z",
         *         "cancel_requested_at": null,
         *         "pinned": false
         *       }
         *     }
         */
        WebhookPayloadDto: {
            /**
             * Format: date-time
             * @description When it happened.
             */
            at: string;
            /** @description The id of the delivery, the same over all its tries. */
            id: string;
            /** @description `job.<state>` */
            event: string;
            /** @description The job as it is when the webhook is sent: it may have gone on since. */
            job: components["schemas"]["JobDto"];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listSilences: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Silences */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SilenceListDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    createSilence: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SilenceDto"];
            };
        };
        responses: {
            /** @description The silence */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SilenceViewDto"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:malformed",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The body is no valid JSON: Unexpected end of JSON input.",
                     *       "code": "malformed"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Payload Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:too_large",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is larger than this route takes; see GET /api/v1/limits.",
                     *       "code": "too_large"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    endSilence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a silence, as the list gives it
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1a02
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is over */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    backtestAlarm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BacktestDto"];
            };
        };
        responses: {
            /** @description The firings, and the jobs that were looked at */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BacktestResultDto"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:malformed",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The body is no valid JSON: Unexpected end of JSON input.",
                     *       "code": "malformed"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    listAlarms: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All alarms, in the order they were made */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlarmListDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    createAlarm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AlarmDto"];
            };
        };
        responses: {
            /** @description The alarm */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlarmViewDto"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:malformed",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The body is no valid JSON: Unexpected end of JSON input.",
                     *       "code": "malformed"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:conflict",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "Job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55 is running; only a job that has ended can be retried. Cancel it first, or wait.",
                     *       "code": "conflict"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Payload Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:too_large",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is larger than this route takes; see GET /api/v1/limits.",
                     *       "code": "too_large"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    listActiveAlarms: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Alarms that are not inactive */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlarmStateListDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    listAlarmHistory: {
        parameters: {
            query?: {
                /** @description The id of the alarm. */
                alarm?: string;
                /** @description The entry: a job id, or `Node: ` with a name. */
                entry?: string;
                /** @description Entries a page. Default 100. */
                limit?: number;
                /** @description The `next` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Transitions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlarmHistoryDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    listAlarmFirings: {
        parameters: {
            query?: {
                /** @description The id of the alarm. */
                alarm?: string;
                /** @description The entry: a job id, or `Node: ` with a name. */
                entry?: string;
                /** @description Entries a page. Default 100. */
                limit?: number;
                /** @description The `next` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Firings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlarmFiringListDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    getAlarm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of an alarm, as the list gives it
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1a01
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The alarm */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlarmViewDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    replaceAlarm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of an alarm, as the list gives it
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1a01
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AlarmDto"];
            };
        };
        responses: {
            /** @description The alarm as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlarmViewDto"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:malformed",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The body is no valid JSON: Unexpected end of JSON input.",
                     *       "code": "malformed"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:conflict",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "Job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55 is running; only a job that has ended can be retried. Cancel it first, or wait.",
                     *       "code": "conflict"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    deleteAlarm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of an alarm, as the list gives it
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1a01
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    listProfiles: {
        parameters: {
            query?: {
                /** @description Exactly this command line. */
                command?: string;
                /** @description Only this queue */
                queue?: string;
                /** @description The client that owns it */
                owner?: string;
                /** @description Jobs that ended in this state. */
                outcome?: string;
                /** @description Ended at this time or later: a time with its zone, or how long ago it was (`90s`, `15m`, `2h`, `7d`, `4w`). */
                finished_after?: string;
                /** @description Ended before this time; written like `finished_after`. */
                finished_before?: string;
                /** @description Part of the id, the name or the command. */
                q?: string;
                /** @description Entries a page. Default 100. */
                limit?: number;
                /** @description The `next` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Profiles without their metrics */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfileListDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    compareProfiles: {
        parameters: {
            query: {
                /**
                 * @description The job that is compared.
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                job: string;
                /** @description The profile to compare with. Absent: the median of the last ones of its command. */
                with?: string;
                /** @description How many other runs of its command make the median and the range. Default 10. */
                last?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The comparison */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ComparisonDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    compareCurves: {
        parameters: {
            query: {
                /**
                 * @description The job whose curves are asked for.
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                job: string;
                /** @description The job to compare with. Absent: the median of the last ones of its command. */
                with?: string;
                /** @description How many other runs of its command make the median and the range. Default 10. */
                last?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The curves */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CurvesDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    getProfile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of the job, percent-encoded
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The profile with its metrics */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfileDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    deleteProfile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of the job, percent-encoded
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    listScrapeTargets: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All targets */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScrapeTargetListDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    createScrapeTarget: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScrapeTargetDto"];
            };
        };
        responses: {
            /** @description The target */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScrapeTargetViewDto"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:malformed",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The body is no valid JSON: Unexpected end of JSON input.",
                     *       "code": "malformed"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Payload Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:too_large",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is larger than this route takes; see GET /api/v1/limits.",
                     *       "code": "too_large"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    getScrapeTarget: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a scrape target, as the list gives it
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1a04
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The target */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScrapeTargetViewDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    deleteScrapeTarget: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a scrape target, as the list gives it
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1a04
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    discoverNodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Groups of targets; an empty list where there is no worker */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TargetGroupDto"][];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    discoverJobs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Groups of targets; an empty list where no such job runs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TargetGroupDto"][];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    getOverview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Everything, as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OverviewDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    followOverview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A snapshot, then changes, without end */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example event: snapshot
                     *     data: {"at":"2030-01-31T08:00:00.000Z","queues":[],"nodes":[],"needs":{"failures":[],"alarms":[],"nodes":[]}}
                     *
                     *     event: change
                     *     data: {"at":"2030-01-31T08:00:01.000Z","queues":[],"queues_gone":["old"],"nodes":[],"nodes_gone":[],"needs":null}
                     */
                    "text/event-stream": string | components["schemas"]["OverviewDto"] | components["schemas"]["OverviewChangeDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    getTimeline: {
        parameters: {
            query?: {
                /** @description The begin of the period: a time with its zone, or how long ago it was, e.g. `2h`. Default 1h. At most 366 days before `to`. */
                from?: string;
                /** @description The end of the period; written like `from`. Default now. */
                to?: string;
                /** @description Only jobs of this queue. */
                queue?: string;
                /** @description Only this node. */
                node?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The period */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TimelineDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    listBulkActions: {
        parameters: {
            query?: {
                /** @description Entries a page. Default 100. */
                limit?: number;
                /** @description The `next` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bulk actions of the project; they are kept for 7 days */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkActionListDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    createBulkAction: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 200 printable characters; kept as long as the bulk action, 7 days after its end */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkRequestDto"];
            };
        };
        responses: {
            /** @description The key was known: the bulk action of then */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkActionDto"];
                };
            };
            /** @description Noted; it begins within a second */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkActionDto"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:malformed",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The body is no valid JSON: Unexpected end of JSON input.",
                     *       "code": "malformed"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Payload Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:too_large",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is larger than this route takes; see GET /api/v1/limits.",
                     *       "code": "too_large"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unsupported_media_type",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body must be JSON in UTF-8: send Content-Type: application/json.",
                     *       "code": "unsupported_media_type"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    previewBulkAction: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkRequestDto"];
            };
        };
        responses: {
            /** @description How many jobs, and some of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkPreviewDto"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:malformed",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The body is no valid JSON: Unexpected end of JSON input.",
                     *       "code": "malformed"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Payload Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:too_large",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is larger than this route takes; see GET /api/v1/limits.",
                     *       "code": "too_large"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unsupported_media_type",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body must be JSON in UTF-8: send Content-Type: application/json.",
                     *       "code": "unsupported_media_type"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    getBulkAction: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a bulk action, as its answer gave it
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1a03
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bulk action */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkActionDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    cancelBulkAction: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a bulk action, as its answer gave it
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1a03
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bulk action, cancelled */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkActionDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:conflict",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "Job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55 is running; only a job that has ended can be retried. Cancel it first, or wait.",
                     *       "code": "conflict"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    listFamilies: {
        parameters: {
            query: {
                /**
                 * @description Ids of parents, comma-separated or repeated; 20 at most.
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                parent: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The children in numbers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FamilyListDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    listChildren: {
        parameters: {
            query?: {
                /** @description Children a page; default 1,000. */
                limit?: number;
                /** @description `next` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The id of a job
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of children */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChildListDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    listFilterValues: {
        parameters: {
            query: {
                /**
                 * @description The field of the filter whose values are wanted.
                 * @example owner
                 */
                field: "owner" | "tag" | "exit" | "dialect" | "name";
                /** @description A part of the value; upper and lower case are the same. */
                q?: string;
                /** @description Values at most. Default 20. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Values, those of the most jobs first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FilterValueListDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    listJobs: {
        parameters: {
            query?: {
                /** @description Jobs in one of these states; in a query comma-separated or repeated. */
                state?: components["schemas"]["JobState"][];
                /** @description Jobs that ended for one of these causes; in a query comma-separated or repeated. */
                cause?: components["schemas"]["Cause"][];
                /** @description Only this queue */
                queue?: string;
                /** @description Jobs that run or ran on this node. */
                node?: string;
                /** @description The client that owns it */
                owner?: string;
                /** @description Jobs with all of these tags; in a query comma-separated or repeated. */
                tag?: string[];
                /** @description Jobs that ended with this exit code. */
                exit?: number;
                /** @description Jobs that came through this API: `native`, or the name of a dialect. */
                dialect?: string;
                /** @description Jobs of exactly this name. */
                name?: string;
                /** @description Children of this job: ticks of a cron job, and jobs that were submitted with it as `parent_id`. */
                parent?: string;
                /** @description Created at this time or later: a time with its zone, or how long ago it was (`90s`, `15m`, `2h`, `7d`, `4w`). */
                created_after?: string;
                /** @description Created before this time; written like `created_after`. */
                created_before?: string;
                /** @description The last attempt began at this time or later; written like `created_after`. */
                started_after?: string;
                /** @description The last attempt began before this time; written like `created_after`. */
                started_before?: string;
                /** @description Ended at this time or later; written like `created_after`. */
                finished_after?: string;
                /** @description Ended before this time; written like `created_after`. */
                finished_before?: string;
                /** @description Part of the id, the name or the command. */
                q?: string;
                /** @description Jobs a page. Default 50; a page of large jobs may hold fewer. */
                limit?: number;
                /** @description The `next` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of jobs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobListDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    submitJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description W3C Trace Context of the caller; the trace of the job has a link to it. One that cannot be read counts as none */
                traceparent?: string;
                /** @description 1 to 200 printable characters; kept for a day */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubmitJobDto"];
            };
        };
        responses: {
            /** @description The key was known: the job of then */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetailDto"];
                };
            };
            /** @description Accepted */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetailDto"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:malformed",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The body is no valid JSON: Unexpected end of JSON input.",
                     *       "code": "malformed"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:conflict",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "Job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55 is running; only a job that has ended can be retried. Cancel it first, or wait.",
                     *       "code": "conflict"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Payload Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:too_large",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is larger than this route takes; see GET /api/v1/limits.",
                     *       "code": "too_large"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unsupported_media_type",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body must be JSON in UTF-8: send Content-Type: application/json.",
                     *       "code": "unsupported_media_type"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    submitJobs: {
        parameters: {
            query?: never;
            header?: {
                /** @description W3C Trace Context of the caller; the trace of the job has a link to it. One that cannot be read counts as none */
                traceparent?: string;
                /** @description 1 to 200 printable characters; kept for a day */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubmitBatchDto"];
            };
        };
        responses: {
            /** @description The key was known: the jobs of then */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchAcceptedDto"];
                };
            };
            /** @description All accepted */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchAcceptedDto"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:malformed",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The body is no valid JSON: Unexpected end of JSON input.",
                     *       "code": "malformed"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:conflict",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "Job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55 is running; only a job that has ended can be retried. Cancel it first, or wait.",
                     *       "code": "conflict"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Payload Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:too_large",
                     *       "title": "Payload Too Large",
                     *       "status": 413,
                     *       "detail": "The body is larger than this route takes; see GET /api/v1/limits.",
                     *       "code": "too_large"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unsupported_media_type",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body must be JSON in UTF-8: send Content-Type: application/json.",
                     *       "code": "unsupported_media_type"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    countJobs: {
        parameters: {
            query?: {
                /** @description Jobs in one of these states; in a query comma-separated or repeated. */
                state?: components["schemas"]["JobState"][];
                /** @description Jobs that ended for one of these causes; in a query comma-separated or repeated. */
                cause?: components["schemas"]["Cause"][];
                /** @description Only this queue */
                queue?: string;
                /** @description Jobs that run or ran on this node. */
                node?: string;
                /** @description The client that owns it */
                owner?: string;
                /** @description Jobs with all of these tags; in a query comma-separated or repeated. */
                tag?: string[];
                /** @description Jobs that ended with this exit code. */
                exit?: number;
                /** @description Jobs that came through this API: `native`, or the name of a dialect. */
                dialect?: string;
                /** @description Jobs of exactly this name. */
                name?: string;
                /** @description Children of this job: ticks of a cron job, and jobs that were submitted with it as `parent_id`. */
                parent?: string;
                /** @description Created at this time or later: a time with its zone, or how long ago it was (`90s`, `15m`, `2h`, `7d`, `4w`). */
                created_after?: string;
                /** @description Created before this time; written like `created_after`. */
                created_before?: string;
                /** @description The last attempt began at this time or later; written like `created_after`. */
                started_after?: string;
                /** @description The last attempt began before this time; written like `created_after`. */
                started_before?: string;
                /** @description Ended at this time or later; written like `created_after`. */
                finished_after?: string;
                /** @description Ended before this time; written like `created_after`. */
                finished_before?: string;
                /** @description Part of the id, the name or the command. */
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How many there are */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobCountDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    getJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a job
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetailDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    deleteJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a job
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:conflict",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "Job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55 is running; only a job that has ended can be retried. Cancel it first, or wait.",
                     *       "code": "conflict"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a job
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CancelJobDto"];
            };
        };
        responses: {
            /** @description The job: `cancelled`, or `cancelling` until its processes are gone */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetailDto"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:malformed",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The body is no valid JSON: Unexpected end of JSON input.",
                     *       "code": "malformed"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:conflict",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "Job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55 is running; only a job that has ended can be retried. Cancel it first, or wait.",
                     *       "code": "conflict"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unsupported_media_type",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body must be JSON in UTF-8: send Content-Type: application/json.",
                     *       "code": "unsupported_media_type"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    pinJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a job
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job, pinned */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetailDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    unpinJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a job
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job, no longer pinned */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetailDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    retryJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a job
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job, queued again */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetailDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:conflict",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "Job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55 is running; only a job that has ended can be retried. Cancel it first, or wait.",
                     *       "code": "conflict"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    listExecutions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a job
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every claim of the job */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExecutionListDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    getResult: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a job
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How it ended */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:conflict",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "Job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55 is running; only a job that has ended can be retried. Cancel it first, or wait.",
                     *       "code": "conflict"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    explainJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a job
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The reasons */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExplanationDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    getPhases: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a job
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The steps, attempt by attempt */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PhaseListDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    getRuns: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a job
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The runs; empty where there is no other */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunListDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    getJobMetrics: {
        parameters: {
            query?: {
                /** @description Only samples from this time on. ISO 8601 with its zone. */
                from?: string;
                /** @description Only samples up to this time. ISO 8601 with its zone. */
                to?: string;
                /** @description Default 1000; of more the newest are given. */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The id of a job
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The readings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SampleListDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    getJobCounters: {
        parameters: {
            query?: {
                /** @description Only samples from this time on. ISO 8601 with its zone. */
                from?: string;
                /** @description Only samples up to this time. ISO 8601 with its zone. */
                to?: string;
                /** @description Default 1000; of more the newest are given. */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The id of a job
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The readings as columns */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CounterListDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    listDeliveries: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a job
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The deliveries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryListDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    getLogs: {
        parameters: {
            query?: {
                /** @description One stream. Absent: both, in the order in which the agent saw them. */
                stream?: components["schemas"]["Stream"];
                /** @description First byte; needs `stream`. */
                offset?: number;
                /** @description The last so many lines. */
                tail?: number;
                /** @description True: follows the log as server-sent events until the job has ended. */
                follow?: boolean;
                /** @description The id of an earlier execution. Absent: the present or last one. */
                execution?: string;
                /** @description With `follow`: goes on with the executions after that one (retries, lost nodes). Default true. */
                next?: boolean;
            };
            header?: {
                /** @description With follow: go on after this event */
                "Last-Event-ID"?: string;
                /** @description One range of bytes; needs `stream` */
                Range?: string;
            };
            path: {
                /**
                 * @description The id of a job
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes, or the events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example hello */
                    "text/plain": string;
                    /**
                     * @example id: 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.s0
                     *     event: log
                     *     data: {"stream":"stdout","offset":0,"sequence":0,"text":"hello\n"}
                     */
                    "text/event-stream": string;
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:conflict",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "Job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55 is running; only a job that has ended can be retried. Cancel it first, or wait.",
                     *       "code": "conflict"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Range Not Satisfiable */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:gap",
                     *       "title": "Range Not Satisfiable",
                     *       "status": 416,
                     *       "detail": "The stored log ends at 12; ask from there or before.",
                     *       "code": "gap"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    verifyLogs: {
        parameters: {
            query?: {
                /** @description The id of an earlier execution. Absent: the present or last one. */
                execution?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The id of a job
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The findings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogVerificationDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    getLogLines: {
        parameters: {
            query?: {
                /** @description One stream. Absent: both, in the order in which they were stored. */
                stream?: components["schemas"]["Stream"];
                /** @description The first line, from 1. Below 0: so many lines before the end. Default 1. */
                from?: number;
                /** @description Begin with the first line of this time or later, instead of `from`. ISO 8601 with its zone. */
                at?: string;
                /** @description Begin with the line that holds this byte of the view, instead of `from`. */
                offset?: number;
                /** @description Lines at most. Fewer come where their texts are longer than 4 MiB together. Default 200. */
                count?: number;
                /** @description The id of an earlier execution. Absent: the present or last one. */
                execution?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The id of a job
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The lines */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogLinesDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:conflict",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "Job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55 is running; only a job that has ended can be retried. Cancel it first, or wait.",
                     *       "code": "conflict"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    getLogIndex: {
        parameters: {
            query?: {
                /** @description One stream. Absent: both, in the order in which they were stored. */
                stream?: components["schemas"]["Stream"];
                /** @description Points at most, of each stream. Default 200. */
                points?: number;
                /** @description The id of an earlier execution. Absent: the present or last one. */
                execution?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The id of a job
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The index */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogIndexDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    searchLogs: {
        parameters: {
            query?: {
                /** @description One stream. Absent: both, in the order in which they were stored. */
                stream?: components["schemas"]["Stream"];
                /** @description errors: lines with words such as error, fatal, exception, traceback or failed. With `limit=1` the first error. */
                preset?: components["schemas"]["LogSearchPreset"];
                /**
                 * @description A text to find, byte by byte. Colour sequences are part of a line.
                 * @example hello
                 */
                q?: string;
                /** @description A regular expression in the syntax of RE2, tried on each line without its newline. No back references and no look around: it takes a time in proportion to the log, whatever it is. */
                regex?: string;
                /** @description Upper and lower case are the same. Default false. */
                ignore_case?: boolean;
                /** @description Lines to show before each hit. Default 0. */
                before?: number;
                /** @description Lines to show after each hit. Default 0. */
                after?: number;
                /** @description The first line to search, from 1. Default 1. */
                from?: number;
                /** @description Hits at most. Default 1,000. */
                limit?: number;
                /** @description True: goes on with new lines until the execution has ended. Default false. */
                follow?: boolean;
                /** @description The id of an earlier execution. Absent: the present or last one. */
                execution?: string;
            };
            header?: {
                /** @description Goes on after this event */
                "Last-Event-ID"?: string;
            };
            path: {
                /**
                 * @description The id of a job
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example id: 0198c0de-8000-7000-8000-5a1f0c2e4b77.l4121
                     *     event: hit
                     *     data: {"number":4121,"at":"2030-01-31T08:00:00.100Z","stream":"stderr","offset":310422,"stream_offset":1042,"text":"error: no space left","cut":false,"skipped":0,"ranges":[[0,5]]}
                     *
                     *     id: 0198c0de-8000-7000-8000-5a1f0c2e4b77.l990000
                     *     event: end
                     *     data: {"reason":"end","ms":412,"bytes":73400320,"of_bytes":73400320,"hits":1,"next":990001}
                     */
                    "text/event-stream": string;
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    listArtifacts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a job
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The files */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArtifactListDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    downloadArtifact: {
        parameters: {
            query?: never;
            header?: {
                /** @description One range of bytes */
                Range?: string;
            };
            path: {
                /**
                 * @description The id of a job
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                id: string;
                /**
                 * @description As the list gives it
                 * @example out/report.xml
                 */
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Range Not Satisfiable */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:gap",
                     *       "title": "Range Not Satisfiable",
                     *       "status": 416,
                     *       "detail": "The stored log ends at 12; ask from there or before.",
                     *       "code": "gap"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    followEvents: {
        parameters: {
            query?: {
                /** @description Only events of this queue. */
                queue?: string;
                /** @description Begin after this event's id; `0` is the oldest event kept. Absent: with what happens from now on. The header Last-Event-ID goes before it. */
                after?: string;
            };
            header?: {
                /** @description Go on after this event */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events, without end */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example id: 1201-88
                     *     event: job.running
                     *     data: {"id":"1201-88","job_id":"0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55","queue":"default","type":"job.running","at":"2030-01-31T08:00:00.000Z","data":{"state":"running"}}
                     */
                    "text/event-stream": string;
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    followJob: {
        parameters: {
            query?: {
                /** @description The event to go on after */
                after?: string;
            };
            header?: {
                /** @description Go on after this event */
                "Last-Event-ID"?: string;
            };
            path: {
                /**
                 * @description The id of a job
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job's events until it has ended */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example id: 1201-88
                     *     event: job.running
                     *     data: {"id":"1201-88","job_id":"0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55","queue":"default","type":"job.running","at":"2030-01-31T08:00:00.000Z","data":{"state":"running"}}
                     */
                    "text/event-stream": string;
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    listQueues: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All queues */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueListDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    getQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The name of a queue
                 * @example default
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The queue */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    pauseQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The name of a queue
                 * @example default
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PauseQueueDto"];
            };
        };
        responses: {
            /** @description The queue, paused */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueDto"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:malformed",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The body is no valid JSON: Unexpected end of JSON input.",
                     *       "code": "malformed"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unsupported_media_type",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body must be JSON in UTF-8: send Content-Type: application/json.",
                     *       "code": "unsupported_media_type"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    resumeQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The name of a queue
                 * @example default
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The queue, not paused */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    reserveQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The name of a queue
                 * @example default
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QueueProjectsDto"];
            };
        };
        responses: {
            /** @description The queue */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    listAgents: {
        parameters: {
            query?: {
                /** @description Only agents that serve this queue. */
                queue?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The agents */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentListDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    getAgent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The name of an agent
                 * @example node-1
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The agent */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    drainAgent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The name of an agent
                 * @example node-1
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The agent, draining */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:conflict",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "Job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55 is running; only a job that has ended can be retried. Cancel it first, or wait.",
                     *       "code": "conflict"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    undrainAgent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The name of an agent
                 * @example node-1
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The agent, online */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:conflict",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "Job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55 is running; only a job that has ended can be retried. Cancel it first, or wait.",
                     *       "code": "conflict"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    listInvitations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The invitations */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationListDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    inviteNode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InviteNodeDto"];
            };
        };
        responses: {
            /** @description The invitation, with its token */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewInvitationDto"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:malformed",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The body is no valid JSON: Unexpected end of JSON input.",
                     *       "code": "malformed"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:conflict",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "Job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55 is running; only a job that has ended can be retried. Cancel it first, or wait.",
                     *       "code": "conflict"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unsupported_media_type",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body must be JSON in UTF-8: send Content-Type: application/json.",
                     *       "code": "unsupported_media_type"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    revokeInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of an invitation, as the list gives it
                 * @example 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1a05
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is revoked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:conflict",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "Job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55 is running; only a job that has ended can be retried. Cancel it first, or wait.",
                     *       "code": "conflict"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    enrolNode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnrolDto"];
            };
        };
        responses: {
            /** @description The node is enrolled */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrolmentDto"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:malformed",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The body is no valid JSON: Unexpected end of JSON input.",
                     *       "code": "malformed"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:conflict",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "Job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55 is running; only a job that has ended can be retried. Cancel it first, or wait.",
                     *       "code": "conflict"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unsupported_media_type",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body must be JSON in UTF-8: send Content-Type: application/json.",
                     *       "code": "unsupported_media_type"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    listEnrolledNodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The nodes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrolledNodeListDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    revokeNode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The name of an enrolled node
                 * @example rack-7
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is revoked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    getLimits: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The limits */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitsViewDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /** @description Only entries from this time on. ISO 8601 with its zone. */
                from?: string;
                /** @description Only entries up to this time. ISO 8601 with its zone. */
                to?: string;
                /** @description Only changes made by this client. */
                actor?: string;
                /** @description Only this kind of change, such as `job.cancel`. */
                action?: string;
                /** @description Only changes of this kind of object, such as `job` or `client`. */
                kind?: string;
                /** @description Only changes of the object with this id. */
                object?: string;
                /** @description Only changes of this project's objects. */
                project?: string;
                /** @description Entries a page. Default 100. */
                limit?: number;
                /** @description The `next` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the trail */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPageDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Error */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    listProjects: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The projects */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectListDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    getQuotas: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The name of a project
                 * @example default
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The project */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    setQuotas: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The name of a project
                 * @example default
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectQuotasDto"];
            };
        };
        responses: {
            /** @description The project */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectDto"];
                };
            };
            /** @description A login is needed, or the token is no good */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description The client may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Error",
                     *       "status": 403,
                     *       "detail": "",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:not_found",
                     *       "title": "Not Found",
                     *       "status": 404,
                     *       "detail": "There is no job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55.",
                     *       "code": "not_found"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The client, and what it may do */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionDto"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    openSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginDto"];
            };
        };
        responses: {
            /** @description The session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionDto"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:malformed",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "detail": "The body is no valid JSON: Unexpected end of JSON input.",
                     *       "code": "malformed"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unauthenticated",
                     *       "title": "Unauthorized",
                     *       "status": 401,
                     *       "detail": "There is no client with this id and key. An admin makes clients with `drover clients create`.",
                     *       "code": "unauthenticated"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:conflict",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "Job 0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55 is running; only a job that has ended can be retried. Cancel it first, or wait.",
                     *       "code": "conflict"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unsupported_media_type",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415,
                     *       "detail": "The body must be JSON in UTF-8: send Content-Type: application/json.",
                     *       "code": "unsupported_media_type"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:invalid",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "detail": "priority: must be a whole number",
                     *       "code": "invalid"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The browser has no session */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:rate_limited",
                     *       "title": "Too Many Requests",
                     *       "status": 429,
                     *       "detail": "Project default uses 1000000 of its quota waiting_jobs of 1000000 (jobs that have not started). Wait until some of them have started, or cancel some, or ask an operator for more (drover projects set default --quota waiting_jobs=N).",
                     *       "code": "rate_limited"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:drover:problem:unavailable",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The database does not answer at the moment; try again in a second.",
                     *       "code": "unavailable"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
}
