//! Burn plans.

use crate::words::Label;
use serde_json::Value;
use wkt::ToWkt;

use crate::domain::burning::StandingPlan;
use crate::domain::ground::Ground;
use crate::domain::plan::{BurnOrder, PlanId};
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::report::typed::{Typed, answer, typed};
use crate::store::{Imported, PlanAnswer, PlanEvent, RowOutcome};

/// A plan on the ground whose names it is told with; its plot is WKT in WGS-84.
pub struct PlanOf<'a> {
    /// The ground.
    pub ground: &'a Ground,
    /// The plan.
    pub standing: &'a StandingPlan,
}

impl<'a> PlanOf<'a> {
    fn above(&self, level: UnitLevel) -> Option<&'a UnitCode> {
        self.ground.at_level(&self.standing.plan.unit_code, level).map(|unit| &unit.code)
    }

    fn unit_name(&self) -> &'a str {
        let code = &self.standing.plan.unit_code;
        self.ground.unit(code).map_or(code.0.as_str(), |unit| unit.name.as_str())
    }
}

typed! { PlanOf<'_> as row named "Plan" {
    plan_id = &row.standing.plan.id, unit_code = &row.standing.plan.unit_code, unit_name = row.unit_name(),
    county_code = row.above(UnitLevel::County), township_code = row.above(UnitLevel::Township),
    status = row.standing.status, status_zh = row.standing.status.label().zh,
    window_start = row.standing.plan.window_start, window_end = row.standing.plan.window_end,
    area_mu = row.standing.plan.area_mu, responsible = &row.standing.plan.responsible,
    note = &row.standing.plan.note, plot = row.standing.plan.plot.as_ref().map(ToWkt::wkt_string),
    source = row.standing.source, applied_by = &row.standing.applicant,
    received_at = row.standing.plan.received_at, reviewed_by = &row.standing.plan.reviewed_by,
    approved_at = row.standing.plan.approved_at, refused_at = row.standing.plan.refused_at,
    withdrawn_at = row.standing.plan.withdrawn_at, lit_at = row.standing.plan.lit_at,
    done_at = row.standing.plan.done_at, burnt_mu = row.standing.plan.burnt_mu,
    orders = &row.standing.plan.orders,
} }

typed! { BurnOrder as order { id, from, to, issued_at, issued_by, withdrawn_at } }

/// A plan with everything that happened to it.
pub struct PlanLife<'a> {
    /// The plan.
    pub plan: PlanOf<'a>,
    /// What happened, oldest first.
    pub events: &'a Vec<PlanEvent>,
}

typed! { PlanLife<'_> as row named "PlanDetail" { ..PlanOf<'_> = row.plan; events = row.events } }

typed! { PlanEvent as event { seq, at, kind, actor, actor_unit, claimed_at, detail } }

/// What an act on a plan left.
pub struct PlanActed<'a> {
    /// The ground.
    pub ground: &'a Ground,
    /// What it left.
    pub answer: &'a PlanAnswer,
}

typed! { PlanActed<'_> as row named "PlanAnswer" {
    ..PlanOf<'_> = PlanOf { ground: row.ground, standing: &row.answer.standing };
    repeated = row.answer.repeated, cautions = &row.answer.cautions,
} }

/// [`PlanOf`] as JSON.
#[must_use]
pub fn plan(ground: &Ground, standing: &StandingPlan) -> Value {
    PlanOf { ground, standing }.json()
}

/// [`PlanActed`] as JSON.
#[must_use]
pub fn plan_answer(ground: &Ground, answer: &PlanAnswer) -> Value {
    PlanActed { ground, answer }.json()
}

/// What an import did, or would do.
pub struct ImportOf<'a> {
    /// What it did.
    pub imported: &'a Imported,
    /// Rows of the file.
    pub read: usize,
    /// Nothing was to be written.
    pub dry_run: bool,
}

impl ImportOf<'_> {
    fn count(&self, outcome: RowOutcome) -> usize {
        self.imported.rows.iter().filter(|(_, found)| *found == outcome).count()
    }

    fn rows(&self) -> Vec<ImportedRow<'_>> {
        self.imported.rows.iter().map(|(plan_id, outcome)| ImportedRow { plan_id, outcome: *outcome }).collect()
    }
}

typed! { ImportOf<'_> as row {
    read, new = row.count(RowOutcome::New), unchanged = row.count(RowOutcome::Unchanged),
    updated = row.count(RowOutcome::Updated), written = row.imported.problems.is_empty() && !row.dry_run,
    dry_run, repeated = row.imported.repeated, rows = row.rows(),
} }

answer! {
    /// What became of a row of the file.
    struct ImportedRow<'a> {
        plan_id: &'a PlanId,
        outcome: RowOutcome,
    }
}

/// [`ImportOf`] as JSON; `read` rows were in the file.
#[must_use]
pub fn import(imported: &Imported, read: usize, dry_run: bool) -> Value {
    ImportOf { imported, read, dry_run }.json()
}
