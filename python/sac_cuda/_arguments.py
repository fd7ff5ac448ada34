"""Keyword arguments as a command's: one list of options, one text for every mistake."""

from __future__ import annotations

import os
from collections.abc import Mapping


def arguments(options: Mapping[str, object]) -> list[str]:
    """`hidden=64, keep_going=True` is `--hidden=64 --keep-going`; None and False leave an option out."""
    words = []
    for name, value in options.items():
        option = "--" + name.replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            words.append(option)
        else:
            words.append(f"{option}={os.fspath(value) if isinstance(value, os.PathLike) else value}")
    return words
