//! The statements as they stand in the source of the store.

use std::path::{Path, PathBuf};

/// A literal with (part of) a statement.
pub(super) struct Literal {
    pub file: String,
    /// Its text, cut at the gaps that `format!` fills.
    pub parts: Vec<String>,
    /// It is a whole statement: without gaps, and nothing is put behind it.
    pub is_whole: bool,
}

/// Whether a text is a statement on tables.
pub(super) fn is_statement(text: &str) -> bool {
    ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "].iter().any(|verb| text.trim_start().starts_with(verb))
}

/// Whether a statement holds some parts, one behind the other.
pub(super) fn holds_in_order(sql: &str, parts: &[String]) -> bool {
    let mut rest = sql;
    parts.iter().all(|part| {
        let Some(at) = rest.find(part.as_str()) else { return false };
        rest = &rest[at + part.len()..];
        true
    })
}

/// Every statement of the store's own files, tests left out.
pub(super) fn literals() -> Vec<Literal> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let mut files = Vec::new();
    rust_files(&root, &mut files);
    files.sort();
    let mut found = Vec::new();
    for path in files {
        let file = path.strip_prefix(&root).unwrap().display().to_string();
        if file.starts_with("plan_tests") || file.ends_with("tests.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        for (literal, is_base) in strings(code) {
            let begins = is_statement(&literal) || literal.starts_with('{') && literal.contains(" WHERE ");
            if begins {
                let parts = cut(&literal);
                let is_whole = parts.len() == 1 && !is_base;
                found.push(Literal { file: file.clone(), parts, is_whole });
            }
        }
    }
    found
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The string literals of a file, unescaped, and whether each is a constant to which more is put.
fn strings(code: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find(['"', '/', '\'']) {
        let (before, from) = rest.split_at(at);
        rest = if from.starts_with("//") {
            from.find('\n').map_or("", |end| &from[end..])
        } else if from.starts_with("'\"'") || from.starts_with("'\\\"'") || from.starts_with("'/'") {
            &from[from[1..].find('\'').unwrap() + 2..]
        } else if let Some(body) = from.strip_prefix('"') {
            let (literal, after) = if before.ends_with("r#") {
                let end = body.find("\"#").unwrap();
                (body[..end].to_owned(), &body[end + 2..])
            } else {
                unescaped(body)
            };
            found.push((literal, before.trim_end().ends_with("&str =")));
            after
        } else {
            &from[1..]
        };
    }
    found
}

fn unescaped(body: &str) -> (String, &str) {
    let mut literal = String::new();
    let mut chars = body.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (literal, &body[at + 1..]),
            '\\' => match chars.next().unwrap().1 {
                'n' => literal.push('\n'),
                // The next line goes on here.
                '\n' => literal.push(' '),
                other => literal.push(other),
            },
            other => literal.push(other),
        }
    }
    panic!("a literal does not end");
}

/// A literal at its gaps: `{name}`, `{}`; SQL itself has no braces.
fn cut(literal: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = literal;
    while let Some((before, after)) = rest.split_once('{') {
        parts.push(before.to_owned());
        rest = after.split_once('}').unwrap().1;
    }
    parts.push(rest.to_owned());
    if parts.len() > 1 {
        parts.retain(|part| !part.trim().is_empty());
        // A gap, and so not a whole statement, also where all of the text stands on one side of it.
        parts.push(String::new());
    }
    parts
}
