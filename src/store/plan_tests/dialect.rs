//! What only SQLite says, and where it stands: another database has to be told these places in its own words
//! (docs/decisions/0048), everything else as it is.

use std::collections::BTreeSet;

use super::source_text::literals;

/// Words that `PostgreSQL` does not know, or takes otherwise.
const ONLY_SQLITE: [&str; 19] = [
    "json_each(",
    "json_extract(",
    "rowid",
    "CROSS JOIN",
    "iif(",
    "INSERT OR ",
    "REPLACE INTO",
    "IS ?",
    "IS NOT ?",
    "max(",
    "min(",
    "PRAGMA",
    "sqlite_",
    "GLOB",
    "ifnull(",
    "strftime(",
    "unixepoch(",
    "group_concat(",
    "INDEXED BY",
];

/// Where such a word may stand: the word, the files, and what another database says there.
const MAY_SAY: [(&str, &[&str], &str); 5] = [
    (
        "json_each(",
        &["audit.rs", "backup.rs", "alert/mine.rs", "alert/worklist.rs", "handover.rs", "query/near.rs"],
        "a list as one parameter: unnest; what an event says: jsonb_array_elements",
    ),
    ("json_extract(", &["audit.rs", "alert/standing.rs", "record/alerts.rs"], "what an event says: ->>"),
    (
        "CROSS JOIN",
        &["alert/mine.rs", "alert/scope.rs", "alert/standing.rs", "retention.rs"],
        "JOIN: here the order in which tables are walked, because no statistics are gathered",
    ),
    ("rowid", &["digest.rs", "digest/verify.rs"], "the key of the table"),
    ("sqlite_", &["events.rs", "open/identity.rs", "schema.rs"], "information_schema"),
];

/// Aggregates have one argument, and both databases have them; the greater of two values they call differently.
fn is_aggregate(sql: &str, at: usize) -> bool {
    let mut depth = 0;
    for c in sql[at..].chars().skip_while(|c| *c != '(') {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 1 => return false,
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    true
}

fn words_of(sql: &str) -> Vec<&'static str> {
    let sql = format!(" {sql}");
    let stands = |word: &&str| {
        let mut places = sql.match_indices(*word).map(|(at, _)| at);
        match *word {
            "max(" | "min(" => places.any(|at| !is_aggregate(&sql, at)),
            _ => places.next().is_some(),
        }
    };
    ONLY_SQLITE.into_iter().filter(stands).collect()
}

#[test]
fn what_only_sqlite_says_stands_in_few_named_places() {
    let mut said = BTreeSet::new();
    for literal in literals() {
        let sql = literal.parts.join(" ");
        said.extend(words_of(&sql).into_iter().map(|word| (word, literal.file.clone())));
    }
    let may_say: BTreeSet<_> =
        MAY_SAY.iter().flat_map(|(word, files, _)| files.iter().map(move |file| (*word, (*file).to_owned()))).collect();
    let new: Vec<_> = said.difference(&may_say).collect();
    let gone: Vec<_> = may_say.difference(&said).collect();
    assert!(new.is_empty() && gone.is_empty(), "only SQLite says: {new:?}; said there no longer: {gone:?}");
}

#[test]
fn a_word_of_sqlite_alone_is_found() {
    for (sql, word) in [
        ("SELECT max(a, b) FROM t", "max("),
        ("UPDATE t SET a = coalesce(min(a, ?1), ?1)", "min("),
        ("SELECT 1 WHERE a IS NOT ?1", "IS NOT ?"),
        ("INSERT OR IGNORE INTO t VALUES (1)", "INSERT OR "),
    ] {
        assert!(words_of(sql).contains(&word), "{sql}: {:?}", words_of(sql));
    }
    for sql in ["SELECT max(seq), min(at) FROM events", "SELECT 1 WHERE a IS NOT DISTINCT FROM ?1 AND b IS NOT NULL"] {
        assert_eq!(words_of(sql), Vec::<&str>::new(), "{sql}");
    }
}
