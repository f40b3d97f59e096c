"""One run over the fleet: what need not be compiled again, who compiles the rest, whether it is put in place."""

from milepost.driver.run import Request, Run, run

__all__ = ["Request", "Run", "run"]
