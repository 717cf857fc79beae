//! Files that people bring, as text, tables and cells, and what is wrong with them.
//!
//! [`text`] decodes, [`table`] reads the rows of CSV files and XLSX workbooks, [`guess`] finds the word that was meant,
//! [`faults`] collects what is wrong, [`vocabulary`] holds the words that people write. Called by [`crate::regions`] for the operator's files and by [`crate::source`] for
//! lists of fire points. What a column means is decided there.

pub mod faults;
pub mod guess;
pub mod table;
pub mod text;
mod vocabulary;
