"""Each kernel as a user meets it: started, its first cell, then small ones; in turns, by jupyter_client.

A processor in the cloud may share a core with a stranger, whose work is not seen here but halves the core's speed.
So a turn waits a while for quiet cores, each core's speed is measured before and after it, and turns in which none
fell below nine tenths of the fastest seen are told apart.
"""
import os
import statistics
import sys
import time

from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpecManager

SMALL = {"python3": "x = 5; x*2", ".net-csharp": "var x = 5; x*2", ".net-fsharp": "let x = 5 in x*2"}
CELLS = 40
QUIET = 0.9
PATIENCE = 20

os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # A warning of ipykernel's debugger.


def speed(seconds=0.05):
    """Turns of a loop in a second on each core of this process."""
    cores = os.sched_getaffinity(0)
    speeds = []
    for core in sorted(cores):
        os.sched_setaffinity(0, {core})
        turns, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds:
            for _ in range(1000):
                turns += 1
        speeds.append(turns / (time.perf_counter() - start))
    os.sched_setaffinity(0, cores)
    return speeds


def quiet_speed(fastest):
    """The cores' speeds once all are near the fastest seen, or after so many tries."""
    for _ in range(PATIENCE):
        speeds = speed()
        if min(speeds) > QUIET * max(fastest, *speeds):
            break
        time.sleep(0.5)
    return speeds


def turn(name):
    """Seconds until ready, of the first cell, and of each small one after it and another."""
    start = time.perf_counter()
    manager = KernelManager(kernel_name=name)
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        ready = time.perf_counter() - start

        def cell(code):
            begun = time.perf_counter()
            reply = client.execute_interactive(code, output_hook=lambda message: None, timeout=120)
            if reply["content"]["status"] != "ok":
                raise RuntimeError(reply["content"])
            return time.perf_counter() - begun

        first = cell("1+1")
        cell(SMALL[name])
        return ready, first, [cell(SMALL[name]) for _ in range(CELLS)]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def line(name, turns):
    """A line of the table: ranges over the turns, and of the small cells the median of their medians."""
    if not turns:
        return f"| {name} | 0 | | | | |"
    ready, first, small = zip(*turns)
    medians = [statistics.median(cells) * 1e3 for cells in small]
    tenths = [statistics.quantiles(cells, n=10)[-1] * 1e3 for cells in small]
    return (
        f"| {name} | {len(turns)} | {min(ready):.2f}-{max(ready):.2f} s | {min(first):.2f}-{max(first):.2f} s "
        f"| {statistics.median(medians):.1f} ms ({min(medians):.1f}-{max(medians):.1f}) | {statistics.median(tenths):.1f} ms |"
    )


def main(rounds):
    missing = [name for name in SMALL if name not in KernelSpecManager().find_kernel_specs()]
    if missing:
        sys.exit(f"No kernelspec is named {' or '.join(missing)}. `engram install` writes Engram's; ipykernel brings python3.")
    turns, slowest, fastest = [], [], 0
    for number in range(rounds):
        for name in SMALL:
            before = quiet_speed(fastest)
            try:
                times = turn(name)
            except (RuntimeError, TimeoutError) as error:
                sys.exit(f"{name} gave no answer: {error}")
            after = speed()
            turns.append((name, times))
            slowest.append(min(before + after))
            fastest = max(before + after + [fastest])
            print(
                f"round {number + 1}, {name}: ready {times[0]:.2f} s, first cell +{times[1]:.2f} s, "
                f"small cells {statistics.median(times[2]) * 1e3:.1f} ms; the slowest core at {slowest[-1] / fastest:.0%}",
                file=sys.stderr,
                flush=True,
            )
    print("| kernel | turns | ready | first cell after that | small cell, median (of each turn) | 90 % |")
    print("|---|---|---|---|---|---|")
    for name in SMALL:
        print(line(name, [times for each, times in turns if each == name]))
    for name in SMALL:
        quiet = [times for (each, times), least in zip(turns, slowest) if each == name and least > QUIET * fastest]
        print(line(f"{name}, on quiet cores", quiet))


main(int(sys.argv[1]))
