//! Rebuilds when a migration changes: the macro that embeds them does not see that.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
