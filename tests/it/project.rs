//! What surrounds the code holds together: CI calls every check, the index lists every decision, a fork without the
//! real data is green, and the crates that firegrid is built on are used by the program itself.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn text(path: &str) -> String {
    std::fs::read_to_string(root(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn ci_calls_every_check_and_the_forge_calls_ci() {
    let (run, makefile) = (text(".ci/run"), text("Makefile"));
    for target in ["check", "check-oidc", "docs", "deny", "sbom", "web-check", "test"] {
        assert!(run.contains(&format!("make --no-print-directory {target}\n")), ".ci/run does not call {target}");
        assert!(makefile.lines().any(|line| line.starts_with(&format!("{target}:"))), "the Makefile lacks {target}");
    }
    for (name, said) in [("check", "clippy"), ("docs", "-D warnings"), ("deny", "licenses bans sources")] {
        let recipe = makefile.split(&format!("\n{name}:")).nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap();
        assert!(recipe.contains(said), "{name} without {said}: {recipe}");
    }
    assert!(text(".github/workflows/ci.yml").contains("run: .ci/run"));
    assert!(text("README.md").contains("make test"), "CI runs what the README names");
}

#[test]
fn the_bill_of_materials_names_what_the_locks_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sbom/firegrid.cdx.json");
    // Python is not needed to test; under CI it is there.
    let Ok(made) = Command::new("python3").arg(root("tools/sbom.py")).arg(&file).output() else {
        assert!(std::env::var_os("CI").is_none(), "python3 is needed under CI");
        eprintln!("SKIPPED: the bill of materials; it needs python3");
        return;
    };
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let bill: serde_json::Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!((&bill["bomFormat"], &bill["specVersion"]), (&"CycloneDX".into(), &"1.6".into()));
    let components = bill["components"].as_array().unwrap();
    let of = |name: &str| components.iter().find(|part| part["name"] == name);
    let lock = text("Cargo.lock");
    for crate_name in ["tokio", "rusqlite", "rustls", "axum", "zip"] {
        let part = of(crate_name).unwrap_or_else(|| panic!("{crate_name} is missing"));
        let (version, sum) = (part["version"].as_str().unwrap(), part["hashes"][0]["content"].as_str().unwrap());
        let entry = format!("name = \"{crate_name}\"\nversion = \"{version}\"\n");
        assert!(lock.contains(&entry) && lock.contains(sum), "{part}");
        assert!(part["licenses"][0]["expression"].as_str().is_some_and(|text| !text.is_empty()), "{part}");
    }
    assert!(of("ol").is_some_and(|part| part["purl"].as_str().unwrap().starts_with("pkg:npm/ol@")));
    for not_linked in ["insta", "tempfile", "typescript"] {
        assert!(of(not_linked).is_none(), "{not_linked} is of the tests alone");
    }
    let known: std::collections::BTreeSet<_> =
        components.iter().map(|part| &part["bom-ref"]).map(|r| r.as_str()).collect();
    let wanted =
        bill["dependencies"].as_array().unwrap().iter().flat_map(|entry| entry["dependsOn"].as_array().unwrap());
    assert!(wanted.map(serde_json::Value::as_str).all(|wanted| known.contains(&wanted)));
}

#[test]
fn the_index_of_decisions_lists_each_under_its_title() {
    let index = text("docs/decisions/README.md");
    let mut pages: Vec<_> = std::fs::read_dir(root("docs/decisions"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "README.md")
        .collect();
    pages.sort();
    let expected: Vec<_> = pages
        .iter()
        .map(|page| {
            let page_text = text(&format!("docs/decisions/{page}"));
            let title = page_text.lines().next().unwrap().strip_prefix("# ").expect("a page starts with its title");
            format!("- [{title}]({page})")
        })
        .collect();
    let listed: Vec<_> = index.lines().filter(|line| line.starts_with("- ")).collect();
    assert_eq!(listed, expected);
}

/// Runs one test of this binary that needs real data, where there is none.
fn without_real_data(variable: (&str, &str)) -> std::process::Output {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "dialects::the_replay_files_hold_428_observations_in_4791_rows", "--nocapture"])
        .env_remove("FIREGRID_REQUIRE_DATA")
        .env("FIREGRID_REAL_DATA", root("no-such-folder"))
        .env(variable.0, variable.1)
        .output()
        .unwrap()
}

