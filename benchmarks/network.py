"""A host under load: from an act to the last screen, acknowledgements, memory of a line, and coming back after the host was started again.

    python benchmarks/network.py [--lines 12 100 1000] [--acts 200]

The host runs in this process as ``exercise host`` runs it (TLS, journal with fsync), the clients in another one, on loopback. Twelve lines
are heads of seats of osh-2010, the rest observers. *Act to last screen* is measured with statements to the press, which everybody is sent:
from the moment before the act is written to the moment at which the last of all lines has read it. *Acknowledged* is the same act's own
answer, after fsync. The clients are plain websockets that read and compare: what a screen paints on top is measured in ``doors.py``.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import pathlib
import resource
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any

GOALS_MS = {12: 5, 100: 15, 1000: 100}
"""Act to last screen, median."""


def percentile(values: list[float], share: float) -> float:
    """The value below which so large a share lies."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def rss_mib() -> float:
    """Memory of this process, MiB."""
    pages = int(pathlib.Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


# --- the clients, in a process of their own -----------------------------------------------------------------------------------------


async def crowd(job: dict[str, Any]) -> dict[str, Any]:
    """Everybody comes in; then statements are made, one after the other, by the heads in turn."""
    from websockets.asyncio.client import connect

    from exercise.net.tls import seat_context

    context = seat_context()
    heard: dict[str, asyncio.Future[None]] = {}
    waiting: dict[str, int] = {}
    acked: dict[str, asyncio.Future[float]] = {}

    async def come(ticket: dict[str, str]) -> Any:
        ws = await connect(
            f"wss://127.0.0.1:{job['port']}", ssl=context, compression=None, max_size=None, open_timeout=60, proxy=None, ping_interval=None
        )
        await ws.send(
            json.dumps({"hello": 1, "version": "benchmark", "secret": ticket["words"], "since": 0, "client": secrets.token_hex(8)})
        )
        while json.loads(await ws.recv())["frame"] != "joined":
            pass
        return ws

    async def read(ws: Any) -> None:
        async for text in ws:
            if '"form":"statement"' in text:
                said = json.loads(text)["text"]
                waiting[said] -= 1
                if waiting[said] == 0:
                    heard[said].set_result(None)
            elif text.startswith('{"frame":"ack"'):
                future = acked.pop(json.loads(text)["ref"], None)
                if future is not None:
                    future.set_result(time.perf_counter())

    began = time.perf_counter()
    lines: list[Any] = []
    for start in range(0, len(job["tickets"]), 50):
        lines += await asyncio.gather(*(come(ticket) for ticket in job["tickets"][start : start + 50]))
    came = time.perf_counter() - began
    readers = [asyncio.create_task(read(ws)) for ws in lines]
    await asyncio.sleep(2)
    gc.collect()
    gc.freeze()
    print("in", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    last: list[float] = []
    own: list[float] = []
    heads = lines[: job["heads"]]
    for number in range(job["acts"]):
        said = f"statement {number}"
        waiting[said], heard[said] = len(lines), asyncio.get_running_loop().create_future()
        acked[f"b:{number}"] = asyncio.get_running_loop().create_future()
        answer = acked[f"b:{number}"]
        asked = time.perf_counter()
        await heads[number % len(heads)].send(json.dumps({"act": "statement", "ref": f"b:{number}", "text": said}))
        own.append(1e3 * (await asyncio.wait_for(answer, 30) - asked))
        await asyncio.wait_for(heard[said], 30)
        last.append(1e3 * (time.perf_counter() - asked))
        await asyncio.sleep(0.01)
    for reader in readers:
        reader.cancel()
    await asyncio.gather(*(ws.close() for ws in lines), return_exceptions=True)
    return {"came_s": came, "last_ms": last, "own_ms": own}


# --- the host -----------------------------------------------------------------------------------------------------------------------


def measure(lines: int, acts: int) -> None:
    """One size of room."""
    from exercise.cli.exercises import load_content
    from exercise.cli.hosting import Hosted, fresh_plan
    from exercise.content import prepare_texts
    from exercise.net.lines import Limits

    program = prepare_texts(load_content("osh-2010").files, "june-days")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_DATA_HOME"] = folder
        plan = fresh_plan(program, pathlib.Path(folder) / "log.jsonl", 7, (), timed=False)
        hosted = Hosted.begin(plan, bind="127.0.0.1", port=0, limits=Limits(per_address=lines + 10))
        try:
            heads = min(lines, len(plan.seats))
            tickets = [ticket for ticket in hosted.tickets() if ticket.role == "head"][:heads]
            tickets += [hosted.server.do(lambda _now: hosted.room.issue("observer")) for _ in range(lines - heads)]
            facilitator = hosted.console()
            facilitator.listen(lambda _: None)
            gc.collect()
            before = rss_mib()
            job = {
                "port": hosted.server.port,
                "heads": heads,
                "acts": acts,
                "tickets": [{"words": ticket.words} for ticket in tickets],
            }
            child = subprocess.Popen(
                [sys.executable, __file__, "--crowd"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
            )
            assert child.stdin is not None
            assert child.stdout is not None
            child.stdin.write(json.dumps(job) + "\n")
            child.stdout.readline()
            per_line = (rss_mib() - before) / lines
            facilitator.send({"act": "start", "ref": "start"})
            time.sleep(1)
            child.stdin.write("go\n")
            told = json.loads(child.stdout.readline())
            child.wait(timeout=60)
        finally:
            hosted.close()
    last, own = told["last_ms"], told["own_ms"]
    goal = GOALS_MS.get(lines)
    p50 = statistics.median(last)
    verdict = "" if goal is None else f"   goal {goal} ms: {'met' if p50 <= goal else 'MISSED'}"
    print(f"{lines:>5} lines   act to last screen p50 {p50:6.1f} ms   p99 {percentile(last, 0.99):6.1f} ms{verdict}")
    print(f"              acknowledged       p50 {statistics.median(own):6.1f} ms   p99 {percentile(own, 0.99):6.1f} ms")
    print(f"              memory of a line {per_line:.2f} MiB in the host   everybody in within {told['came_s']:.1f} s", flush=True)


def main() -> None:
    """Measure every size that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, nargs="+", default=[12, 100, 1000])
    parser.add_argument("--acts", type=int, default=200)
    parser.add_argument("--crowd", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.crowd:
        print(json.dumps(asyncio.run(crowd(json.loads(sys.stdin.readline())))), flush=True)
        return
    for lines in asked.lines:
        measure(lines, asked.acts)


if __name__ == "__main__":
    main()
