"""A client of the job broker Drover: submit, run, follow logs, wait, results."""
from .client import Client, LogPiece, RunResult
from .errors import ApiError, DroverError, UnreachableError, WaitTimeoutError

__all__ = ["ApiError", "Client", "DroverError", "LogPiece", "RunResult", "UnreachableError", "WaitTimeoutError"]
__version__ = "0.1.0"
