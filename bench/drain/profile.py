"""Where a process spends the processor's time, by `perf`."""
import re
import shutil
import signal
import subprocess

FREQUENCY = 499
ROWS = 10


class Profile:
    """Of a process, while it is entered. `rows` are (share in percent, function, library), or none,
    and then `why` says why."""

    def __init__(self, pid, path):
        self.pid, self.path = pid, path
        self.rows, self.why = [], ""
        self.perf = None

    def __enter__(self):
        if shutil.which("perf") is None:
            self.why = "there is no perf on this machine"
            return self
        self.perf = subprocess.Popen(
            ["perf", "record", "-q", "-e", "cpu-clock", "-F", str(FREQUENCY), "-o", self.path, "-p",
             str(self.pid)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        return self

    def __exit__(self, *unused):
        if self.perf is None:
            return
        self.perf.send_signal(signal.SIGINT)
        _, said = self.perf.communicate(timeout=60)
        report = subprocess.run(
            ["perf", "report", "--stdio", "-q", "--no-children", "-g", "none", "-s",
             "symbol,dso", "-i", self.path], capture_output=True, text=True, check=False)
        for line in report.stdout.splitlines():
            found = re.match(r"\s*([0-9.]+)%\s+\[.\]\s+(\S+)\s+(\S+)|"
                             r"\s*([0-9.]+)%\s+\[k\]\s+(\S+)\s+(\S+)", line)
            if found:
                cells = [cell for cell in found.groups() if cell is not None]
                self.rows.append((float(cells[0]), cells[1], cells[2]))
        if not self.rows:
            self.why = "perf says: " + (said.decode() + report.stderr).strip()[:200]

    def print(self, name):
        if not self.rows:
            print(f"\nprofile of {name}: none, {self.why}")
            return
        print(f"\nprofile of {name}: the ten functions with most of its processor's time")
        for share, function, library in self.rows[:ROWS]:
            print(f"{share:7.2f} %  {function:<44} {library}")
        libraries = {}
        for share, _, library in self.rows:
            libraries[library] = libraries.get(library, 0) + share
        parts = sorted(libraries.items(), key=lambda item: -item[1])[:5]
        print("by library: " + ", ".join(f"{library} {share:.0f} %" for library, share in parts))
