"""Waits for the launcher's pipe to end and then ends every process group the launcher's children registered, and
removes the folders that were only for this start.

It inherits the lock of the state folder, so that a next start waits until everything of the last one is gone.
"""

import shutil
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from processes import end_group, group_members  # after the path: -I leaves this folder out


def main() -> None:
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)
    registered, folders = {}, []
    for line in sys.stdin:
        group, *how = line.split()
        if group == "folder":
            folders.append(line.removeprefix("folder ").rstrip("\n"))
        elif how == ["ended"]:
            registered.pop(int(group), None)  # the kernel may give its number to a stranger
        else:
            registered[int(group)] = (int(how[0]), float(how[1]))
    for group, (stop_signal, seconds) in reversed(registered.items()):
        if group_members(group):
            end_group(group, stop_signal, seconds)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


main()
