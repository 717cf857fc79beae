//! Reads the configuration file and reports every fault of it at once.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Config, HeatSourcesConfig, ListConfig, SourceConfig, SourceKind, secret};
use crate::domain::share::Shares;

/// One thing that is wrong with a file the operator owns, and what to do.
///
/// The same shape serves the configuration and the region files, so that `firegrid check`
/// prints them in one list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// Line, key, feature, ring: as near as it can be said. Empty for the file as a whole.
    #[serde(rename = "where")]
    pub place: String,
    /// Stable word for the kind of fault.
    pub code: &'static str,
    /// What is wrong, the value, what was expected, what to do.
    pub message: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let colon = if self.place.is_empty() { "" } else { ": " };
        write!(f, "{}{colon}{}: {} [{}]", self.file, self.place, self.message, self.code)
    }
}

/// Reads a configuration file.
///
/// # Errors
/// Every fault found. A file that is not TOML, or has an unknown or mistyped key, is reported
/// key by key where the rest can still be read.
pub fn load(path: &Path) -> Result<Config, Vec<Fault>> {
    let file = path.display().to_string();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            let message = format!("cannot be read ({error}); name another file with --config FILE");
            return Err(vec![Fault { file, place: String::new(), code: "config_unreadable", message }]);
        }
    };
    let config = parse(&file, &text)?;
    match secret::exposure(path).filter(|_| config.holds_secrets()) {
        None => Ok(config),
        Some(message) => {
            let message = format!("{message}, or name a key_file in it");
            Err(vec![Fault { file, place: String::new(), code: "secret_exposed", message }])
        }
    }
}

/// Reads configuration text; `file` names it in faults.
///
/// # Errors
/// As [`load`].
pub fn parse(file: &str, text: &str) -> Result<Config, Vec<Fault>> {
    let fault = |place: String, code, message| Fault { file: file.to_owned(), place, code, message };
    let mut table: toml::Table = toml::from_str(text).map_err(|error| {
        let place = error.span().map(|span| format!("line {}", line_of(text, span.start))).unwrap_or_default();
        vec![fault(place, "config_not_toml", error.message().to_owned())]
    })?;
    // Sources one by one and sections one by one: one bad key does not hide the next.
    let mut faults = Vec::new();
    let mut config = Config::default();
    let (sources, found) = each_of(&mut table, "source", read_source);
    config.sources = sources.unwrap_or(config.sources);
    let (lists, more) = each_of(&mut table, "list", read_list);
    config.lists = lists.unwrap_or_default();
    faults.extend(found.into_iter().chain(more).map(|(place, code, message)| fault(place, code, message)));
    for (key, value) in table {
        let result = match key.as_str() {
            "region" => read(value).map(|v: PathBuf| config.region = v),
            "database" => read(value).map(|v: PathBuf| config.database = v),
            "web" => read(value).map(|v| config.web = v),
            "polling" => read(value).map(|v| config.polling = v),
            "rules" => read(value).map(|v| config.rules = v),
            "review" => read(value).map(|v| config.review = v),
            "clocks" => read(value).map(|v| config.clocks = v),
            "escalation" => read(value).map(|v| config.escalation = v),
            "audit" => read(value).map(|v| config.audit = v),
            "accounts" => read(value).map(|v| config.accounts = v),
            "shares" => read(value).map(|v| config.shares = v),
            "sign_on" => read_known(value, &super::sign_on::KEYS).map(|v| config.sign_on = Some(v)),
            "api" => Err(MOVED_API.to_owned()),
            "map" => read_known(value, &["tiles", "key", "key_file", "file", "notice"]).map(|v| config.map = v),
            "heat_sources" => read(value).map(|v| config.heat_sources = v),
            "burning" => read(value).map(|v| config.burning = v),
            _ => Err(format!("unknown key {key:?}; known: {KNOWN}")),
        };
        if let Err(message) = result {
            let line = text.lines().position(|line| mentions(line, &key)).map(|i| format!("line {}, ", i + 1));
            let code = if message.contains("unknown") { "config_unknown_key" } else { "config_bad_value" };
            faults.push(fault(format!("{}{key}", line.unwrap_or_default()), code, message));
        }
    }
    faults.extend(check_values(&config).into_iter().map(|(place, message)| fault(place, "config_bad_value", message)));
    if faults.is_empty() { Ok(config) } else { Err(faults) }
}

/// The keys of the file.
const KNOWN: &str = "region, database, web, polling, rules, review, clocks, escalation, audit, accounts, shares, sign_on, map, burning, heat_sources, source, list";

/// What stands in place of the one token of earlier versions.
const MOVED_API: &str = "the one token of [api] is gone: remove the section and make tokens with `firegrid user token`";

/// As [`read`], for a section with a secret: its `flatten` would let unknown keys pass.
fn read_known<T: for<'de> Deserialize<'de>>(value: toml::Value, known: &[&str]) -> Result<T, String> {
    match value.as_table().and_then(|table| table.keys().find(|key| !known.contains(&key.as_str()))) {
        Some(unknown) => Err(format!("unknown key {unknown:?}; known: {}", known.join(", "))),
        None => read(value),
    }
}

