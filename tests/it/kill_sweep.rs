//! The service killed again and again, at any moment: while it starts, polls, takes up dropped files, writes acts and
//! photos, reloads its region.
//!
//! Half of the kills come after a time, half at a system call that writes, where `strace` is there. A kill at every
//! point of the run is followed by a start on what it left. At the end [`oracle`] reads the database with a program
//! that is not ours and holds it against what the callers were told, and against an installation that was never killed.
//!
//! `make sweep POINTS=200` runs more points than the tests do; a failure names the seed that repeats it.

mod callers;
mod lane;
mod oracle;

use crate::installation::Installation;
use lane::Lane;
use oracle::{Evidence, faults};

/// Kills in the ordinary run of the tests.
const POINTS: usize = 60;

/// Installations that are killed side by side: most of a point is waiting.
const LANES: usize = 4;

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{variable} is {text:?}")))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn killed_at_any_moment_it_loses_and_doubles_nothing() {
    let points = usize::try_from(number("FIREGRID_SWEEP_POINTS", POINTS as u64)).unwrap();
    let seed = number("FIREGRID_SWEEP_SEED", 20_261_130);
    let mut lanes = tokio::task::JoinSet::new();
    for lane in 0..LANES {
        let points = points / LANES + usize::from(lane < points % LANES);
        lanes.spawn(async move { sweep(seed + lane as u64, points).await });
    }
    for tally in lanes.join_all().await {
        eprintln!("{tally}");
    }
}

/// One installation, killed so many times; then everything is asked for.
async fn sweep(seed: u64, points: usize) -> String {
    let began = std::time::Instant::now();
    let mut lane = Lane::make(seed).await;
    for _ in 0..points {
        lane.one_life().await;
    }
    let evidence = lane.settle().await;
    let calm = calm(&lane.rows);
    let found = faults(&evidence, &calm, &lane.told);
    assert!(found.is_empty(), "seed {seed}: {found:#?}");
    controls(&evidence, &calm, &lane.told);
    let told = &lane.told;
    assert!(!told.commands.is_empty() && !told.photos.is_empty(), "seed {seed}: nothing was done: {told:?}");
    format!(
        "seed {seed}: {points} kills ({}) in {:.1?}: {} fires, {} acts and {} photos acknowledged, {} acts unanswered; 0 lost, 0 doubled",
        lane.kills,
        began.elapsed(),
        lane.rows.len(),
        told.commands.len(),
        told.photos.len(),
        told.unanswered.len(),
    )
}

/// The same rows in an installation that nobody disturbs.
fn calm(rows: &[String]) -> Evidence {
    let folder = tempfile::tempdir().unwrap();
    let installation = Installation::make(folder.path(), "source = []\n");
    let file = folder.path().join("all.csv");
    std::fs::write(&file, crate::installation::HEADER.to_owned() + &rows.concat()).unwrap();
    installation.run(&["ingest", file.to_str().unwrap(), "--origin", "live"]);
    Evidence::read(&installation)
}

/// The oracle can fail: with one thing missing or doubled it says so.
fn controls(evidence: &Evidence, calm: &Evidence, told: &oracle::Told) {
    type Harm = fn(&mut Evidence);
    let harms: [(&str, Harm); 7] = [
        ("a command is gone", |evidence| drop(evidence.commands.pop())),
        ("a command is doubled", |evidence| evidence.commands.push(evidence.commands[0].clone())),
        ("an event is gone", |evidence| drop(evidence.chain.remove(evidence.chain.len() / 2))),
        ("an alert is gone", |evidence| drop(evidence.alerts.pop())),
        ("an alert is doubled", |evidence| evidence.alerts.push(evidence.alerts[0].clone())),
        ("a detection is gone", |evidence| drop(evidence.detections.pop())),
        ("a photo is gone", |evidence| drop(evidence.photos.pop_first())),
    ];
    for (name, harm) in harms {
        let mut harmed = evidence.clone();
        harm(&mut harmed);
        assert!(!faults(&harmed, calm, told).is_empty(), "the oracle does not see that {name}");
    }
}
