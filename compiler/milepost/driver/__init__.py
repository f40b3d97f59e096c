"""One run over the fleet: what need not be compiled again, who compiles the rest, whether it is put in place."""

from milepost.driver.run import run
from milepost.driver.run_request import ProgressListener, RunRequest, RunResult, RunVerdict

__all__ = ["ProgressListener", "RunRequest", "RunResult", "RunVerdict", "run"]
