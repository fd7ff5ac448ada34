"""The program's command line: `sac_cuda` and `python -m sac_cuda`."""

from __future__ import annotations

import signal
import sys


def main() -> int:
    from . import _core

    # The program listens to signals itself; it leaves alone those that somebody else handles.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _core.run_command_line(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