/// Reads an address and port, and says what is wrong with any other text.
pub(super) fn address<'de, D: serde::Deserializer<'de>>(text: D) -> Result<std::net::SocketAddr, D::Error> {
    let text = String::deserialize(text)?;
    parse_address(&text).map_err(|problem| serde::de::Error::custom(format!("listen {problem}")))
}

/// An address and port, as in the file and in `FIREGRID_LISTEN`.
///
/// # Errors
/// What is wrong, with the value and what was expected.
pub fn parse_address(text: &str) -> Result<std::net::SocketAddr, String> {
    text.parse().map_err(|error| format!("is {text:?} ({error}), expected an address and port such as 127.0.0.1:8080"))
}

fn read<T: for<'de> Deserialize<'de>>(value: toml::Value) -> Result<T, String> {
    value.try_into().map_err(|error: toml::de::Error| error.message().to_owned())
}

/// What is wrong with an entry: place, code, message.
type EntryFault = (String, &'static str, String);

/// The entries of a list of tables, one by one; `None` where the file has none.
fn each_of<T>(
    table: &mut toml::Table,
    key: &str,
    read: fn(toml::Value) -> Result<T, (&'static str, String)>,
) -> (Option<Vec<T>>, Vec<EntryFault>) {
    let entries = match table.remove(key) {
        None => return (None, Vec::new()),
        Some(toml::Value::Array(entries)) => entries,
        Some(other) => {
            let message = format!("expected [[{key}]] tables, found {}", other.type_str());
            return (None, vec![(key.to_owned(), "config_bad_value", message)]);
        }
    };
    let (mut read_entries, mut faults) = (Vec::new(), Vec::new());
    for (i, entry) in entries.into_iter().enumerate() {
        match read(entry) {
            Ok(entry) => read_entries.push(entry),
            Err((code, message)) => faults.push((format!("[[{key}]] number {}", i + 1), code, message)),
        }
    }
    (Some(read_entries), faults)
}

fn read_list(entry: toml::Value) -> Result<ListConfig, (&'static str, String)> {
    read(entry).map_err(|message| {
        (if message.contains("unknown field") { "config_unknown_key" } else { "config_bad_value" }, message)
    })
}

/// `deny_unknown_fields` does not combine with `flatten`, so the keys of a source are checked here.
fn read_source(entry: toml::Value) -> Result<SourceConfig, (&'static str, String)> {
    let bad = |message: String| ("config_bad_value", message);
    let toml::Value::Table(table) = &entry else { return Err(bad("expected a table".to_owned())) };
    let allowed: &[&str] = match table.get("kind").and_then(toml::Value::as_str) {
        Some("firms_files") => &["id", "kind", "satellite", "region", "window", "base_url"],
        Some("firms_area") => &["id", "kind", "dataset", "key", "key_file", "days", "base_url"],
        Some("drop_folder") => &["id", "kind", "path", "allow_missing_newline"],
        Some(other) => return Err(bad(format!("kind is {other:?}, expected firms_files, firms_area or drop_folder"))),
        None => return Err(bad("no kind: expected firms_files, firms_area or drop_folder".to_owned())),
    };
    if let Some(unknown) = table.keys().find(|key| !allowed.contains(&key.as_str())) {
        return Err(("config_unknown_key", format!("unknown key {unknown:?}; known: {}", allowed.join(", "))));
    }
    read(entry).map_err(bad)
}

/// Checks that no type can make: (where, what is wrong).
fn check_values(config: &Config) -> Vec<(String, String)> {
    let mut faults = check_ids("source", config.sources.iter().map(|source| source.id.as_str()));
    faults.extend(check_ids("list", config.lists.iter().map(|list| list.id.as_str())));
    for list in &config.lists {
        faults.extend(list.faults().into_iter().map(|message| (format!("list {:?}", list.id), message)));
    }
    for source in &config.sources {
        let place = format!("source {:?}", source.id);
        match &source.kind {
            SourceKind::FirmsArea { days, key, .. } => {
                if !(1..=5).contains(days) {
                    faults.push((place.clone(), format!("days is {days}, expected 1..5 (the server refuses more)")));
                }
                if let Err(error) = key.reveal() {
                    faults.push((place.clone(), error.to_string()));
                }
                faults.extend(key.exposure().map(|message| (place, message)));
            }
            SourceKind::FirmsFiles { region, .. }
                if region.is_empty() || !region.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') =>
            {
                faults.push((place, format!("region is {region:?}, expected a FIRMS file region such as Russia_Asia")));
            }
            SourceKind::FirmsFiles { .. } | SourceKind::DropFolder { .. } => {}
        }
    }
    let polling = &config.polling;
    if polling.interval_secs < 10 {
        faults
            .push(("polling.interval_secs".to_owned(), format!("is {}, expected at least 10", polling.interval_secs)));
    }
    if polling.late_after_hours > polling.stale_after_hours {
        faults.push((
            "polling.late_after_hours".to_owned(),
            format!(
                "is {}, expected at most stale_after_hours ({})",
                polling.late_after_hours, polling.stale_after_hours
            ),
        ));
    }
    if config.clocks.quiet_hours().is_none() && !config.clocks.quiet_hours.is_empty() {
        let message =
            format!("is {:?}, expected HH:MM..HH:MM such as 22:00..05:00, or nothing", config.clocks.quiet_hours);
        faults.push(("clocks.quiet_hours".to_owned(), message));
    }
    faults.extend(config.web.faults().into_iter().map(|(place, message)| (place.to_owned(), message)));
    let sign_on = config.sign_on.iter().flat_map(|section| section.faults(&config.web.public_url));
    faults.extend(sign_on.map(|(place, message)| (place.to_owned(), message)));
    let accounts = &config.accounts;
    for (key, value, most) in [
        ("office_hours", accounts.office_hours, 24 * 7),
        ("phone_days", accounts.phone_days, 366),
        ("office_longest_days", accounts.office_longest_days, 366),
        ("phone_longest_days", accounts.phone_longest_days, 3660),
        ("link_hours", accounts.link_hours, 24 * 7),
    ] {
        if !(1..=most).contains(&value) {
            faults.push((format!("accounts.{key}"), format!("is {value}, expected 1 to {most}")));
        }
    }
    faults.extend(check_shares(&config.shares));
    if !(0.0..=50.0).contains(&config.rules.plan_near_km) {
        let message = format!("is {}, expected 0 to 50 km", config.rules.plan_near_km);
        faults.push(("rules.plan_near_km".to_owned(), message));
    }
    if config.rules.link_gap_hours == 0 {
        faults.push(("rules.link_gap_hours".to_owned(), "is 0, expected at least 1".to_owned()));
    }
    faults.extend(check_heat_sources(&config.heat_sources));
    faults.extend(config.map.faults());
    faults
}

/// Names are plain and each is used once.
fn check_ids<'c>(what: &str, ids: impl Iterator<Item = &'c str>) -> Vec<(String, String)> {
    let (mut seen, mut faults) = (std::collections::BTreeSet::new(), Vec::new());
    for id in ids {
        let place = format!("{what} {id:?}");
        let is_plain = !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        if !is_plain {
            faults.push((place.clone(), "id must be letters, digits, '-' and '_'".to_owned()));
        }
        if !seen.insert(id) {
            faults.push((place, format!("id is used twice; every {what} needs its own")));
        }
    }
    faults
}

/// An account without any of a share could not work at all; without a most, a share would be none.
fn check_shares(shares: &Shares) -> Vec<(String, String)> {
    let checks = [
        ("photos_a_day", shares.photos_a_day, 1, 100_000),
        ("photo_mb_a_day", shares.photo_mb_a_day, 24, 1_000_000),
        ("open_uploads", shares.open_uploads, 1, 1000),
        ("cases_an_hour", shares.cases_an_hour, 1, 100_000),
        ("imports_an_hour", shares.imports_an_hour, 1, 10_000),
        ("pages_at_once", shares.pages_at_once, 1, 16),
        ("documents_at_once", shares.documents_at_once, 1, 4),
        ("waiting", shares.waiting, 4, 1000),
        ("unattached_hours", shares.unattached_hours, 48, 24 * 366),
        ("free_disk_mb", shares.free_disk_mb, 0, 1_000_000),
    ];
    checks
        .into_iter()
        .filter(|(_, value, least, most)| !(least..=most).contains(&value))
        .map(|(key, value, least, most)| (format!("shares.{key}"), format!("is {value}, expected {least} to {most}")))
        .collect()
}

fn check_heat_sources(heat: &HeatSourcesConfig) -> Vec<(String, String)> {
    let whole = |n: u32| f64::from(n);
    // Wider cells than five kilometres or years of looking back would only suggest whole townships, slowly.
    let checks = [
        ("look_back_days", whole(heat.look_back_days), 1.0, 1100.0),
        ("cell_km", heat.cell_km, 0.1, 5.0),
        ("min_days", whole(heat.min_days), 2.0, whole(heat.look_back_days.max(2))),
        ("min_night_share", heat.min_night_share, 0.0, 1.0),
        ("max_median_frp_mw", heat.max_median_frp_mw, 0.0, 10_000.0),
        ("max_frp_spread_mw", heat.max_frp_spread_mw, 0.0, 10_000.0),
        ("longest_approval_days", whole(heat.longest_approval_days), 1.0, 1100.0),
        ("expires_soon_days", whole(heat.expires_soon_days), 0.0, 366.0),
    ];
    checks
        .into_iter()
        .filter(|(_, value, least, most)| !(least..=most).contains(&value))
        .map(|(key, value, least, most)| {
            (format!("heat_sources.{key}"), format!("is {value}, expected {least} to {most}"))
        })
        .collect()
}

fn mentions(line: &str, key: &str) -> bool {
    let line = line.trim_start().trim_start_matches('[');
    line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(['=', ']', '.']))
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|&b| b == b'\n').count() + 1
}
