"""One run over the fleet: what need not be compiled again, who compiles the rest, whether it is put in place."""

from milepost.driver.request import Request, Run, Verdict, Watch
from milepost.driver.run import run

__all__ = ["Request", "Run", "Verdict", "Watch", "run"]
