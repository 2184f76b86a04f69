//! The benchmark's work for gtk-rs' futures in GLib's main context: see package work, which does the same in Go.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::mpsc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_channel::oneshot;
use futures_util::future::join_all;
use glib::MainContext;

const NAME: &str = "gtk-rs, spawn_local";
const BATCH: usize = 100;

fn report(workload: &str, param: usize, value: f64) {
    println!(r#"{{"contender":"{}","workload":"{}","param":{},"value":{}}}"#, NAME, workload, param, value);
}

/// Gives way once.
struct Yield(bool);

impl Future for Yield {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.0 {
            return Poll::Ready(());
        }
        self.0 = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

/// Runs a future on the loop, from another thread, and waits for its result.
fn ask<T, F, M>(make: M) -> T
where
    T: Send + 'static,
    F: Future<Output = T> + 'static,
    M: FnOnce() -> F + Send + 'static,
{
    let (tx, rx) = mpsc::sync_channel(1);
    MainContext::default().invoke(move || {
        MainContext::default().spawn_local(async move {
            let _ = tx.send(make().await);
        })
    });
    rx.recv().unwrap()
}

/// Starts a future, and returns one that is ready when the first has ended.
fn start<F: Future<Output = ()> + 'static>(f: F) -> oneshot::Receiver<()> {
    let (tx, rx) = oneshot::channel();
    MainContext::default().spawn_local(async move {
        f.await;
        let _ = tx.send(());
    });
    rx
}

fn call(f: fn()) {
    let (tx, rx) = mpsc::sync_channel(1);
    MainContext::default().invoke(move || {
        f();
        let _ = tx.send(());
    });
    rx.recv().unwrap();
}

fn spin() {
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_micros(20) {}
}

fn switch(tasks: usize, n: usize) -> f64 {
    ask(move || async move {
        let left = Rc::new(Cell::new(n));
        let started = Rc::new(Cell::new(0));
        let begin = Rc::new(Cell::new(Instant::now()));
        let all: Vec<_> = (0..tasks)
            .map(|_| {
                let (left, started, begin) = (left.clone(), started.clone(), begin.clone());
                start(async move {
                    started.set(started.get() + 1);
                    if started.get() == tasks {
                        begin.set(Instant::now());
                    }
                    while left.get() > 0 {
                        if started.get() == tasks {
                            left.set(left.get() - 1);
                        }
                        Yield(false).await;
                    }
                })
            })
            .collect();
        join_all(all).await;
        begin.get().elapsed().as_nanos() as f64
    })
}

fn spawn(n: usize) {
    ask(move || async move {
        for _ in 0..n / BATCH {
            join_all((0..BATCH).map(|_| start(async {}))).await;
        }
    })
}

fn background(n: usize) {
    ask(move || async move {
        for _ in 0..n {
            let (tx, rx) = oneshot::channel();
            std::thread::spawn(move || tx.send(()));
            let _ = rx.await;
        }
    })
}

fn post(producers: usize, n: usize) {
    let (tx, rx) = mpsc::sync_channel(1);
    let ran = Arc::new(AtomicUsize::new(0));
    for _ in 0..producers {
        let (tx, ran) = (tx.clone(), ran.clone());
        std::thread::spawn(move || {
            for _ in 0..n / producers {
                let (tx, ran) = (tx.clone(), ran.clone());
                MainContext::default().invoke(move || {
                    if ran.fetch_add(1, Ordering::Relaxed) + 1 == n / producers * producers {
                        let _ = tx.send(());
                    }
                });
            }
        });
    }
    rx.recv().unwrap();
}

fn call_loaded(others: usize, n: usize) -> f64 {
    let over = Arc::new(AtomicBool::new(false));
    let busy = Arc::new(Barrier::new(others + 1));
    let threads: Vec<_> = (0..others)
        .map(|_| {
            let (over, busy) = (over.clone(), busy.clone());
            std::thread::spawn(move || {
                call(spin);
                busy.wait();
                while !over.load(Ordering::Relaxed) {
                    call(spin);
                }
            })
        })
        .collect();
    busy.wait();
    let took = clocked(|| (0..n).for_each(|_| call(|| {})));
    over.store(true, Ordering::Relaxed);
    threads.into_iter().for_each(|t| t.join().unwrap());
    took
}

fn sleep(n: usize) -> f64 {
    let before = cpu();
    ask(move || async move {
        join_all((0..n).map(|i| start(glib::timeout_future(Duration::from_micros((n + i) as u64))))).await;
    });
    cpu() - before
}

fn park(n: usize) -> f64 {
    let before = resident();
    ask(move || async move {
        for _ in 0..n {
            MainContext::default().spawn_local(std::future::pending());
        }
        Yield(false).await;
    });
    resident() - before
}

fn clocked(f: impl FnOnce()) -> f64 {
    let begin = Instant::now();
    f();
    begin.elapsed().as_nanos() as f64
}

fn cpu() -> f64 {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut t) };
    t.tv_sec as f64 * 1e9 + t.tv_nsec as f64
}

fn resident() -> f64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap();
    text.split(' ').nth(1).unwrap().parse::<f64>().unwrap() * 4096.0
}

fn measure(workload: &str, param: usize, n: usize) -> f64 {
    match workload {
        "switch" => switch(param, n),
        "spawn" => clocked(|| spawn(n)),
        "background" => clocked(|| background(n)),
        "post" => clocked(|| post(param, n)),
        "call" => clocked(|| (0..n).for_each(|_| call(|| {}))),
        "call-loaded" => call_loaded(param, n),
        "sleep" => sleep(n),
        "park" => park(n),
        _ => unreachable!(),
    }
}

/// How many operations fill a slice, where n does not say it.
fn size(workload: &str, param: usize, n: usize, millis: usize) -> usize {
    if n > 0 {
        return n;
    }
    let (mut n, wanted) = (BATCH.max(param), millis as f64 * 1e6);
    loop {
        let took = measure(workload, param, n);
        if took >= wanted / 2.0 {
            return n;
        }
        n = (n as f64 * (wanted / took.max(1.0)).clamp(1.5, 10.0)) as usize / BATCH * BATCH + BATCH;
    }
}

/// The first argument is the plan for the others; here it comes as words: life, or workload:param:n:millis:slices.
fn main() {
    let begin = Instant::now();
    let plan: Vec<String> = std::env::args().skip(2).collect();
    let life = plan.first().map_or(false, |w| w == "life");
    let context = MainContext::default();
    let _ours = context.acquire().unwrap(); // from now on, or the other thread would run its calls itself
    let main_loop = glib::MainLoop::new(None, false);
    let quit = main_loop.clone();
    let ended = Rc::new(Cell::new(begin));
    let last = ended.clone();
    if life {
        MainContext::default().spawn_local(async move {
            report("start", 0, begin.elapsed().as_nanos() as f64);
            last.set(Instant::now());
            quit.quit();
        });
    } else {
        std::thread::spawn(move || {
            for item in plan {
                let words: Vec<&str> = item.split(':').collect();
                let number = |i: usize| words[i].parse::<usize>().unwrap();
                let n = size(words[0], number(1), number(2), number(3));
                for _ in 0..number(4) {
                    report(words[0], number(1), measure(words[0], number(1), n) / n as f64);
                }
            }
            std::process::exit(0);
        });
    }
    main_loop.run();
    report("quit", 0, ended.get().elapsed().as_nanos() as f64);
}
