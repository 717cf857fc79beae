//! The responsibility list (责任清单) of a unit and everything below it, to be printed and signed.
//!
//! One list ([`ResponsibilityList::of`]) and four forms: text, and a [`Sheet`] for CSV and XLSX,
//! and a page of its own for A4 that needs no server, no script and no other file. It holds
//! telephone numbers: whoever prints it answers for the paper. Called by `firegrid people list`.

use askama::Template;

use super::export::sheet::{Cell, Sheet};
use crate::domain::chain::{self, ChainHolder, ChainLink};
use crate::domain::ground::Ground;
use crate::domain::phone::Phone;
use crate::domain::time::Date;
use crate::domain::unit::{Role, Unit, UnitCode, UnitLevel};
use crate::words::responsibility::{self, HEADS};
use crate::words::{Label, Lang, Words};

/// A list as of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponsibilityList {
    /// Name of the region.
    pub region: String,
    /// Name of the unit at the top.
    pub unit: String,
    /// The local day.
    pub day: Date,
    /// The region version it was made from, shortened.
    pub version: String,
    /// A row per unit, those below a unit after it, by code.
    rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    level: UnitLevel,
    /// As many as [`HEADS`].
    cells: Vec<String>,
}

impl ResponsibilityList {
    /// The list of a unit that exists, else `None`.
    #[must_use]
    pub fn of(ground: &Ground, unit: &UnitCode, day: Date) -> Option<Self> {
        let top = ground.unit(unit)?;
        let mut rows = Vec::new();
        let mut open = vec![top];
        while let Some(unit) = open.pop() {
            rows.push(row(ground, unit, day));
            // Levels fall on the way down, so this ends even on a tree that was not checked.
            let mut below: Vec<&Unit> = ground.children(&unit.code).filter(|below| below.level > unit.level).collect();
            below.sort_by(|a, b| b.code.cmp(&a.code));
            open.extend(below);
        }
        Some(Self {
            region: ground.data().name.clone(),
            unit: top.name.clone(),
            day,
            version: ground.version().short().to_owned(),
            rows,
        })
    }

    /// Its title, Chinese.
    #[must_use]
    pub fn title(&self) -> String {
        responsibility::title(&self.unit)
    }

    /// The list as a sheet with Chinese heads.
    #[must_use]
    pub fn sheet(&self) -> Sheet {
        let cell = |text: &String| if text.is_empty() { Cell::Empty } else { Cell::Text(text.clone()) };
        Sheet {
            name: responsibility::SHEET.to_owned(),
            heads: HEADS.map(|head| head.zh.to_owned()).to_vec(),
            rows: self.rows.iter().map(|row| row.cells.iter().map(cell).collect()).collect(),
        }
    }

    /// The list as lines of text: what is empty is left out.
    #[must_use]
    pub fn text(&self) -> String {
        let head = format!("{}（{}）\n", self.title(), self.day);
        std::iter::once(head).chain(self.rows.iter().map(Row::line)).collect()
    }

    /// The list as a page for A4, Chinese with English heads beside.
    ///
    /// # Errors
    /// When the template fails, which it has no reason to.
    pub fn html(&self) -> Result<String, askama::Error> {
        Page { list: self, heads: &HEADS }.render()
    }
}

impl Row {
    /// The row as a line of text, indented by its level.
    fn line(&self) -> String {
        let indent = "  ".repeat(UnitLevel::ALL.iter().position(|level| *level == self.level).unwrap_or_default());
        let mut cells = self.cells.iter();
        let start: Vec<&str> = cells.by_ref().take(3).map(String::as_str).collect();
        let named = HEADS.iter().skip(3).zip(cells).filter(|(_, cell)| !cell.is_empty());
        let rest: Vec<String> = named.map(|(head, cell)| format!("{}：{cell}", head.zh)).collect();
        format!("{indent}{}  {}\n", start.join(" "), rest.join("  "))
    }
}

/// The printed page; askama escapes every value.
#[derive(Template)]
#[template(path = "responsibility.html")]
struct Page<'a> {
    list: &'a ResponsibilityList,
    heads: &'a [Words],
}

fn row(ground: &Ground, unit: &Unit, day: Date) -> Row {
    let link = chain::link_of(ground, unit, day);
    let role = |role| of_role(&link, role);
    let names = |role| listed(&of_role(&link, role), |holder| Some(holder.name.as_str()));
    let phones = |role| listed(&of_role(&link, role), |holder| holder.phone.as_ref().map(Phone::as_str));
    let sponsors = role(Role::Sponsor);
    let cells = vec![
        Lang::Zh.say(unit.level.label()).to_owned(),
        unit.code.0.clone(),
        unit.name.clone(),
        names(Role::Head),
        phones(Role::Head),
        names(Role::Sponsor),
        listed(&sponsors, |holder| holder.post.as_deref()),
        listed(&sponsors, |holder| holder.employer.as_deref()),
        phones(Role::Sponsor),
        names(Role::Inspector),
        phones(Role::Inspector),
        names(Role::Deputy),
        phones(Role::Deputy),
        note(ground, unit, &link, day),
    ];
    Row { level: unit.level, cells }
}

fn of_role(link: &ChainLink, role: Role) -> Vec<&ChainHolder> {
    link.holders.iter().filter(|holder| holder.role == role).collect()
}

/// One value of each, in the order of the names; nothing when none has any.
fn listed<'a>(holders: &[&'a ChainHolder], value: impl Fn(&'a ChainHolder) -> Option<&'a str>) -> String {
    if holders.iter().all(|holder| value(holder).is_none()) {
        return String::new();
    }
    holders.iter().map(|holder| value(holder).unwrap_or("—")).collect::<Vec<_>>().join("、")
}

/// Who answers where nobody holds the unit.
fn note(ground: &Ground, unit: &Unit, link: &ChainLink, day: Date) -> String {
    if !link.holders.is_empty() {
        return String::new();
    }
    match chain::answerable(ground, &unit.code, day).answer {
        Some(answer) => responsibility::vacant(&answer.name, &answer.person.name),
        None => responsibility::VACANT.to_owned(),
    }
}
