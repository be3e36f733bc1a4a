"""A short storm of chaos/: what `make chaos` does for long."""

import subprocess
import sys

import pytest

from harness.process import ROOT

SEED = 7


@pytest.mark.extensions
def test_a_short_storm_and_power_cuts_break_nothing(tmp_path):
    command = [sys.executable, ROOT / "chaos" / "chaos.py", "--seed", str(SEED), "--tasks", "60", "--power", "3"]
    storm = subprocess.run(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600, check=False
    )
    assert storm.returncode == 0, storm.stdout
