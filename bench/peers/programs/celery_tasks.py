"""The Celery side: tasks that start a program, as a user who runs commands with Celery writes them."""
import os
import subprocess

from celery import Celery

redis = os.environ["BENCH_REDIS_URL"]
app = Celery("celery_tasks", broker=f"{redis}/0", backend=f"{redis}/1")
app.conf.update(
    # A task whose worker dies is given to another one, and no worker hoards tasks that it does not run.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
    worker_send_task_events=False,
)


@app.task
def true():
    return subprocess.run(["/bin/true"], check=True).returncode


@app.task
def date(path):
    with open(path, "a") as output:
        return subprocess.run(["/bin/date", "+%s%N"], stdout=output, check=True).returncode
