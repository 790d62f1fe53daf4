"""`rq_client.py rate JOBS` prints seconds to the last result; `starts RUNS GAP_S FOLDER` the submits' times, ns."""
import json
import os
import sys
import time

import rq_tasks
from redis import Redis
from rq import Queue

connection = Redis.from_url(os.environ["BENCH_REDIS_URL"])
queue = Queue("default", connection=connection)


def wait_for(count):
    while queue.finished_job_registry.count < count:
        if queue.failed_job_registry.count > 0:
            sys.exit("a job failed")
        time.sleep(0.005)


before = queue.finished_job_registry.count + 1
queue.enqueue(rq_tasks.true)
wait_for(before)
if sys.argv[1] == "rate":
    jobs = int(sys.argv[2])
    start = time.monotonic()
    queue.enqueue_many([Queue.prepare_data(rq_tasks.true) for _ in range(jobs)])
    wait_for(before + jobs)
    print(json.dumps(time.monotonic() - start))
else:
    runs, gap, folder = int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
    times = []
    for run in range(runs):
        times.append(time.time_ns())
        queue.enqueue(rq_tasks.date, f"{folder}/{run}")
        time.sleep(gap)
    wait_for(before + runs)
    print(json.dumps([str(at) for at in times]))
