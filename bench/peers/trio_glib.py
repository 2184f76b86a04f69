"""Trio as a guest in GLib's loop, by its own guest mode."""

import time

import trio
from gi.repository import GLib

import peer

NAME = "Trio, guest of GLib"


class Trio:
    name = NAME
    checkpoint = staticmethod(trio.lowlevel.checkpoint)
    sleep = staticmethod(trio.sleep)
    thread = staticmethod(trio.to_thread.run_sync)

    def __init__(self, token):
        self.token = token
        self.post = token.run_sync_soon

    def ask(self, fn):
        trio.from_thread.run(fn, trio_token=self.token)

    def call(self, fn):
        trio.from_thread.run_sync(fn, trio_token=self.token)

    async def together(self, fns):
        async with trio.open_nursery() as nursery:
            for fn in fns:
                nursery.start_soon(fn)

    def park(self, n):
        async def start():
            for _ in range(n):
                trio.lowlevel.spawn_system_task(trio.sleep_forever)
            await trio.sleep(0)

        self.ask(start)


async def main():
    if peer.PLAN["life"]:
        return time.perf_counter_ns()
    await trio.to_thread.run_sync(peer.run, Trio(trio.lowlevel.current_trio_token()))


loop = GLib.MainLoop()
outcome = None


def done(result):
    global outcome
    outcome = result
    loop.quit()


trio.lowlevel.start_guest_run(
    main,
    run_sync_soon_threadsafe=lambda fn: GLib.idle_add(fn, priority=GLib.PRIORITY_DEFAULT),
    done_callback=done,
    host_uses_signal_set_wakeup_fd=True,
)
loop.run()
started = outcome.unwrap()
if peer.PLAN["life"]:
    peer.lives(NAME, started, started)
