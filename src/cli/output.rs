//! The only place that prints: results to standard output, faults to standard error.

use std::io::{IsTerminal, Write};
use std::path::Path;

use anyhow::Context;
use serde::Serialize;

use crate::config::Fault;
use crate::words;

/// Prints one JSON document to standard output.
pub(super) fn json(document: &impl Serialize) -> anyhow::Result<()> {
    text(&serde_json::to_string(document)?)
}

/// Prints a text to standard output, closed with a newline. A closed pipe ends it quietly.
pub(super) fn text(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let newline = if text.ends_with('\n') { "" } else { "\n" };
    match write!(out, "{text}{newline}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}

/// Writes a document to a file, or to standard output as it is but for a closing newline of text.
///
/// A workbook is refused on a terminal, where it would be noise.
pub(super) fn document(document: &[u8], file: Option<&Path>) -> anyhow::Result<()> {
    if let Some(file) = file {
        return std::fs::write(file, document).with_context(|| format!("cannot write {}", file.display()));
    }
    if let Ok(document) = std::str::from_utf8(document) {
        return text(document);
    }
    let mut out = std::io::stdout().lock();
    anyhow::ensure!(!out.is_terminal(), "a workbook cannot be shown on a terminal; name a file with --output FILE");
    match out.write_all(document).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}

/// Prints a line for people to standard output.
pub(super) fn line(line: &str) {
    // Standard output that is gone, or full, is the reader's choice; the work is done.
    let _ = text(line);
}

/// Prints a line beside the result, to standard error.
///
/// What cannot be written is lost and nothing more: a service whose standard error goes to a full disk or a closed
/// pipe runs on.
pub(super) fn note(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// What passed its checks; otherwise `None`, the faults printed.
pub(super) fn passed<T>(checked: Result<T, Vec<Fault>>) -> Option<T> {
    checked.map_err(|list| faults(&list)).ok()
}

/// Prints faults to standard error, one a line.
pub(super) fn faults(faults: &[Fault]) {
    for fault in faults {
        note(&format!("fault: {fault}"));
    }
    note(&format!("{} fault(s); nothing was changed", faults.len()));
}

/// Prints warnings to standard error, one a line.
pub(super) fn warnings(warnings: &[Fault]) {
    for warning in warnings {
        note(&format!("warning: {warning}"));
    }
}

/// Prints an error with its causes.
pub(super) fn error(error: &anyhow::Error) {
    note(&format!("error: {}", words::chain(error.chain())));
}
