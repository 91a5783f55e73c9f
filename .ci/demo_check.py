#!/usr/bin/env python3
"""Starts the demo in a pseudo-terminal, as a person would, and leaves it again.

Usage: demo_check.py COMMAND [QUIT KEYS...]

It must show the clinic at 80x24, end with exit code 0 when asked to, and leave the terminal as it
found it: its settings, the main screen, a visible cursor.
"""

import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time

FIRST_SCREEN = 900  # seconds; a fresh clone builds first
REACTION = 30
ROWS, COLUMNS = 24, 80


def main() -> None:
    command = sys.argv[1]
    # Escape leaves whatever is open, q leaves the console, y says yes if it asks.
    keys = [key.encode() for key in sys.argv[2:]] or [b"\x1b", b"q", b"y", b"\r"]
    # The program starts once the terminal's settings have been read.
    wait_here, go = os.pipe()
    pid, terminal = pty.fork()
    if pid == 0:
        os.read(wait_here, 1)
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        os.environ["TERM"] = "xterm-256color"
        os.execvp("/bin/sh", ["/bin/sh", "-c", command])
    before = termios.tcgetattr(terminal)
    os.write(go, b"!")
    screen = Screen(terminal)

    screen.wait_for("Paws Clinic", FIRST_SCREEN)
    time.sleep(0.5)
    for key in keys:
        try:
            os.write(terminal, key)
        except OSError:
            break
        if screen.ended_within(2):
            break
    code = wait_for_end(pid, screen)
    check(code == 0, f"exit code {code}")

    try:
        after = termios.tcgetattr(terminal)
    except termios.error:
        after = None  # some systems close a pseudo-terminal with its last reader
    check(after is None or after == before, "the terminal's settings were not put back")
    seen = screen.bytes
    if b"\x1b[?1049h" in seen:
        check(seen.rfind(b"\x1b[?1049l") > seen.rfind(b"\x1b[?1049h"), "still on the alternate screen")
    check(seen.rfind(b"\x1b[?25h") >= seen.rfind(b"\x1b[?25l"), "the cursor stayed hidden")
    print(f"the demo came up, showed the clinic and left the terminal as it was ({len(seen)} bytes)")


class Screen:
    """What the program wrote so far."""

    def __init__(self, terminal: int) -> None:
        self.terminal = terminal
        self.bytes = b""
        self.closed = False

    def read(self, seconds: float) -> None:
        if self.closed:
            time.sleep(min(seconds, 0.05))
            return
        if select.select([self.terminal], [], [], seconds)[0]:
            try:
                chunk = os.read(self.terminal, 65536)
            except OSError:
                chunk = b""
            self.closed = not chunk
            self.bytes += chunk

    def wait_for(self, text: str, seconds: float) -> None:
        end = time.monotonic() + seconds
        while text not in (shown := drawn(self.bytes)):
            check(not self.closed and time.monotonic() < end, f"“{text}” never came up, but this:\n{shown}")
            self.read(0.2)

    def ended_within(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.closed:
            self.read(0.1)
        return self.closed


def drawn(data: bytes) -> str:
    """The screen that the bytes come to. The console writes only what differs from the frame before, so
    the words of a line don't stand together in the bytes."""
    grid = [[" "] * COLUMNS for _ in range(ROWS)]
    row = column = 0
    pattern = r"\x1b\[([0-?]*)[ -/]*([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][0-9A-B]|\x1b.|([^\x1b])"
    for arguments, final, letter in re.findall(pattern, data.decode("utf-8", "replace"), re.DOTALL):
        if final == "H":
            numbers = [int(number or 1) for number in (arguments or "1;1").split(";")]
            row, column = numbers[0] - 1, numbers[-1] - 1
        elif final == "J":
            grid = [[" "] * COLUMNS for _ in range(ROWS)]
        elif letter == "\r":
            column = 0
        elif letter == "\n":
            row += 1
            if row >= ROWS:
                grid.append([" "] * COLUMNS)
                grid.pop(0)
                row = ROWS - 1
        elif letter and row < ROWS and column < COLUMNS:
            grid[row][column] = letter
            column += 1
    return "\n".join("".join(line).rstrip() for line in grid)


def wait_for_end(pid: int, screen: Screen) -> int:
    end = time.monotonic() + REACTION
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            screen.read(0.2)
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > end:
            os.kill(pid, 9)
            check(False, "it did not leave when asked to")
        screen.read(0.1)


def check(holds: bool, complaint: str) -> None:
    if not holds:
        sys.exit(f"demo check: {complaint}")


main()
