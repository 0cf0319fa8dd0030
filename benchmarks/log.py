"""How long, and how much memory, does reading a large transaction log take?

    python benchmarks/log.py                  ten million rows of one million customers
    python benchmarks/log.py --rows 100_000   a quick look; Linux and macOS

The measure is a bare `select count(*), count(distinct customer), sum(amount)` of
DuckDB over the same file in the same run. The whole of `read_log` is to stay within
six times that for CSV, twelve times for Parquet, and within 2 GiB of memory. Each
measurement runs in a process of its own, in turns; the best of each counts. The
data are generated: same size, same data.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from time import perf_counter, process_time

ROOT = Path(__file__).resolve().parent.parent
TARGETS = {"csv": 6, "parquet": 12}
MOST_MEMORY = 2 * 1024**3
FULL = 10_000_000


def generate(folder: Path, rows: int, customers: int) -> None:
    """Write `log.csv` and `log.parquet`: four years of purchases, a few credit notes and free deliveries."""
    import duckdb

    con = duckdb.connect(config={"threads": 2, "memory_limit": "2GB", "temp_directory": str(folder)})
    con.execute("set enable_progress_bar = false")
    con.execute(f"""
        create table log as
        select printf('K%07d', hash(i) % {customers}) as customer,
            date '2021-01-01' + (hash(i + 10_000_000_000) % 1461)::integer as date,
            ((hash(i + 20_000_000_000) % 20_000)::integer - 200) / 100 as amount,
            if(hash(i + 30_000_000_000) % 3 = 0, 'shop', 'web') as channel,
            i as receipt
        from range({rows}) as made(i)
        """)
    con.execute("alter table log alter amount type decimal(10, 2)")
    con.execute(f"copy log to '{folder / 'log.csv'}' (header, delimiter ';')")
    con.execute(f"copy log to '{folder / 'log.parquet'}'")


def bare(file: Path) -> None:
    """The query that everything is measured against."""
    import duckdb

    query = f"select count(*), count(distinct customer), sum(amount) from '{file}'"
    con = duckdb.connect(config={"threads": 2})
    con.execute("set enable_progress_bar = false")
    con.execute(query).fetchall()


def whole(file: Path) -> None:
    """Everything that the toolkit does with a log."""
    from toolkit.intake.log import Log, LogColumns, read_log

    log = Log(file=file.name, columns=LogColumns(customer="customer", date="date", amount="amount"))
    frames = read_log(log, file.parent, every="quarter", window=365, until=date(2024, 12, 31))
    assert frames.flows[["start", "lost", "end"]].to_numpy().sum() > 0


WORK = {"bare": bare, "whole": whole}


def measure(work: str, file: Path) -> dict[str, float]:
    """Seconds, processor seconds and peak bytes of one piece of work in a fresh process."""
    command = [sys.executable, __file__, "--work", work, "--folder", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


def work(name: str, file: Path) -> None:
    """Do one piece of work and print what it took."""
    import resource

    import duckdb  # noqa: F401  both sides need it; its import is not measured

    begin, before = perf_counter(), process_time()
    WORK[name](file)
    seconds = perf_counter() - begin
    used, unit = resource.getrusage(resource.RUSAGE_SELF), 1 if sys.platform == "darwin" else 1024
    busy = used.ru_utime + used.ru_stime - before
    print(json.dumps({"seconds": seconds, "busy": busy, "bytes": used.ru_maxrss * unit}))


def compare(folder: Path, repeats: int) -> bool:
    """Measure both formats and print the ratios; whether all targets of a full-sized log are met."""
    kept = True
    for kind, target in TARGETS.items():
        file = folder / f"log.{kind}"
        runs = [(measure("bare", file), measure("whole", file)) for _ in range(repeats)]
        base, ours = (min(run[side]["seconds"] for run in runs) for side in (0, 1))
        idle, busy = (min(run[side]["busy"] for run in runs) for side in (0, 1))
        peak = max(run[1]["bytes"] for run in runs)
        met = ours <= target * base and peak <= MOST_MEMORY
        kept &= met
        print(
            f"{kind:8} bare {base:6.2f} s   read_log {ours:6.2f} s   ratio {ours / base:5.2f} (target {target})"
            f"   on processors {busy / idle:5.2f}   peak {peak / 1024**2:5.0f} MiB   {'met' if met else 'MISSED'}"
        )
    return kept


def main() -> None:
    """Generate, measure, compare; exit code 1 where a full-sized log misses a target."""
    parser = argparse.ArgumentParser(description="Time and memory of read_log against a bare query.")
    parser.add_argument("--rows", type=int, default=FULL)
    parser.add_argument("--customers", type=int, help="default: a tenth of the rows")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--work", choices=WORK, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        return work(given.work, given.folder)
    with tempfile.TemporaryDirectory() as folder:
        customers = given.customers or max(1, given.rows // 10)
        print(f"{given.rows:,} rows of {customers:,} customers")
        made = [str(Path(__file__).parent), folder, str(given.rows), str(customers)]
        subprocess.run([sys.executable, "-c", GENERATE, *made], check=True)
        met = compare(Path(folder), given.repeats)
        sys.exit(0 if met or given.rows < FULL else 1)


# In a process of its own: the memory of its maker would count as a child's peak.
GENERATE = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from log import generate
generate(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
"""

if __name__ == "__main__":
    main()
