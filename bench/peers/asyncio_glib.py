"""asyncio on GLib's loop, by gbulb."""

import asyncio
import os
import sys
import time

import gbulb

import peer

NAME = "asyncio, gbulb on GLib"


class Asyncio:
    name = NAME
    sleep = staticmethod(asyncio.sleep)

    def __init__(self, loop):
        self.loop = loop
        self.post = loop.call_soon_threadsafe

    def checkpoint(self):
        return asyncio.sleep(0)

    def thread(self, fn):
        return self.loop.run_in_executor(None, fn)

    def ask(self, fn):
        asyncio.run_coroutine_threadsafe(fn(), self.loop).result()

    def call(self, fn):
        async def work():
            fn()

        self.ask(work)

    async def together(self, fns):
        await asyncio.gather(*[fn() for fn in fns])

    def park(self, n):
        self.parked = []

        async def start():
            for _ in range(n):
                self.parked.append(self.loop.create_task(asyncio.Event().wait()))
            await asyncio.sleep(0.01)

        self.ask(start)


async def main(loop):
    if peer.PLAN["life"]:
        return time.perf_counter_ns()
    await loop.run_in_executor(None, peer.run, Asyncio(loop))


gbulb.install()
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
started = loop.run_until_complete(main(loop))
if peer.PLAN["life"]:
    peer.lives(NAME, started, started)
else:
    sys.stdout.flush()
    os._exit(0)  # or each parked task would be complained of
