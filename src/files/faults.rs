//! Collects every fault of a region's files, so that one run tells the operator all of them.
//!
//! Each reader adds to a [`Faults`] as it goes and never stops at the first. What a code word means in Chinese stands in
//! `words`. It decides nothing about what is a fault.

pub use crate::config::Fault;

/// Faults kept per file; the rest are only counted. More than anybody mends in one sitting, and
/// it bounds the memory that a file of nothing but faults can take.
pub const MAX_FAULTS_PER_FILE: usize = 500;

/// The faults found so far, and what the readers only warn of.
#[derive(Debug, Default)]
pub struct Faults {
    list: Vec<Fault>,
    /// Faults beyond the cap: (file, how many).
    beyond: Vec<(String, usize)>,
    warnings: Vec<Fault>,
}

impl Faults {
    /// Adds a fault of a file; `place` is empty for the file as a whole.
    pub fn add(&mut self, file: &str, place: impl Into<String>, code: &'static str, message: impl std::fmt::Display) {
        if self.list.iter().filter(|fault| fault.file == file).count() < MAX_FAULTS_PER_FILE {
            self.list.push(fault(file, place, code, message));
            return;
        }
        match self.beyond.iter_mut().find(|(name, _)| name == file) {
            Some((_, count)) => *count += 1,
            None => self.beyond.push((file.to_owned(), 1)),
        }
    }

    /// Adds a warning: the file is usable all the same. Beyond [`MAX_FAULTS_PER_FILE`] of a file the rest are dropped, as
    /// readers count what is of a kind and tell it once.
    pub fn warn(&mut self, file: &str, place: impl Into<String>, code: &'static str, message: impl std::fmt::Display) {
        if self.warnings.iter().filter(|warning| warning.file == file).count() < MAX_FAULTS_PER_FILE {
            self.warnings.push(fault(file, place, code, message));
        }
    }

    /// The warnings in the order they were found.
    #[must_use]
    pub fn take_warnings(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.warnings)
    }

    /// How many faults were found, those beyond the cap included.
    #[must_use]
    pub fn count(&self) -> usize {
        self.list.len() + self.beyond.iter().map(|(_, count)| count).sum::<usize>()
    }

    /// Whether none was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether a file has one.
    #[must_use]
    pub fn names(&self, file: &str) -> bool {
        self.list.iter().any(|fault| fault.file == file)
    }

    /// The faults without those of one file.
    #[must_use]
    pub fn without(mut self, file: &str) -> Self {
        self.list.retain(|fault| fault.file != file);
        self.beyond.retain(|(name, _)| name != file);
        self.warnings.retain(|warning| warning.file != file);
        self
    }

    /// The faults in the order they were found, with a closing line for each file that has more.
    #[must_use]
    pub fn into_list(mut self) -> Vec<Fault> {
        for (file, count) in std::mem::take(&mut self.beyond) {
            let message = format!("and {count} more faults; mend these first, then check again");
            self.list.push(fault(&file, "", "more_faults", message));
        }
        self.list
    }
}

/// A fault or warning.
#[must_use]
pub fn fault(file: &str, place: impl Into<String>, code: &'static str, message: impl std::fmt::Display) -> Fault {
    Fault { file: file.to_owned(), place: place.into(), code, message: message.to_string() }
}
