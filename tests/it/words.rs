//! Sentences of people stand in `src/words` alone; elsewhere an error is data, and its own text English for the log.

use std::path::Path;

use firegrid::domain::alert::AlertNumber;
use firegrid::store::{ActError, PlanError};
use firegrid::words::{Say, Sentence, chain, of_error};

use crate::architecture::rust_files;

/// Where Chinese stands beside `src/words` and the simulator, and why.
const EXCEPTIONS: [&str; 12] = [
    // The words of people's files that are read.
    "files/vocabulary.rs",
    "regions/vocabulary.rs",
    "source/vocabulary.rs",
    // What lists and forms write where there is no number, and before an extension.
    "domain/phone.rs",
    // Dates and weekdays as people write them.
    "domain/time/written.rs",
    // Stored in the log with the order that they were said of, as one text in both languages.
    "domain/burning/cautions.rs",
    // Passwords nobody should take.
    "credentials.rs",
    // Said in files that people find beside the database.
    "store/open/identity.rs",
    "store/seal/key.rs",
    // Scenes of tests.
    "store/plan_tests",
    "store/alert/act_tests.rs",
    "simulate",
];

/// The lines of a file with Chinese in them, but for comments and unit tests.
fn chinese_lines(text: &str) -> Vec<String> {
    let is_chinese = |line: &str| line.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let code = code.lines().map(|line| line.split(" //").next().unwrap().trim()).filter(|line| !line.starts_with("//"));
    code.filter(|line| is_chinese(line)).map(str::to_owned).collect()
}

#[test]
fn no_chinese_literal_stands_outside_words_the_simulator_and_the_vocabulary_of_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&root, &mut files);
    let mut found = Vec::new();
    for file in files {
        let inside = file.strip_prefix(&root).unwrap();
        let is_test = inside.to_string_lossy().ends_with("tests.rs");
        let is_among = |list: &[&str]| list.iter().any(|path| inside.starts_with(path));
        if !inside.starts_with("words") && !is_among(&EXCEPTIONS) && !is_test {
            let lines = chinese_lines(&std::fs::read_to_string(&file).unwrap());
            found.extend(lines.into_iter().map(|line| format!("{}: {line}", inside.display())));
        }
    }
    assert!(found.is_empty(), "say it in src/words: {found:#?}");
    assert_eq!(
        chinese_lines("// 告警\nlet word = \"告警\"; // 火点\n"),
        ["let word = \"告警\";"],
        "the check can fail"
    );
}

#[test]
fn the_command_line_says_an_error_of_the_house_in_both_languages_wherever_it_stands_in_a_chain() {
    let error = anyhow::Error::new(ActError::Unknown(AlertNumber("20260413-0099".to_owned()))).context("cannot close");
    let said = chain(error.chain());
    assert_eq!(
        said,
        "cannot close: 没有编号为20260413-0099的告警 · there is no alert 20260413-0099; `firegrid alerts list` shows them"
    );
    let foreign = std::io::Error::other("disk on fire");
    assert_eq!(of_error(&foreign), None);
    assert_eq!(chain(std::iter::once(&foreign as &dyn std::error::Error)), "disk on fire");
}

#[test]
fn a_refusal_inside_another_error_is_said_once() {
    let refusal = firegrid::domain::burning::BurningRefusal::NoUnit("X".to_owned());
    let Sentence { zh, en } = refusal.say();
    let error = PlanError::Refused(refusal);
    assert_eq!(chain(std::iter::once(&error as &dyn std::error::Error)), format!("{zh} · {en}"));
    assert!(error.to_string().is_ascii(), "the log is English: {error}");
}
