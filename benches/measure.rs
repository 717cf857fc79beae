//! Times a piece of work and prints it against its reference.

use std::time::{Duration, Instant};

/// The median time of some runs of one piece of work, and its last answer.
pub fn median_of<T>(runs: usize, mut work: impl FnMut() -> T) -> (Duration, T) {
    let mut answer = work(); // once before: caches warm, statements compiled
    let mut times: Vec<_> = (0..runs)
        .map(|_| {
            let started = Instant::now();
            answer = work();
            started.elapsed()
        })
        .collect();
    times.sort_unstable();
    (times[runs / 2], answer)
}

/// The time of one run.
pub fn once<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let started = Instant::now();
    let answer = work();
    (started.elapsed(), answer)
}

/// Prints a time, the reference's, and how many times the one goes into the other.
pub fn report(what: &str, time: Duration, (reference, reference_time): (&str, Duration)) {
    let (ms, reference_ms) = (time.as_secs_f64() * 1000.0, reference_time.as_secs_f64() * 1000.0);
    println!("  {what:<52} {ms:>10.3} ms   {reference:<40} {reference_ms:>10.3} ms   ratio {:>8.3}", ms / reference_ms);
}
