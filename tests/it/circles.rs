//! No file of `web`, `store`, `media` and `source` uses one that uses it, directly or by others.
//!
//! An arrow is a path to an item of another file, in a `use` or in the code. A name that a module takes up (`use`,
//! `pub use`) stands for the file that it comes from, so a `mod.rs` that only names its children is on no circle; `mod`
//! itself is no arrow, and tests are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::architecture::rust_files;

type Module = Vec<String>;

/// What a file of an area is, without comments and tests.
struct File {
    code: String,
    /// The names that it takes up from elsewhere: where they come from, and whether it hands them on.
    names: BTreeMap<String, (Module, bool)>,
}

/// All files of an area, by their module.
fn files_of(area: &str) -> BTreeMap<Module, File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    rust_files(&root.join(area), &mut paths);
    let read = |path: &std::path::PathBuf| {
        let inside = path.strip_prefix(&root).unwrap().with_extension("");
        let mut module: Module = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        if module.last().is_some_and(|last| last == "mod") {
            module.pop();
        }
        (module, code_of(&std::fs::read_to_string(path).unwrap()))
    };
    let is_tests = |module: &Module| module.iter().any(|part| part.ends_with("tests"));
    let code: BTreeMap<_, _> = paths.iter().map(read).filter(|(module, _)| !is_tests(module)).collect();
    code.iter().map(|(module, text)| (module.clone(), file(module, text, &code))).collect()
}

fn file(module: &Module, text: &str, all: &BTreeMap<Module, String>) -> File {
    let taken = uses(text).into_iter().filter_map(|(path, is_handed_on)| {
        let name = path.last()?.clone();
        Some((name, (absolute(module, &path, |child| all.contains_key(child))?, is_handed_on)))
    });
    File { names: taken.collect(), code: without_uses(text) }
}

/// The text without comments, and without what is compiled for tests alone.
fn code_of(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let text = lines.collect::<Vec<_>>().join("\n");
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    // What is for tests, and who may see an item, is no use of a file.
    without_scopes(&text.replace("#[cfg(test)]\nuse ", "#[cfg(test)]\nno "))
}

/// `pub(in crate::…)` as `pub`.
fn without_scopes(text: &str) -> String {
    let mut parts = text.split("pub(in crate::");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| out + "pub" + part.split_once(')').map_or("", |(_, rest)| rest))
}

/// Where the `use` statements of a text stand, and whether each is public.
fn statements(text: &str) -> Vec<(std::ops::Range<usize>, bool)> {
    let statement = |(at, _): (usize, &str)| {
        let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let before = text[line..at].trim();
        let end = at + text[at..].find(';')?;
        let is_handed_on = before == "pub" || before.starts_with("pub(") && before.ends_with(')');
        (before.is_empty() || is_handed_on).then_some((at + 4..end, is_handed_on))
    };
    text.match_indices("use ").filter_map(statement).collect()
}

/// The paths of all `use` of a text, one for each name, and whether it is handed on.
fn uses(text: &str) -> Vec<(Module, bool)> {
    let mut found = Vec::new();
    for (statement, is_public) in statements(text) {
        let mut paths = Vec::new();
        expand("", &text[statement], &mut paths);
        found.extend(paths.into_iter().map(|path| (path, is_public)));
    }
    found
}

fn without_uses(text: &str) -> String {
    let mut rest = text.to_owned();
    for (statement, _) in statements(text).into_iter().rev() {
        rest.replace_range(statement, "");
    }
    rest
}

fn expand(prefix: &str, tree: &str, found: &mut Vec<Module>) {
    let tree = tree.trim();
    let Some(open) = tree.find('{') else {
        let path = format!("{prefix}{tree}");
        let path = path.split(" as ").next().unwrap_or_default().trim().to_owned();
        let path = path.strip_suffix("::self").unwrap_or(&path);
        found.push(path.split("::").map(|part| part.trim().to_owned()).collect());
        return;
    };
    let prefix = format!("{prefix}{}", &tree[..open]);
    let inside = &tree[open + 1..tree.rfind('}').unwrap_or(tree.len())];
    let (mut depth, mut start) = (0, 0);
    for (i, c) in inside.char_indices().chain([(inside.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                if !inside[start..i].trim().is_empty() {
                    expand(&prefix, &inside[start..i], found);
                }
                start = i + 1;
            }
            _ => {}
        }
    }
}

