"""The sample's touches and models of it in a folder, for tests that replay them."""
import subprocess
import sys

from program import TOP, write

UNTIL = "2026-11-24T15:00:00+01:00"


def model_text():
    return (TOP / "deploy/sample/pumps.yaml").read_text()


def write_sample(folder, models):
    """touches.jsonl, and a folder for each model of {name: text}."""
    command = [sys.executable, str(TOP / "deploy/sample/generate.py"), "--until", UNTIL]
    write(folder, "touches.jsonl", subprocess.run(command, check=True, capture_output=True).stdout)
    for name, text in models.items():
        write(folder, f"{name}/pumps.yaml", text)
        write(folder, f"{name}/target-companies.csv",
              (TOP / "deploy/sample/target-companies.csv").read_text())