#[test]
fn a_fork_without_the_real_data_is_green_and_says_what_it_skipped() {
    let skipped = without_real_data(("CI", "true"));
    let said = String::from_utf8_lossy(&skipped.stderr).into_owned();
    assert!(skipped.status.success() && said.contains("SKIPPED: no real data at"), "{said}");
    assert!(String::from_utf8_lossy(&skipped.stdout).contains("1 passed"), "the test was really run");
    let required = without_real_data(("FIREGRID_REQUIRE_DATA", "1"));
    assert!(!required.status.success(), "where the data must be, its absence fails");
}

/// The crates that firegrid was asked to be built on.
const NAMED_CRATES: [&str; 6] = ["tokio", "reqwest", "geo", "geojson", "rusqlite", "tracing"];

/// Whether code uses the crate itself: imports it, or names it where no module of ours has its name.
fn is_used(name: &str, code: &str) -> bool {
    let imports = [format!("use {name}::"), format!("use ::{name}::"), format!("use {name};")];
    let named = (name != "geojson").then(|| format!(" {name}::"));
    code.lines().filter(|line| !line.trim_start().starts_with("//")).any(|line| {
        imports.iter().any(|import| line.trim_start().starts_with(import.as_str()))
            || named.as_deref().is_some_and(|named| line.contains(named))
    })
}

#[test]
fn the_crates_it_is_built_on_are_used_by_the_program() {
    let mut files = Vec::new();
    crate::architecture::rust_files(&root("src"), &mut files);
    for name in NAMED_CRATES {
        let mut users = files.iter().filter(|file| {
            let text = std::fs::read_to_string(file).unwrap();
            let program = text.split("#[cfg(test)]").next().unwrap();
            is_used(name, program)
        });
        assert!(users.next().is_some(), "no line of the program uses {name}");
    }
    assert!(
        !is_used("geojson", "use super::geojson::read;\n// use geojson::Feature;"),
        "our own module is not the crate"
    );
}

/// How a requirement stands in docs/asvs.md, in the order of the columns of its counts.
const STANDINGS: [&str; 5] = ["test", "reason", "n/a", "accepted", "not met"];

/// Requirements of levels 1 and 2 in ASVS 5.0.0, and its chapters.
const REQUIREMENTS: usize = 253;
const CHAPTERS: u32 = 17;

/// A row of docs/asvs.md.
struct Requirement {
    id: Vec<u32>,
    standing: String,
    shown_by: String,
}

fn cells(line: &str) -> Vec<&str> {
    line.trim().trim_matches('|').split('|').map(str::trim).collect()
}

/// The rows of the requirements: those that begin with a number such as 1.2.3.
fn requirements(table: &str) -> Vec<Requirement> {
    let rows = table.lines().filter_map(|line| {
        let row = cells(line);
        let id: Option<Vec<u32>> = row[0].split('.').map(|part| part.parse().ok()).collect();
        let id = id.filter(|id| id.len() == 3)?;
        let [_, level, asked, standing, shown_by] = row[..] else { panic!("expected five cells: {line}") };
        assert!(matches!(level, "1" | "2") && !asked.is_empty(), "{line}");
        Some(Requirement { id, standing: standing.to_owned(), shown_by: shown_by.to_owned() })
    });
    rows.collect()
}

/// What is wrong with such a table: its order, a standing that is none, a row that shows nothing.
fn faults_of(rows: &[Requirement]) -> Vec<String> {
    let unsorted = rows.windows(2).filter(|pair| pair[0].id >= pair[1].id);
    let unsorted = unsorted.map(|pair| format!("{:?} stands before {:?}", pair[0].id, pair[1].id));
    let bare = rows.iter().filter(|row| {
        let names_none = row.standing == "test" && tests_named(&row.shown_by).is_empty();
        !STANDINGS.contains(&row.standing.as_str()) || row.shown_by.is_empty() || names_none
    });
    unsorted.chain(bare.map(|row| format!("{:?} has neither test nor reason", row.id))).collect()
}

/// How many rows there are, and how many of each standing.
fn counts(rows: &[&Requirement]) -> Vec<usize> {
    let of = |standing: &&str| rows.iter().filter(|row| row.standing == **standing).count();
    std::iter::once(rows.len()).chain(STANDINGS.iter().map(of)).collect()
}

