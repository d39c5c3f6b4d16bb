"""Becomes a child of the launcher: registers with the guardian, gives up privileges, sets the parent-death signal, and
executes the command. Arguments: launcher's pid, guardian's pipe, stop signal, seconds to stop, uid:gid or -, command.
"""

import ctypes
import os
import sys


def main() -> None:
    launcher, pipe, stop_signal, seconds, credentials, *command = sys.argv[1:]
    os.write(int(pipe), f"{os.getpid()} {stop_signal} {seconds}\n".encode())
    os.close(int(pipe))
    if credentials != "-":
        uid, gid = (int(part) for part in credentials.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    # After setuid, which clears it; 1 is PR_SET_PDEATHSIG.
    ctypes.CDLL(None).prctl(1, int(stop_signal), 0, 0, 0)
    if os.getppid() != int(launcher):
        sys.exit("peluncur sudah berakhir")
    os.execvp(command[0], command)


main()
