//! The log as people read it: its rows, latest first, narrowed by what they are about, who acted and when.
//!
//! Reading only; [`super::events`] appends and [`super::audit`] proves.

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, ToSql, params, params_from_iter};
use serde::Serialize;
use serde_json::Value;

use super::Error;
use super::codec::{Json, Millis};
use super::events::SubjectKind;
use super::query::Span;
use super::scoped::Scoped;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;

/// Which rows are asked for; everything left out asks for all.
#[derive(Debug, Clone, Default)]
pub struct LogFilter {
    /// The word of what they are about, one of [`LogFilter::kinds`].
    pub subject_kind: Option<String>,
    /// What they are about: the number of an alert, the id of a plan.
    pub subject: Option<String>,
    /// Who acted.
    pub actor: Option<String>,
    /// When.
    pub span: Option<Span>,
    /// Without what is about accounts: how people came in, from where.
    pub without_accounts: bool,
}

impl LogFilter {
    /// What is expected where an event's subject is asked for: [`Self::kinds`] in words.
    pub const KINDS: &str =
        "account, alert, desk, plan, weather, heat_source, installation, judgement, region, clock or official_list";

    /// The words of what an event can be about.
    #[must_use]
    pub fn kinds() -> [&'static str; SubjectKind::ALL.len()] {
        SubjectKind::ALL.map(SubjectKind::name)
    }
}

/// A row of the log.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LogRow {
    /// Its number.
    pub seq: i64,
    /// Server time.
    pub at: Timestamp,
    /// What it is about.
    pub subject_kind: String,
    /// Which one.
    pub subject: String,
    /// What happened.
    pub kind: String,
    /// Who did it.
    pub actor: String,
    /// For which unit; `None` for firegrid itself.
    pub actor_unit: Option<UnitCode>,
    /// For whom, where one person entered it for another.
    pub on_behalf_of: Option<String>,
    /// When it happened, as the person said.
    pub claimed_at: Option<Timestamp>,
    /// What it says.
    pub detail: Value,
    /// Hash of the row.
    pub hash: String,
    /// The account through which it was done; `None` for firegrid itself and for commands on the machine.
    pub account: Option<String>,
    /// The account that made the link or token by which that one came in.
    pub let_in_by: Option<String>,
    /// What brought it in: `session N`, `token N`, `shell`.
    pub access: Option<String>,
    /// From where: `loopback`, `private`, `public`.
    pub address: Option<String>,
}

impl Scoped {
    /// Rows of the log below a number, the latest first; none for whoever does not see the whole region.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn log(&self, filter: LogFilter, before: Option<i64>, limit: u32) -> Result<Vec<LogRow>, Error> {
        if !self.scope().is_whole() {
            return Ok(Vec::new());
        }
        self.store()
            .read(move |db| {
                let (mut conditions, mut values) = (vec!["1".to_owned()], Vec::<Sql>::new());
                if filter.subject.is_some() && filter.subject_kind.is_none() {
                    // The index of subjects begins with their kind.
                    let kinds = SubjectKind::ALL.map(|kind| format!("'{}'", kind.name())).join(", ");
                    conditions.push(format!("subject_kind IN ({kinds})"));
                }
                let mut add = |condition: &str, value: Sql| {
                    values.push(value);
                    conditions.push(format!("{condition} ?{}", values.len()));
                };
                for (column, text) in
                    [("subject_kind =", filter.subject_kind), ("subject =", filter.subject), ("actor =", filter.actor)]
                {
                    if let Some(text) = text {
                        add(column, text.into());
                    }
                }
                if filter.without_accounts {
                    add("subject_kind <>", SubjectKind::Account.name().to_owned().into());
                }
                if let Some(span) = filter.span {
                    // Numbers rise with the time but for a clock that was set back, so they bound the walk and the time
                    // decides. The plus keeps SQLite off the index of times, whose rows it would have to sort by number.
                    let Some((first, last)) = numbers_within(db, span)? else { return Ok(Vec::new()) };
                    add("seq >=", first.into());
                    add("seq <=", last.into());
                    add("+at >=", span.from.as_millisecond().into());
                    add("+at <", span.until.as_millisecond().into());
                }
                if let Some(before) = before {
                    add("seq <", before.into());
                }
                let sql = format!(
                "SELECT seq, at, subject_kind, subject, kind, actor, actor_unit, on_behalf_of, claimed_at, detail, hash,
                        account, let_in_by, access, address
                 FROM events WHERE {} ORDER BY seq DESC LIMIT {limit}",
                conditions.join(" AND ")
            );
                let mut select = db.prepare_cached(&sql)?;
                let rows =
                    select.query_map(params_from_iter(values.iter().map(|value| value as &dyn ToSql)), |row| {
                        Ok(LogRow {
                            seq: row.get(0)?,
                            at: row.get::<_, Millis>(1)?.0,
                            subject_kind: row.get(2)?,
                            subject: row.get(3)?,
                            kind: row.get(4)?,
                            actor: row.get(5)?,
                            actor_unit: row.get::<_, Option<String>>(6)?.map(UnitCode),
                            on_behalf_of: row.get(7)?,
                            claimed_at: row.get::<_, Option<Millis>>(8)?.map(|at| at.0),
                            detail: row.get::<_, Json<Value>>(9)?.0,
                            hash: row.get(10)?,
                            account: row.get(11)?,
                            let_in_by: row.get(12)?,
                            access: row.get(13)?,
                            address: row.get(14)?,
                        })
                    })?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await
    }
}

/// The first and the last number of the rows of a span; `None` where there is none.
fn numbers_within(db: &Connection, span: Span) -> Result<Option<(i64, i64)>, Error> {
    let found: (Option<i64>, Option<i64>) = db
        .prepare_cached("SELECT min(seq), max(seq) FROM events WHERE at >= ?1 AND at < ?2")?
        .query_row(params![Millis(span.from), Millis(span.until)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.0.zip(found.1))
}
