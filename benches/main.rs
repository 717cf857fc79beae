//! `make bench [NAME...]`: how long the things take that must not get slow, each against a reference
//! measured in the same run, so that figures of two machines can be compared.
//!
//! A bench is a module with a `run` and a line in [`BENCHES`]. The harness is ours: no crate, no statistics
//! beyond the median, because only factors matter here.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_possible_truncation
)]

mod alerts;
mod measure;
mod record;
mod states;
mod suggest;
mod web;

/// Name on the command line, what it measures, how.
const BENCHES: [(&str, &str, fn()); 5] = [
    ("cases", "100,000 open alerts: one township's first page, the next due clocks", alerts::run),
    ("record", "a fire day of 10,000 detections: recorded, repeated, continued", record::run),
    ("web", "pages over 1,000,000 alerts, the day map of 10,000 detections, 200 people at once", web::run),
    ("states", "50,000 alerts in every state: every page, a changed region, a start, what a page costs", states::run),
    ("suggest", "heat sources in a busy year of 50,000 detections", suggest::run),
];

fn main() {
    // Cargo passes --bench; names choose, nothing means all.
    let chosen: Vec<_> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    for (name, what, run) in BENCHES {
        if chosen.is_empty() || chosen.iter().any(|wanted| wanted == name) {
            println!("{name}: {what}");
            run();
        }
    }
}
