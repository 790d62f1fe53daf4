"""Everything that this client raises."""
from __future__ import annotations

from typing import Any


class DroverError(Exception):
    """An error of this client. `remedy` says how it can be mended."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


class ApiError(DroverError):
    """The API has refused a request."""

    def __init__(
        self, status: int, code: str, detail: str, faults: list[dict[str, Any]], request_id: str | None
    ) -> None:
        said = [f"{fault.get('field', '')}: {fault.get('message', '')}" for fault in faults]
        super().__init__("\n  ".join(["The API refused it:", *said]) if said else detail, said[0] if said else detail)
        #: The status of HTTP.
        self.status = status
        #: One word for programs, e.g. `invalid`, `not_found`, `rate_limited`.
        self.code = code
        #: The cause and its remedy, as the API says them.
        self.detail = detail
        #: Every field that is at fault: `field`, `message`, `value`.
        self.faults = faults
        #: The path of the first field that is at fault, e.g. `retry.max`. None: the refusal is about no field.
        self.field: str | None = str(faults[0].get("field", "")) if faults else None
        #: The id under which the API has logged the request.
        self.request_id = request_id


class UnreachableError(DroverError):
    """Nobody answers at the address of the API."""

    def __init__(self, origin: str, reason: str) -> None:
        remedy = "set DROVER_API_URL, or start it with `drover up`."
        super().__init__(f"The API at {origin} does not answer ({reason}); {remedy}", remedy)


class WaitTimeoutError(DroverError):
    """The time to wait for a job is over."""

    def __init__(self, job_id: str, timeout_s: float) -> None:
        super().__init__(f"Job {job_id} has not ended within {timeout_s:g} s.", "Wait longer, or cancel the job.")
        self.job_id = job_id