/// The counts that the table says of a chapter, or of all of them, which come behind the first.
fn counts_said(table: &str, of: &str) -> Vec<usize> {
    let line = table.lines().find(|line| line.starts_with(&format!("| {of} "))).unwrap_or_else(|| panic!("no {of}"));
    cells(line)[1..].iter().map(|cell| cell.parse().unwrap()).collect()
}

/// The tests that a text names.
fn tests_named(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).filter(|code| code.contains("::")).collect()
}

/// Whether a path as `cargo test` prints it leads to a test: in `tests/it`, or in a module of the crate.
fn is_a_test(path: &str) -> bool {
    let Some((module, name)) = path.rsplit_once("::") else { return false };
    let files = |module: &str| {
        let file = module.replace("::", "/");
        [format!("tests/it/{file}.rs"), format!("src/{file}.rs"), format!("src/{file}/mod.rs")]
    };
    let beside = files(module).into_iter().chain(module.strip_suffix("::tests").into_iter().flat_map(files));
    beside.filter_map(|file| std::fs::read_to_string(root(&file)).ok()).any(|code| has_test(&code, name))
}

/// Whether a file has a test of this name, and not only a function.
fn has_test(code: &str, name: &str) -> bool {
    let starts = [format!("fn {name}("), format!("async fn {name}(")];
    let mut is_marked = false;
    code.lines().map(str::trim_start).any(|line| {
        let is_found = is_marked && starts.iter().any(|start| line.starts_with(start));
        let marks = line.starts_with("#[test]") || line.starts_with("#[tokio::test");
        is_marked = marks || (is_marked && line.starts_with("#["));
        is_found
    })
}

#[test]
fn each_requirement_of_the_asvs_table_stands_once_with_a_test_or_a_reason_and_is_counted() {
    let table = text("docs/asvs.md");
    let rows = requirements(&table);
    assert_eq!(faults_of(&rows), Vec::<String>::new());
    assert_eq!(rows.len(), REQUIREMENTS);
    for chapter in 1..=CHAPTERS {
        let of_chapter: Vec<_> = rows.iter().filter(|row| row.id[0] == chapter).collect();
        let name = format!("V{chapter}");
        assert_eq!(counts_said(&table, &name), counts(&of_chapter), "{name}");
    }
    assert_eq!(counts_said(&table, "V1 to V17"), counts(&rows.iter().collect::<Vec<_>>()));
    let not_met = rows.iter().filter(|row| row.standing == "not met");
    let not_met: Vec<_> = not_met.map(|row| row.id.iter().map(u32::to_string).collect::<Vec<_>>().join(".")).collect();
    assert!(table.contains(&format!("\nNot met: {}.\n", not_met.join(", "))), "{not_met:?}");
    let bad = "| 1.1.2 | 2 | a | reason | why |\n| 1.1.1 | 2 | b | test | `a` |\n| 1.1.1 | 1 | c | maybe | why |\n\
               | 1.1.3 | 1 | d | reason | |\n";
    let expected = ["[1, 1, 2] stands", "[1, 1, 1] stands", "[1, 1, 1] has", "[1, 1, 1] has", "[1, 1, 3] has"];
    let faults = faults_of(&requirements(bad));
    assert!(faults.iter().zip(expected).all(|(fault, start)| fault.starts_with(start)), "{faults:?}");
    assert_eq!(faults.len(), expected.len());
}

#[test]
fn every_test_that_the_asvs_table_names_exists() {
    let rows = requirements(&text("docs/asvs.md"));
    let named: Vec<_> = rows.iter().flat_map(|row| tests_named(&row.shown_by)).collect();
    assert!(named.len() > 100, "{}", named.len());
    let missing: Vec<_> = named.into_iter().filter(|path| !is_a_test(path)).collect();
    assert!(missing.is_empty(), "docs/asvs.md names what is no test: {missing:#?}");
    assert!(is_a_test("credentials::tests::secrets_differ_and_fit_an_address"), "tests of units are found");
    assert!(!is_a_test("project::is_a_test"), "a function is no test");
    assert!(!is_a_test("nowhere::every_test_that_the_asvs_table_names_exists"), "nor one of another module");
}
