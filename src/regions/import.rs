//! Takes a list of people or a duty roster into a region's folder: checked whole, written whole or not at all.
//!
//! The file is the whole list, as the office keeps it, CSV or XLSX; what it does not name is gone.
//! All its rows are checked against the units first and every fault is named by its own row; then
//! the region is checked as it would be with it ([`prepare`]); and only then is the file of the
//! folder replaced ([`Import::write`]). Known columns are kept, unknown ones left out; every value is written in the
//! contract's form for it, so that the file is read again as the list was. Called by `firegrid people import`, which makes the new version the active one afterwards.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::bundle::Bundle;
use super::faults::{Faults, fault};
use super::manifest::{self, MANIFEST, Manifest, Section};
use super::table;
use super::{Loaded, duty, people, units};
use crate::config::Fault;
use crate::domain::unit::UnitCode;
use crate::regions::geometry::GeometryReader;
use crate::words::file_faults::{all_glossed, glossed};

/// What a file is a list of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// Who answers for which unit.
    People,
    /// The duty roster.
    Duty,
}

impl List {
    /// The section of `region.toml` that names the file.
    #[must_use]
    pub fn section(self) -> Section {
        match self {
            Self::People => Section::People,
            Self::Duty => Section::Duty,
        }
    }

    fn columns(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::People => (&people::REQUIRED, &people::OPTIONAL),
            Self::Duty => (&duty::REQUIRED, &[]),
        }
    }
}

/// A list that passed, ready to be written.
#[derive(Debug)]
pub struct Import {
    /// The region as it will be.
    pub loaded: Loaded,
    /// The file that will be replaced, relative to the folder.
    pub path: String,
    /// Rows of the list.
    pub rows: usize,
    /// What whoever imports the list should know: columns that were not read, rows that stand twice.
    pub warnings: Vec<Fault>,
    csv: Vec<u8>,
}

/// Checks a list and the region with it; changes nothing.
///
/// # Errors
/// Every fault of the list, by its own rows; when it has none, every fault of the region's other files.
pub fn prepare(folder: &Path, list: List, name: &str, bytes: &[u8]) -> Result<Import, Vec<Fault>> {
    let (mut bundle, read_faults) = Bundle::collect(folder);
    let manifest = bundle.files.get(MANIFEST).and_then(|bytes| manifest::read(bytes, &mut Faults::default()));
    let path = manifest.as_ref().and_then(|manifest| manifest.entry(list.section())).map(|entry| entry.path.clone());
    if let Some(message) = unfit(path.as_deref(), manifest.is_some(), list) {
        return Err(vec![glossed(fault(MANIFEST, "", "key_missing", message))]);
    }
    // A manifest that cannot be read is told by the check of the whole.
    let (Some(path), Some(manifest)) = (path, manifest) else { return Err(super::faults_of(bundle, read_faults)) };
    let Checked { csv, rows, warnings } = checked(list, name, bytes, &codes(&bundle, &manifest))?;
    bundle.files.insert(path.clone(), csv.clone());
    // The file itself may be missing or broken so far: it is replaced.
    let loaded = super::check(bundle, read_faults.without(&path))?;
    Ok(Import { loaded, path, rows, warnings, csv })
}

/// Why the folder has no place for the list.
fn unfit(path: Option<&str>, has_manifest: bool, list: List) -> Option<String> {
    let section = list.section().name();
    match path {
        None if has_manifest => {
            Some(format!("names no file for {section}; add [{section}] with path = \"{section}.csv\" and import again"))
        }
        Some(path) if !Path::new(path).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv")) => {
            Some(format!("[{section}] names {path:?}, but an import writes CSV; name a .csv file there"))
        }
        _ => None,
    }
}

/// The codes of the units, whatever other faults their file has.
fn codes(bundle: &Bundle, manifest: &Manifest) -> Vec<UnitCode> {
    let Some((entry, bytes)) =
        manifest.entry(Section::Units).and_then(|entry| Some((entry, bundle.files.get(&entry.path)?)))
    else {
        return Vec::new();
    };
    let mut geometry = GeometryReader::new(entry, manifest.extent);
    let units = units::read(&entry.path, bytes, &mut geometry, &mut Faults::default());
    units.into_iter().map(|unit| unit.code).collect()
}

/// A list without a fault.
struct Checked {
    /// As the region's CSV file.
    csv: Vec<u8>,
    rows: usize,
    warnings: Vec<Fault>,
}

/// The list as the region's CSV file, or the faults of its rows.
fn checked(list: List, name: &str, bytes: &[u8], codes: &[UnitCode]) -> Result<Checked, Vec<Fault>> {
    let (codes, mut faults) = (codes.iter().collect::<BTreeSet<_>>(), Faults::default());
    let (required, optional) = list.columns();
    let rows = table::read(name, bytes, required, optional, &mut faults);
    match list {
        List::People => drop(people::of_rows(&rows, &codes, &mut faults)),
        List::Duty => drop(duty::of_rows(&rows, &codes, &mut faults)),
    }
    // Columns that no reader looks at yet, such as e-mail, may have faults of their own.
    for (row, column) in rows.iter().flat_map(|row| UNREAD.map(|column| (row, column))) {
        row.optional(column, &mut faults);
    }
    if faults.is_empty() && rows.is_empty() {
        faults.add(
            name,
            "",
            "no_rows",
            "the list has no rows, and an import would leave nobody; is this the right file?",
        );
    }
    if !faults.is_empty() {
        return Err(all_glossed(faults.into_list()));
    }
    let columns: Vec<&str> = required.iter().chain(optional).copied().collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail, and every record has as many fields as the head.
    let _ = writer.write_record(&columns);
    for row in &rows {
        let _ = writer.write_record(columns.iter().map(|column| row.canonical(column).unwrap_or_default()));
    }
    Ok(Checked {
        csv: writer.into_inner().unwrap_or_default(),
        rows: rows.len(),
        warnings: all_glossed(faults.take_warnings()),
    })
}

/// Columns that are kept with the file and read by nothing here.
const UNREAD: [&str; 4] = ["email", "wecom_id", "dingtalk_id", "feishu_id"];

impl Import {
    /// Replaces the file of the folder: a new file beside it, on disk before it takes the old one's name.
    ///
    /// # Errors
    /// Any error of the file system; the old file is then still there whole.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        let target = folder.join(&self.path);
        let parent = target.parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf);
        let beside = target.with_extension(format!("csv.{}.new", std::process::id()));
        let written = std::fs::File::create(&beside).and_then(|mut file| {
            // Before anything is in it: whoever closed the list to others meant its telephones.
            if let Ok(old) = std::fs::metadata(&target) {
                file.set_permissions(old.permissions())?;
            }
            file.write_all(&self.csv)?;
            file.sync_all()
        });
        let replaced = written.and_then(|()| std::fs::rename(&beside, &target));
        if replaced.is_err() {
            // The error itself is told; a left-over beside the file does no harm.
            let _ = std::fs::remove_file(&beside);
        }
        replaced?;
        std::fs::File::open(parent)?.sync_all()
    }
}
