//! The `firegrid` program.

fn main() {}
