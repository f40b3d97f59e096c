"""Environment variables: what refers to others stands behind them, as Kubernetes wants it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from objects import one, pod_spec
from small import compile_components, component

LOGIN = [{"name": "login", "env": {"PASSWORD": "password"}}]


def names(root: Path, env: dict[str, str], **more: Any) -> list[str]:
    compiled = compile_components(root, component(env=env, **more))
    assert not compiled.errors
    return [each["name"] for each in pod_spec(one(compiled, "Deployment"))["containers"][0]["env"]]


def test_a_secret_that_is_used_in_a_text_stands_before_it(tmp_path: Path) -> None:
    """`$(PASSWORD)` is filled only from what stands before; where nothing uses it, it stands last."""
    assert names(tmp_path / "a", {"URL": "db://me:$(PASSWORD)@db"}, secrets=LOGIN) == ["PASSWORD", "URL"]
    assert names(tmp_path / "b", {"URL": "db://db"}, secrets=LOGIN) == ["URL", "PASSWORD"]


def test_variables_keep_the_order_that_they_are_written_in(tmp_path: Path) -> None:
    """So whoever puts HOST first can use it."""
    assert names(tmp_path, {"HOST": "db", "URL": "http://$(HOST)"}) == ["HOST", "URL"]
