//! Templates can be reviewed, and each colour stands in one place.

use std::path::{Path, PathBuf};

/// Longest line of a template, characters.
const LONGEST_LINE: usize = 160;

fn files(folders: &[&str], extensions: &[&str]) -> Vec<(PathBuf, String)> {
    fn read(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { read(&path, found) } else { found.push(path) }
        }
    }
    let mut found = Vec::new();
    for folder in folders {
        read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    }
    let is_wanted = |path: &PathBuf| path.extension().is_some_and(|own| extensions.iter().any(|one| own == *one));
    let wanted = found.into_iter().filter(is_wanted);
    wanted.map(|path| (path.clone(), std::fs::read_to_string(&path).unwrap())).collect()
}

#[test]
fn no_line_of_a_template_is_too_long_to_review() {
    let templates = files(&["web/templates"], &["html"]);
    assert!(templates.len() > 40, "the templates were found");
    for (path, text) in templates {
        let long = text.lines().enumerate().filter(|(_, line)| line.chars().count() > LONGEST_LINE);
        let long: Vec<_> = long.map(|(n, _)| n + 1).collect();
        assert!(long.is_empty(), "{}: lines {long:?} have more than {LONGEST_LINE} characters", path.display());
    }
}

/// The text of a file of code without comments and without the module of its tests, which stands last.
fn without_tests(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

#[test]
fn pages_and_templates_hold_no_sentences_of_their_own() {
    // Programs read the API; the printed list says both languages side by side.
    let exempt = ["src/web/api", "src/web/ogc", "web/templates/responsibility.html"];
    let mut seen = 0;
    for (path, text) in files(&["src/web", "web/templates"], &["rs", "html"]) {
        if exempt.iter().any(|exempt| path.to_string_lossy().contains(exempt)) {
            continue;
        }
        seen += 1;
        let code = without_tests(&text);
        let found: Vec<_> = code.lines().filter(|line| line.chars().any(is_chinese)).collect();
        assert!(found.is_empty(), "{}: {found:?} belong into src/words", path.display());
    }
    assert!(seen > 100, "the files were found");
}

#[test]
fn no_words_of_the_pages_stand_twice() {
    let mut said = std::collections::BTreeMap::new();
    for (path, text) in files(&["src/words/pages"], &["rs"]) {
        for call in without_tests(&text).split("words(").skip(1) {
            let mut literals = call.split('"').skip(1).step_by(2).map(str::to_owned);
            let (Some(zh), Some(en)) = (literals.next(), literals.next()) else { continue };
            if let Some(before) = said.insert((zh.clone(), en.clone()), path.clone()) {
                panic!("{zh} · {en} stands in {} and in {}", before.display(), path.display());
            }
        }
    }
    assert!(said.len() > 1000, "the words were found");
}

/// Colours in hexadecimal that a text holds.
fn colours(text: &str) -> Vec<&str> {
    let is_hex = |text: &str| text.chars().all(|c| c.is_ascii_hexdigit());
    let starts = text.match_indices('#').map(|(at, _)| &text[at + 1..]);
    starts
        .map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default())
        .filter(|word| matches!(word.len(), 3 | 4 | 6 | 8) && is_hex(word))
        .collect()
}

#[test]
fn a_colour_stands_in_the_palette_alone() {
    // The icon and the manifest are files that programs outside read; a printed list is black on white.
    let exempt = ["src/report/palette.rs", "web/templates/responsibility.html"];
    let mut seen = 0;
    for (path, text) in
        files(&["src/report", "src/web", "web/templates", "web/src", "web/static"], &["rs", "html", "css", "ts"])
    {
        if exempt.iter().any(|exempt| path.ends_with(exempt)) {
            continue;
        }
        seen += 1;
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let found: Vec<_> = code.flat_map(colours).collect();
        assert!(found.is_empty(), "{}: {found:?} belong into src/report/palette.rs", path.display());
    }
    assert!(seen > 100, "the files were found");
    assert_eq!(colours("fill: #fff; a: #c1121f; b: #c1121f44; href=\"#desks-h\" &#10;"), ["fff", "c1121f", "c1121f44"]);
}
