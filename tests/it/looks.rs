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