/// A path from the root of the crate; `None` for what is of no file here.
fn absolute(module: &Module, path: &[String], is_file: impl Fn(&Module) -> bool) -> Option<Module> {
    let ups = path.iter().take_while(|part| *part == "super").count();
    match path.first()?.as_str() {
        "crate" => Some(path[1..].to_vec()),
        "self" => Some([module.as_slice(), &path[1..]].concat()),
        "super" => Some([&module[..module.len().checked_sub(ups)?], &path[ups..]].concat()),
        child => {
            let inside = [module.as_slice(), &[child.to_owned()]].concat();
            is_file(&inside).then(|| [module.as_slice(), path].concat())
        }
    }
}

/// The file that holds what a path names, through the names that modules take up.
fn file_of(files: &BTreeMap<Module, File>, path: &Module, depth: u8) -> Option<Module> {
    let length = (1..=path.len()).rev().find(|length| files.contains_key(&path[..*length]))?;
    let (module, rest) = path.split_at(length);
    let taken = rest.first().and_then(|name| files[module].names.get(name));
    match taken {
        Some((from, _)) if depth < 8 => file_of(files, &[from.as_slice(), &rest[1..]].concat(), depth + 1),
        _ => Some(module.to_vec()),
    }
}

/// Every path that the code names: `crate::…`, `super::…`, and those below a child module.
fn paths_in(module: &Module, file: &File, files: &BTreeMap<Module, File>) -> Vec<Module> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let words = file.code.split(|c| !is_part(c)).filter(|word| word.contains("::"));
    let path = |word: &str| {
        let path: Module = word.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
        absolute(module, &path, |child| files.contains_key(child))
    };
    words.filter_map(path).collect()
}

/// The files of an area that reach themselves.
fn on_circles(files: &BTreeMap<Module, File>) -> BTreeSet<String> {
    let mut arrows: BTreeMap<&Module, BTreeSet<Module>> = BTreeMap::new();
    for (module, file) in files {
        // A name that is only handed on is no use of it; one that the code names is.
        let is_word = |name: &str| file.code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name);
        let used = file.names.iter().filter(|(name, (_, is_handed_on))| !is_handed_on || is_word(name));
        let taken = used.map(|(_, (path, _))| path.clone());
        let named = paths_in(module, file, files);
        let reached = taken.chain(named).filter_map(|path| file_of(files, &path, 0));
        arrows.insert(module, reached.filter(|reached| reached != module).collect());
    }
    let reaches_itself = |start: &Module| {
        let (mut seen, mut next) = (BTreeSet::new(), vec![start]);
        while let Some(module) = next.pop() {
            for reached in &arrows[module] {
                if reached == start {
                    return true;
                }
                if seen.insert(reached) {
                    next.push(reached);
                }
            }
        }
        false
    };
    files.keys().filter(|module| reaches_itself(module)).map(|module| module.join("::")).collect()
}

#[test]
fn no_file_of_the_web_the_store_or_the_feeds_uses_one_that_uses_it() {
    let found: BTreeSet<String> =
        ["web", "store", "media", "source"].iter().flat_map(|area| on_circles(&files_of(area))).collect();
    assert!(found.is_empty(), "circles, cut them: {found:#?}");
}

/// An area of a few files for the tests of the test.
fn area(files: &[(&str, &str)]) -> BTreeMap<Module, File> {
    let module = |name: &str| name.split("::").map(str::to_owned).collect::<Module>();
    let code: BTreeMap<_, _> = files.iter().map(|(name, text)| (module(name), code_of(text))).collect();
    code.iter().map(|(name, text)| (name.clone(), file(name, text, &code))).collect()
}

#[test]
fn a_circle_is_found_through_names_that_are_handed_on() {
    let found = |files: &[(&str, &str)]| on_circles(&area(files)).into_iter().collect::<Vec<_>>().join(" ");
    let cases: [(&[(&str, &str)], &str); 5] = [
        (&[("a", "mod b;\nmod c;\npub use b::B;"), ("a::b", ""), ("a::c", "use super::B;\nfn f(b: B) {}")], ""),
        (&[("a", "mod b;\nfn f() { b::g() }"), ("a::b", "use super::f;\nfn g() {}")], "a a::b"),
        (&[("a::b", "use crate::a::{c, d::D};"), ("a::c", "use super::b::X;"), ("a::d", "")], "a::b a::c"),
        (&[("a::b", "fn f() { crate::a::c::g() }"), ("a::c", "use super::b::f as h;")], "a::b a::c"),
        (
            &[
                ("a::b", "// use super::c;\n#[cfg(test)]\nmod tests {\nuse super::c::C;\n}"),
                ("a::c", "use super::b::B;"),
            ],
            "",
        ),
    ];
    for (files, expected) in cases {
        assert_eq!(found(files), expected, "{files:?}");
    }
}
