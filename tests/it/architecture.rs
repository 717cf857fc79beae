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

/// What the web may ask the store itself: accounts and what brought them in, the state of the feeds, where files lie.
const UNSCOPED: [&str; 37] = [
    "account",
    "account_of_subject",
    "accounts",
    "add_account",
    "add_token",
    "begin_call",
    "claim_photo",
    "devices_by_account",
    "disable_account",
    "enable_account",
    "end_call",
    "end_session",
    "end_token",
    "forget_call",
    "last_event",
    "link_owner",
    "make_link",
    "newest_recorded",
    "open_session",
    "password_of",
    "path",
    "photo_sent",
    "ping",
    "seen_by",
    "sent_photo",
    "session_used",
    "sessions_of",
    "set_password",
    "sign_in_by_link",
    "sign_in_failed",
    "sign_in_wait",
    "soundness",
    "source_states",
    "token_holder",
    "tokens_of",
    "use_shares",
    "visit",
];

/// What a file of the web asks the store without a scope.
fn unscoped_calls(text: &str) -> Vec<String> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join(" ");
    let code = code.split_whitespace().collect::<Vec<_>>().join(" ").replace(" .", ".");
    code.split("site.store")
        .skip(1)
        .map(|rest| {
            rest.strip_prefix('.')
                .unwrap_or("itself")
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect()
        })
        .filter(|call: &String| !UNSCOPED.contains(&call.as_str()))
        .collect()
}

#[test]
fn the_web_reads_through_the_scope_alone() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web");
    let mut files = Vec::new();
    rust_files(&root, &mut files);
    // These work with accounts, and follow the log's head; they ask nothing else.
    let exempt = ["auth", "pages/admin/users", "api/account.rs", "api/follow.rs"].map(|path| root.join(path));
    for file in files.iter().filter(|file| !exempt.iter().any(|exempt| file.starts_with(exempt))) {
        let calls = unscoped_calls(&std::fs::read_to_string(file).unwrap());
        assert!(calls.is_empty(), "{}: {calls:?} past the scope", file.display());
    }
    let past = "let x = web.site.store\n    .alerts(span); let s = &web.site.store; f(web.site.store.path())";
    assert_eq!(unscoped_calls(past), ["alerts", "itself"]);
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
