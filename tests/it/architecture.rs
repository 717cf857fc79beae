//! The dependency table of docs/architecture.md holds in the code, and the shipped config
//! is the default.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Which modules of the crate each module may use; the table of docs/architecture.md.
fn allowed() -> BTreeMap<&'static str, &'static [&'static str]> {
    BTreeMap::from([
        ("domain", &[][..]),
        ("config", &["domain"]),
        ("files", &["domain", "config"]),
        ("source", &["domain", "config", "files"]),
        ("turns", &[]),
        ("media", &["domain"]),
        ("store", &["domain", "media", "turns"]),
        ("words", &["domain", "config", "files", "source", "media", "store", "credentials"]),
        ("regions", &["domain", "config", "files", "words"]),
        ("report", &["domain", "store", "words"]),
        ("vitals", &["domain"]),
        ("watch", &["domain", "config", "source", "media", "store", "vitals", "words"]),
        ("simulate", &["domain", "config", "source"]),
        ("credentials", &[]),
        ("sign_on", &["config", "domain"]),
        (
            "web",
            &["domain", "regions", "media", "store", "report", "words", "credentials", "sign_on", "turns", "vitals"],
        ),
        ("telemetry", &[]),
        (
            "app",
            &[
                "domain",
                "config",
                "regions",
                "source",
                "media",
                "store",
                "report",
                "words",
                "vitals",
                "watch",
                "simulate",
                "sign_on",
                "web",
                "telemetry",
            ],
        ),
        (
            "cli",
            &[
                "app",
                "credentials",
                "domain",
                "config",
                "regions",
                "source",
                "media",
                "store",
                "report",
                "words",
                "vitals",
                "watch",
                "simulate",
                "web",
                "telemetry",
            ],
        ),
    ])
}

/// What the domain must never touch: runtime, network, database, web, clocks, files.
const FOREIGN_TO_DOMAIN: [&str; 9] = [
    "tokio",
    "reqwest",
    "rusqlite",
    "axum",
    "std::fs",
    "std::net",
    "Timestamp::now",
    "SystemTime::now",
    "Instant::now",
];

pub fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The modules of the crate that a file's code (not its comments) names by `crate::`.
fn used_modules(text: &str) -> Vec<String> {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split("crate::").skip(1))
        .map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>())
        .filter(|name| !name.is_empty())
        .collect()
}

fn broken_rules(module: &str, text: &str) -> Vec<String> {
    let table = allowed();
    let Some(may_use) = table.get(module) else { return vec![format!("module {module} is not in the table")] };
    let mut broken: Vec<_> = used_modules(text)
        .into_iter()
        // Unit tests of any module may stand on the ground of the integration tests.
        .filter(|used| used != module && used != "ground_fixture" && !may_use.contains(&used.as_str()))
        .map(|used| format!("{module} uses {used}"))
        .collect();
    if module == "domain" {
        let code: Vec<_> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        broken.extend(
            FOREIGN_TO_DOMAIN
                .iter()
                .filter(|foreign| code.iter().any(|line| line.contains(*foreign)))
                .map(|foreign| format!("domain touches {foreign}")),
        );
    }
    broken
}

#[test]
fn no_module_uses_what_the_architecture_forbids() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&root, &mut files);
    assert!(files.len() > 20, "the source was found");
    let mut broken = Vec::new();
    for file in files {
        let inside = file.strip_prefix(&root).unwrap();
        let first = inside.components().next().unwrap().as_os_str().to_string_lossy();
        let module = first.trim_end_matches(".rs");
        if module == "main" || module == "lib" {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        broken.extend(broken_rules(module, &text).into_iter().map(|rule| format!("{}: {rule}", inside.display())));
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// The code of a file: without comments, and without its tests.
fn code_of(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The words of a text.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

#[test]
fn the_web_is_given_accounts_and_what_they_see_and_never_the_store() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web");
    let mut files = Vec::new();
    rust_files(&root, &mut files);
    assert!(files.len() > 50, "the source was found");
    for file in files {
        let code = code_of(&std::fs::read_to_string(&file).unwrap());
        // The variant of an error that carries one of the database has the name too.
        let names = ["Problem::Store", "Error::Store", "Self::Store", "Store(#[from]"];
        let names = names.iter().fold(code, |code, variant| code.replace(variant, ""));
        let is_named = words_of(&names).any(|word| word == "Store");
        assert!(!is_named, "{}: pages read and act through `Scoped`", file.display());
    }
}

/// What can be called on a database from outside of `src/store`: every public function of the store and of what it gives
/// out ([`HANDLES`]), whether it asks the database or not.
fn public_calls(text: &str) -> Vec<String> {
    let code = code_of(text);
    let blocks = code.split("\nimpl").skip(1).filter_map(|block| {
        let (head, body) = block.split_once('{')?;
        let of_handle = !head.contains(" for ") && words_of(head).last().is_some_and(|of| HANDLES.contains(&of));
        of_handle.then(|| body.split("\n}").next().unwrap_or_default().to_owned())
    });
    let is_call =
        |line: &str| ["    pub fn ", "    pub async fn ", "    pub(crate)"].iter().any(|begin| line.starts_with(begin));
    blocks.flat_map(|body| body.lines().filter(|line| is_call(line)).map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// What a database is used through.
const HANDLES: [&str; 4] = ["Store", "Scoped", "Accounts", "Health"];

/// So many public calls there are at most; the number only falls.
const PUBLIC_CALLS: usize = 85;

#[test]
fn a_second_database_would_have_few_calls_to_answer() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let mut files = Vec::new();
    rust_files(&root, &mut files);
    let calls: Vec<_> = files.iter().flat_map(|file| public_calls(&std::fs::read_to_string(file).unwrap())).collect();
    assert!(calls.len() <= PUBLIC_CALLS, "{} public calls: {calls:#?}", calls.len());
    assert!(calls.len() + 3 > PUBLIC_CALLS, "there are {} by now: lower the number", calls.len());
    let twice = "\nimpl Scoped {\n    pub async fn a(&self) {}\n    fn b() {}\n}\nimpl Row {\n    pub fn c() {}\n}\n";
    assert_eq!(public_calls(twice).len(), 1, "only what is public, of a handle");
}

#[test]
fn pages_api_and_layers_do_not_use_one_another() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web");
    for (area, others) in [("pages", ["api", "ogc"]), ("api", ["pages", "ogc"]), ("ogc", ["api", "pages"])] {
        let mut files = Vec::new();
        rust_files(&root.join(area), &mut files);
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let used = code.filter(|line| others.iter().any(|other| line.contains(&format!("web::{other}"))));
            assert_eq!(used.collect::<Vec<_>>(), [""; 0], "{}: both use what lies below", file.display());
        }
    }
}

#[test]
fn the_check_itself_can_fail() {
    assert_eq!(broken_rules("web", "use crate::source::http;"), ["web uses source"]);
    assert_eq!(broken_rules("domain", "let t = Timestamp::now();"), ["domain touches Timestamp::now"]);
    assert!(broken_rules("web", "// crate::source is not used\nuse crate::store::Store;").is_empty());
}

#[test]
fn the_shipped_configuration_is_the_default() {
    let shipped = firegrid::config::load(Path::new("config/firegrid.toml")).unwrap();
    assert_eq!(format!("{shipped:?}"), format!("{:?}", firegrid::config::Config::default()));
}
