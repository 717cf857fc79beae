//! Sentences people read stand in `src/words/` alone. What else is Chinese are the words of the files that are read, each in
//! a file that is named here.

use std::path::Path;

use crate::architecture::rust_files;

/// Areas without a Chinese literal.
const AREAS: [&str; 5] = ["cli", "config", "files", "regions", "source"];

/// The words of people's files that are read.
const VOCABULARY: [&str; 3] = ["files/vocabulary.rs", "regions/vocabulary.rs", "source/vocabulary.rs"];

/// The lines of a text that hold Chinese, without comments and tests.
fn chinese_lines(text: &str) -> Vec<&str> {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.filter(|line| line.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))).collect()
}

#[test]
fn no_chinese_literal_stands_outside_words_and_the_vocabulary_of_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    for area in AREAS {
        rust_files(&root.join(area), &mut files);
    }
    let mut found = Vec::new();
    for file in &files {
        let name = file.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
        let is_exempt = VOCABULARY.contains(&name.as_str()) || name.ends_with("tests.rs");
        let text = std::fs::read_to_string(file).unwrap();
        let lines = if is_exempt { Vec::new() } else { chinese_lines(&text) };
        found.extend(lines.into_iter().map(|line| format!("{name}: {}", line.trim())));
    }
    assert!(found.is_empty(), "sentences go to src/words, words of files that are read to a vocabulary: {found:#?}");
}

#[test]
fn the_check_itself_can_fail() {
    assert_eq!(chinese_lines("// 注释\nlet a = \"火点\";\n#[cfg(test)]\nmod tests {\n\"火点\""), ["let a = \"火点\";"]);
}
