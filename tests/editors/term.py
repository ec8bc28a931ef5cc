"""A terminal program under tmux: type keys, wait for what the screen shows. Standard library only."""

import os
import pathlib
import re
import shlex
import subprocess
import time

CAPTURES = pathlib.Path(__file__).resolve().parents[2] / "target" / "captures"


class Term:
    def __init__(self, *argv, columns=120, rows=36):
        self.socket = f"istio-ls-{os.getpid()}"  # a tmux server of our own
        self.env = {name: value for name, value in os.environ.items() if name not in ("TMUX", "TMUX_PANE")}
        self.env |= {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
        command = "exec env TERM=xterm-256color COLORTERM=truecolor " + shlex.join(argv)
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows), "sh", "-c", command)
        self.tmux("set", "-g", "escape-time", "0")
        self.pid = self.tmux("list-panes", "-F", "#{pane_pid}").strip()

    def tmux(self, *args, check=True):
        command = ["tmux", "-L", self.socket, "-u", *args]
        return subprocess.run(command, env=self.env, check=check, capture_output=True, text=True).stdout

    def keys(self, *keys):
        """Presses keys by tmux's names: Escape, Enter, Space, C-x."""
        self.tmux("send-keys", *keys)

    def type(self, text):
        self.tmux("send-keys", "-l", "--", text)

    def screen(self):
        try:
            return self.tmux("capture-pane", "-p")
        except subprocess.CalledProcessError:
            return "<the program has ended>"

    def wait(self, pattern, absent=False, timeout=20):
        """Waits until the screen matches `pattern` (or no longer does) and returns it."""
        end = time.monotonic() + timeout
        while bool(re.search(pattern, screen := self.screen(), re.DOTALL)) == absent:
            if time.monotonic() > end:
                raise AssertionError(f"{'still' if absent else 'never'} on the screen: {pattern!r}\n{screen}")
            time.sleep(0.05)
        return screen

    def capture(self, name, pattern):
        """Waits for `pattern` and keeps the screen as a text file."""
        screen = self.wait(pattern)
        CAPTURES.mkdir(parents=True, exist_ok=True)
        (CAPTURES / f"{name}.txt").write_text(screen.rstrip() + "\n")

    def wait_for_end(self, timeout=10):
        end = time.monotonic() + timeout
        while os.path.exists(f"/proc/{self.pid}") and time.monotonic() < end:
            time.sleep(0.02)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None:  # the driver has typed the editor's quit command
            self.wait_for_end()
        self.tmux("kill-server", check=False)
        self.wait_for_end()


def wait_for_file(path, text, timeout=10):
    """Waits until the file at `path` holds `text`. An editor may move it away for a moment while it writes."""
    end, file = time.monotonic() + timeout, pathlib.Path(path)
    while text not in (content := read_if_there(file)):
        if time.monotonic() > end:
            raise AssertionError(f"{path} never held {text!r}:\n{content}")
        time.sleep(0.05)


def read_if_there(file):
    try:
        return file.read_text()
    except FileNotFoundError:
        return ""


def passed(name):
    print(f"ok   {name}", flush=True)
