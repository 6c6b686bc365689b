"""Each kernel as a user meets it: started, its first cell, then small ones; in turns, by jupyter_client.

A processor in the cloud may share a core with a stranger, whose work is not seen here but halves the core's speed, for
a tenth of a second or for minutes. So each turn runs on the two cores that are the quickest just before it, where there
are more, and each core's speed is probed before and after each small cell, by a loop that does not know what the cell
took. The cells between two quiet probes are told apart.
"""
import os
import statistics
import sys
import time

from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpecManager

SMALL = {"python3": "x = 5; x*2", ".net-csharp": "var x = 5; x*2", ".net-fsharp": "let x = 5 in x*2"}
CELLS = 40
QUIET = 0.85
CORES = 2
ALL_CORES = os.sched_getaffinity(0)

os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # A warning of ipykernel's debugger.


def speed(core, seconds=0.002):
    """Turns of a loop in a second on a core, where this thread then stays."""
    os.sched_setaffinity(0, {core})
    turns, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        for _ in range(1000):
            turns += 1
    return turns / (time.perf_counter() - start)


def slowest(cores):
    """The speed of the slowest of the cores, to which this thread is then free to move."""
    speeds = [speed(core) for core in sorted(cores)]
    os.sched_setaffinity(0, cores)
    return min(speeds)


def quickest(looks=5):
    """The cores whose slowest look was the best."""
    looked = [[speed(core) for core in sorted(ALL_CORES)] for _ in range(looks)]
    ranked = sorted(zip(map(min, zip(*looked)), sorted(ALL_CORES)), reverse=True)
    return {core for _, core in ranked[:CORES]}


def turn(name):
    """Seconds until ready, of the first cell, and of each small one after it and another, with the speeds around those."""
    cores = quickest()
    for thread in os.listdir("/proc/self/task"):
        os.sched_setaffinity(int(thread), cores)
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
        small, speeds = [], [slowest(cores)]
        for _ in range(CELLS):
            small.append(cell(SMALL[name]))
            speeds.append(slowest(cores))
        return ready, first, small, list(map(min, speeds, speeds[1:]))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def milliseconds(seconds):
    return f"{seconds * 1e3:.1f}"


def tenth(cells):
    """What nine of ten cells stay within."""
    return statistics.quantiles(cells, n=10)[-1]


def line(name, turns, quiet):
    """A line of the table: ranges over the turns; of the small cells the median of their medians, and of the quiet ones of all turns."""
    ready, first, small, _ = zip(*turns)
    medians = [statistics.median(cells) for cells in small]
    middle = milliseconds(statistics.median(medians))
    few = len(quiet) < 10
    words = [
        name,
        f"{min(ready):.2f}-{max(ready):.2f} s",
        f"{min(first):.2f}-{max(first):.2f} s",
        f"{middle} ms ({milliseconds(min(medians))}-{milliseconds(max(medians))})",
        f"{milliseconds(statistics.median(map(tenth, small)))} ms",
        f"{len(quiet)} of {sum(map(len, small))}",
        "" if few else f"{milliseconds(statistics.median(quiet))} ms",
        "" if few else f"{milliseconds(tenth(quiet))} ms",
    ]
    return f"| {' | '.join(words)} |"


def main(rounds):
    missing = [name for name in SMALL if name not in KernelSpecManager().find_kernel_specs()]
    if missing:
        sys.exit(f"No kernelspec is named {' or '.join(missing)}. `engram install` writes Engram's; ipykernel brings python3.")
    turns = {name: [] for name in SMALL}
    for number in range(rounds):
        for name in SMALL:
            try:
                ready, first, small, _ = times = turn(name)
            except (RuntimeError, TimeoutError) as error:
                sys.exit(f"{name} gave no answer: {error}")
            turns[name].append(times)
            print(
                f"round {number + 1}, {name}: ready {ready:.2f} s, first cell +{first:.2f} s, "
                f"small cells {milliseconds(statistics.median(small))} ms",
                file=sys.stderr,
                flush=True,
            )
    # One probe may have met a moment of the processor's highest clock: the fastest hundredth is left out.
    probes = sorted(each for many in turns.values() for times in many for each in times[3])
    fast = QUIET * probes[int(0.99 * len(probes))]
    print("| kernel | ready | first cell after that | small cell, median (of each turn) | 90 % | on quiet cores | median | 90 % |")
    print("|---|---|---|---|---|---|---|---|")
    for name, many in turns.items():
        quiet = [cell for times in many for cell, around in zip(times[2], times[3]) if around >= fast]
        print(line(name, many, quiet))


main(int(sys.argv[1]))
