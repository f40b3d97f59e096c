"""The driver: one run over the fleet, from cached provinces to trees put in place together or not at all."""

from milepost.driver.run import run
from milepost.driver.run_request import ProgressListener, RunRequest, RunResult, RunVerdict

__all__ = ["ProgressListener", "RunRequest", "RunResult", "RunVerdict", "run"]
