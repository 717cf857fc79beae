//! How many files and connections the process may have open, and how many of them are for connections.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Kept for everything but connections: the database and its readers, photos and raw bodies, feeds, the log.
const RESERVE: u64 = 256;

/// Fewer connections than this serve nobody.
const LEAST: u64 = 16;

/// Raises the limit of open files to what the system allows; what it is then.
pub(super) fn raise_limit() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
    let is_raised = raised.inspect_err(|error| tracing::warn!("cannot raise the limit of open files: {error}")).is_ok();
    // A limit that does not exist is none.
    (if is_raised { limit.maximum } else { limit.current }).unwrap_or(u64::MAX)
}

/// How many connections there may be of those that are wanted.
pub(super) fn connections(wanted: usize, open_files: u64) -> usize {
    let room = open_files.saturating_sub(RESERVE).max(LEAST);
    usize::try_from(room).map_or(wanted, |room| room.min(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_descriptors_for_everything_else() {
        for (wanted, open_files, expected) in
            [(2000, 1_048_576, 2000), (2000, 1024, 768), (2000, 300, 44), (2000, 100, 16), (10, 1024, 10)]
        {
            assert_eq!(connections(wanted, open_files), expected, "{wanted} of {open_files}");
        }
    }
}
