"""The benchmark's work for schedulers in Python that live in GLib's loop: see package work, which does the same in Go.

A peer has: name; ask(fn): run the async fn in the loop and wait, from a thread; post(fn) and call(fn) likewise, for plain
functions; and, for async functions: checkpoint(), sleep(seconds), forever(), thread(fn), together(fns)."""

import gc
import json
import os
import random
import sys
import threading
import time

BATCH = 100
BEGIN = time.perf_counter_ns()
PLAN = json.loads(sys.argv[1])


def report(name, workload, param, value):
    print(json.dumps({"contender": name, "workload": workload, "param": param, "value": value}), flush=True)


def lives(name, started, quit):
    report(name, "start", 0, started - BEGIN)
    report(name, "quit", 0, time.perf_counter_ns() - quit)


def clocked(do):
    begin = time.perf_counter_ns()
    do()
    return time.perf_counter_ns() - begin


def resident():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def spin():
    end = time.perf_counter_ns() + 20_000
    while time.perf_counter_ns() < end:
        pass


async def nothing():
    pass


def switch(p, tasks, n):
    took = 0
    left, started = n, 0

    async def task():
        nonlocal left, started, took
        started += 1
        if started == tasks:
            took = -time.perf_counter_ns()
        while left > 0:
            if started == tasks:
                left -= 1
            await p.checkpoint()
        if took < 0:
            took += time.perf_counter_ns()

    p.ask(lambda: p.together([task] * tasks))
    return took


def spawn(p, _, n):
    async def work():
        for _ in range(0, n, BATCH):
            await p.together([nothing] * BATCH)

    return clocked(lambda: p.ask(work)) * n / (-(-n // BATCH) * BATCH)


def background(p, _, n):
    async def work():
        for _ in range(n):
            await p.thread(lambda: None)

    return clocked(lambda: p.ask(work))


def post(p, producers, n):
    done, ran = threading.Event(), 0

    def one():
        nonlocal ran
        ran += 1
        if ran == n // producers * producers:
            done.set()

    def produce():
        for _ in range(n // producers):
            p.post(one)

    def work():
        for _ in range(producers):
            threading.Thread(target=produce).start()
        done.wait()

    return clocked(work) * n / (n // producers * producers)


def call(p, _, n):
    def work():
        for _ in range(n):
            p.call(lambda: None)

    return clocked(work)


def call_loaded(p, others, n):
    over = False

    busy = threading.Barrier(others + 1)

    def other():
        p.call(spin)
        busy.wait()
        while not over:
            p.call(spin)

    threads = [threading.Thread(target=other) for _ in range(others)]
    for t in threads:
        t.start()
    busy.wait()
    took = call(p, 0, n)
    over = True
    for t in threads:
        t.join()
    return took


def sleep(p, _, n):
    async def one():
        await p.sleep((n + random.randrange(n)) / 1e6)

    before = time.process_time_ns()
    p.ask(lambda: p.together([one] * n))
    return time.process_time_ns() - before


def park(p, _, n):
    gc.collect()
    before = resident()
    p.park(n)
    gc.collect()
    return resident() - before


WORKLOADS = {
    "switch": switch, "spawn": spawn, "background": background, "post": post,
    "call": call, "call-loaded": call_loaded, "sleep": sleep, "park": park,
}


def size(p, item, measure):
    if item["n"] > 0:
        return item["n"]
    n, wanted = max(1, item["param"]), item["millis"] * 1e6
    while True:
        took = measure(p, item["param"], n)
        if took >= wanted / 2:
            return n
        n = int(n * min(10, max(1.5, wanted / max(took, 1)))) + 1


def run(p):
    for item in PLAN["items"]:
        measure = WORKLOADS.get(item["workload"])
        if measure is None:
            continue
        n = size(p, item, measure)
        for _ in range(item["slices"]):
            report(p.name, item["workload"], item["param"], measure(p, item["param"], n) / n)
