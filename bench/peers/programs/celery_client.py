"""`celery_client.py rate JOBS` prints seconds to the last result; `starts RUNS GAP_S FOLDER` the submits' times, ns."""
import json
import sys
import time

import redis as redis_client
from celery_tasks import app, date, redis, true

results = redis_client.Redis.from_url(f"{redis}/1")


def wait_for(count):
    while results.dbsize() < count:
        time.sleep(0.005)


# The first task opens the connections.
true.delay()
wait_for(1)
results.flushdb()
if sys.argv[1] == "rate":
    jobs = int(sys.argv[2])
    start = time.monotonic()
    with app.producer_pool.acquire(block=True) as producer:
        submitted = [true.apply_async(producer=producer, ignore_result=False) for _ in range(jobs)]
    wait_for(jobs)
    took = time.monotonic() - start
    if submitted[-1].get() != 0:
        sys.exit("the last task failed")
    print(json.dumps(took))
else:
    runs, gap, folder = int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
    times = []
    for run in range(runs):
        times.append(time.time_ns())
        date.delay(f"{folder}/{run}")
        time.sleep(gap)
    wait_for(runs)
    print(json.dumps([str(at) for at in times]))
results.flushdb()
