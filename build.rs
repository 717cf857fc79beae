//! Rebuilds when a migration or the front-end build changes: the macros that embed them do not see a new file.
//!
//! It never runs npm: without `web/dist` the pages work without scripts.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=web/dist");
}
