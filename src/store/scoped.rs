//! The store as one account sees it: every read is narrowed to its scope, every act needs what it sees.
//!
//! The web reads and writes through this and nothing else, so a page cannot forget the scope. What an account may *do*
//! to something it sees is decided where it always is, by the rules of the case, the plan, the heat source; what it does
//! not see does not exist for it. The command line, which whoever owns the machine uses, asks [`Store`] itself.

use std::sync::Arc;

use super::audit::Audit;
use super::case::{Added, Done, MyCase, MyCursor, MyList, mine, no_heir, view_of};
use super::heat_sources::{HeatAnswer, HeatError};
use super::plans::{PlanAnswer, PlanCommand, PlanDetail, PlanError, PlanFilter};
use super::query::{AlertDetail, AlertRow, DetectionRow, DoubtfulView, FireRow, PixelRow, PollRow, Span};
use super::query::{alert_of, alerts_of, detections_of, fires_of, pixels_of, sees_alert, standing_observations_of};
use super::seen::Seen;
use super::{
    ActError, AddError, By, CaseCount, CaseFilter, CaseTotal, Command, Cursor, DeadlineRow, Error, GapRow, ImportRow,
    Imported, LogFilter, LogRow, NewCase, OpenCases, Page, RegionRow, RegionTurn, RejudgeError, RejudgeOrder,
    RejudgeScope, Rejudgement, StateCounts, Store, WeatherEntry, WeatherError,
};
use crate::domain::account::Scope;
use crate::domain::actor::Actor;
use crate::domain::alert::AlertNumber;
use crate::domain::burning::{BurnRules, PlanAct, StandingPlan};
use crate::domain::calendar::BurnWeather;
use crate::domain::case::{Act, ActKind, CaseView, Entitled, Refusal};
use crate::domain::ground::{Ground, RegionVersion};
use crate::domain::heat_approval::{ApprovalRules, ApprovedHeatSource, HeatAct, HeatRefusal, NewHeatSource};
use crate::domain::ledger::SeenPixel;
use crate::domain::observation::Observation;
use crate::domain::plan::{PlanApplication, PlanId};
use crate::domain::policy::EnteredWeather;
use crate::domain::rules::Rules;
use crate::domain::time::{Date, Timestamp};
use crate::domain::unit::UnitCode;

/// The store within a scope.
#[derive(Clone)]
pub struct Scoped {
    store: Store,
    scope: Arc<Scope>,
    /// Whoever reads works in the field: what a desk decides is not his, whatever unit he stands for.
    is_field: bool,
}

impl Store {
    /// The store as a scope sees it.
    #[must_use]
    pub fn seen_by(&self, scope: Arc<Scope>) -> Scoped {
        Scoped { store: self.clone(), scope, is_field: false }
    }
}

/// Detections, fires, cases.
impl Scoped {
    /// For somebody who works in the field: any unit may be a grid, and an inspector of a township decides no more
    /// than one of a cell.
    #[must_use]
    pub fn in_the_field(self) -> Self {
        Self { is_field: true, ..self }
    }

    /// Whether somebody who reads here may do acts of a kind at all; the case decides the rest.
    #[must_use]
    pub fn may_try(&self, kind: ActKind) -> bool {
        !self.is_field || kind.is_of_the_field()
    }

    /// The scope.
    #[must_use]
    pub fn scope(&self) -> &Arc<Scope> {
        &self.scope
    }

    pub(super) fn seen(&self) -> Seen {
        Seen::by(&self.scope)
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    /// As [`Store::detections`].
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn detections(&self, span: Span) -> Result<Vec<DetectionRow>, Error> {
        let seen = self.seen();
        self.store.read(move |db| detections_of(db, span, &seen)).await
    }

    /// The same, as much as a map shows.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn pixels(&self, span: Span) -> Result<Vec<PixelRow>, Error> {
        let seen = self.seen();
        self.store.read(move |db| pixels_of(db, span, &seen)).await
    }

    /// Observations of a span that their feed still holds, earliest first.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn standing_observations(&self, span: Span) -> Result<Vec<Observation>, Error> {
        let seen = self.seen();
        self.store.read(move |db| standing_observations_of(db, span, &seen)).await
    }

    /// Rises with every change of what the pages of a day are made of: detections, fires, alerts, who sees them, and the
    /// clocks of cases. Two pages of the same version show the same; who changed it, and by which program, is all one.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn content_version(&self) -> Result<i64, Error> {
        self.store
            .read(|db| {
                let mut select = db.prepare_cached("SELECT version FROM content_version WHERE id = 1")?;
                Ok(select.query_row([], |row| row.get(0))?)
            })
            .await
    }

    /// As [`Store::fires`].
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn fires(&self, span: Span) -> Result<Vec<FireRow>, Error> {
        let seen = self.seen();
        self.store.read(move |db| fires_of(db, span, &seen)).await
    }

    /// As [`Store::alerts`].
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn alerts(&self, span: Span) -> Result<Vec<AlertRow>, Error> {
        let seen = self.seen();
        self.store.read(move |db| alerts_of(db, span, &seen)).await
    }

    /// As [`Store::alert`].
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn alert(&self, number: &AlertNumber) -> Result<Option<AlertDetail>, Error> {
        let (number, seen) = (number.clone(), self.seen());
        self.store.read(move |db| alert_of(db, &number, &seen)).await
    }

    /// A case as deciding looks at it; `None` when it does not exist here or does not stand for itself any more.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn case_view(&self, number: &AlertNumber) -> Result<Option<CaseView>, Error> {
        let (number, seen) = (number.clone(), self.seen());
        self.store.read(move |db| view_of(db, &number, &seen)).await
    }

    /// One page of the cases that are not over, urgent first.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn my_open_cases(&self, after: Option<MyCursor>) -> Result<MyList, Error> {
        let scope = self.scope.clone();
        self.store.read(move |db| mine::open(db, &scope, after.as_ref())).await
    }

    /// The cases that ended since a moment, the last to end first; a few.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn my_ended_cases(&self, since: Timestamp) -> Result<Vec<MyCase>, Error> {
        let scope = self.scope.clone();
        self.store.read(move |db| mine::ended(db, &scope, since)).await
    }

    /// Whether a case exists here.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn sees(&self, number: &AlertNumber) -> Result<bool, Error> {
        let (number, seen) = (number.clone(), self.seen());
        self.store.read(move |db| sees_alert(db, &number, &seen)).await
    }

    /// As [`Store::deadlines_of`]; none for a case that does not exist here.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn deadlines_of(&self, number: AlertNumber) -> Result<Vec<DeadlineRow>, Error> {
        if self.sees(&number).await? { self.store.deadlines_of(number).await } else { Ok(Vec::new()) }
    }

    /// As [`Store::cases`].
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn cases(&self, filter: CaseFilter, after: Option<Cursor>, limit: u32) -> Result<Page, Error> {
        self.store.cases(self.narrowed(filter), after, limit).await
    }

    /// As [`Store::count_cases`].
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn count_cases(&self, filter: CaseFilter) -> Result<u64, Error> {
        self.store.count_cases(self.narrowed(filter)).await
    }

    /// As [`Store::case_counts`].
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn case_counts(&self, filter: CaseFilter) -> Result<Vec<CaseCount>, Error> {
        self.store.case_counts(self.narrowed(filter)).await
    }

    /// How many cases a filter wants: all that are not over, and the first [`super::ENDED_COUNTED`] of those that are.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn case_total(&self, filter: CaseFilter) -> Result<CaseTotal, Error> {
        self.store.case_total_seen(self.narrowed(filter)).await
    }

    /// How many of the cases a filter wants stand in each state, whatever states it asks for: all that are not over, and
    /// the first [`super::ENDED_COUNTED`] of those that are.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn state_counts(&self, filter: CaseFilter) -> Result<StateCounts, Error> {
        self.store.state_counts_seen(self.narrowed(filter)).await
    }

    /// As [`Store::open_cases`].
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn open_cases(&self) -> Result<OpenCases, Error> {
        self.store.open_cases_of(self.narrowed(CaseFilter::default())).await
    }

    /// Whether a photo belongs to a case or plan that exists here.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn sees_photo(&self, hash: &str) -> Result<bool, Error> {
        for number in self.store.photo_cases(hash).await? {
            if self.sees(&number).await? {
                return Ok(true);
            }
        }
        for plan in self.store.photo_plans(hash).await? {
            if self.plan(plan).await?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The cases of the own ground, unless a unit or the cases that only may concern it are asked for: these are in no
    /// number, so they are in no list that has not named them.
    pub(super) fn narrowed(&self, filter: CaseFilter) -> CaseFilter {
        let seen = self.seen();
        let own = seen.unit().filter(|_| !filter.as_candidate).map(|unit| UnitCode(unit.to_owned()));
        CaseFilter { unit: filter.unit.or(own), seen, ..filter }
    }

    /// As [`Store::act`]; a case that does not exist here is unknown, and so is one it would be merged into.
    ///
    /// # Errors
    /// [`ActError`].
    pub async fn act(
        &self,
        command: Command,
        ground: Arc<Ground>,
        rules: Arc<Rules>,
        now: Timestamp,
    ) -> Result<Done, ActError> {
        if !self.sees(&command.number).await? {
            return Err(ActError::Unknown(command.number));
        }
        let kind = command.act.kind();
        if !self.may_try(kind) {
            return Err(ActError::Refused(Refusal::Rights {
                number: command.number,
                act: kind,
                unit: self.scope.unit().0.clone(),
                who: Entitled::DeskAccount,
            }));
        }
        if let Act::Merge { into } = &command.act
            && !self.sees(into).await?
        {
            return Err(no_heir(&command.number, into));
        }
        self.store.act(command, ground, rules, now).await
    }

    /// As [`Store::add_case`]. Fires are reported wherever they burn.
    ///
    /// # Errors
    /// [`AddError`].
    pub async fn add_case(
        &self,
        new: NewCase,
        ground: Arc<Ground>,
        rules: Arc<Rules>,
        now: Timestamp,
    ) -> Result<Added, AddError> {
        let mut added = self.store.add_case(new, ground, rules, now).await?;
        // That a fire was known already is told to whoever sees its case.
        added.joined = added.joined && self.sees(&added.number).await?;
        Ok(added)
    }

    /// As [`Store::responsibility_gaps`], of the units here.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn responsibility_gaps(&self) -> Result<Vec<GapRow>, Error> {
        let mut gaps = self.store.responsibility_gaps().await?;
        gaps.retain(|gap| self.scope.holds(&gap.unit_code));
        Ok(gaps)
    }
}

/// Burn plans: those of the units here, and of those above, whose ground is here too.
impl Scoped {
    /// As [`Store::plans`].
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn plans(&self, filter: PlanFilter) -> Result<Vec<StandingPlan>, Error> {
        let mut plans = self.store.plans(filter).await?;
        plans.retain(|standing| self.scope.concerns(&standing.plan.unit_code));
        Ok(plans)
    }

    /// As [`Store::plan`].
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn plan(&self, id: PlanId) -> Result<Option<PlanDetail>, Error> {
        let found = self.store.plan(id).await?;
        Ok(found.filter(|detail| self.scope.concerns(&detail.standing.plan.unit_code)))
    }

    /// As [`Store::seen_pixels`], of the units here.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn seen_pixels(&self, span: Span) -> Result<Vec<SeenPixel>, Error> {
        let mut pixels = self.store.seen_pixels(span).await?;
        pixels.retain(|pixel| self.scope.holds(&pixel.unit));
        Ok(pixels)
    }

    /// As [`Store::apply_for_plan`].
    ///
    /// # Errors
    /// [`PlanError`].
    pub async fn apply_for_plan(
        &self,
        application: PlanApplication,
        by: By,
        ground: Arc<Ground>,
        now: Timestamp,
    ) -> Result<PlanAnswer, PlanError> {
        self.store.apply_for_plan(application, by, ground, now).await
    }

    /// As [`Store::act_on_plan`]; a plan that does not exist here is unknown.
    ///
    /// # Errors
    /// [`PlanError`].
    pub async fn act_on_plan(
        &self,
        command: PlanCommand,
        by: By,
        ground: Arc<Ground>,
        rules: BurnRules,
        now: Timestamp,
    ) -> Result<PlanAnswer, PlanError> {
        if self.plan(command.id.clone()).await?.is_none() {
            return Err(PlanError::Unknown(command.id));
        }
        let is_of_a_desk = matches!(
            command.act,
            PlanAct::Approve | PlanAct::Refuse | PlanAct::Order { .. } | PlanAct::TakeBack { .. }
        );
        if self.is_field && is_of_a_desk {
            return Err(PlanError::NotInTheField);
        }
        self.store.act_on_plan(command, by, ground, rules, now).await
    }

    /// As [`Store::import_plans`]: rows of foreign units are refused by the rules.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn import_plans(
        &self,
        rows: Vec<ImportRow>,
        update: bool,
        by: By,
        judged_by: (Arc<Ground>, BurnRules),
        now: Timestamp,
    ) -> Result<Imported, Error> {
        self.store.import_plans(rows, update, by, judged_by, now).await
    }

    /// As [`Store::preview_import`].
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn preview_import(
        &self,
        rows: Vec<ImportRow>,
        update: bool,
        actor: Option<Actor>,
        judged_by: (Arc<Ground>, BurnRules),
    ) -> Result<Imported, Error> {
        self.store.preview_import(rows, update, actor, judged_by).await
    }
}

/// Fixed heat sources: those of the units here, and of those above.
impl Scoped {
    /// As [`Store::heat_sources`].
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn heat_sources(&self) -> Result<Vec<ApprovedHeatSource>, Error> {
        let mut sources = self.store.heat_sources().await?;
        sources.retain(|source| self.scope.concerns(&source.unit));
        Ok(sources)
    }

    /// As [`Store::approve_heat_source`].
    ///
    /// # Errors
    /// [`HeatError`].
    pub async fn approve_heat_source(
        &self,
        draft: NewHeatSource,
        by: By,
        ground: Arc<Ground>,
        rules: ApprovalRules,
        now: Timestamp,
    ) -> Result<HeatAnswer, HeatError> {
        self.store.approve_heat_source(draft, by, ground, rules, now).await
    }

    /// As [`Store::act_on_heat_source`]; a source that does not exist here is unknown.
    ///
    /// # Errors
    /// [`HeatError`].
    pub async fn act_on_heat_source(
        &self,
        id: String,
        act: HeatAct,
        by: By,
        ground: Arc<Ground>,
        rules: ApprovalRules,
        now: Timestamp,
    ) -> Result<HeatAnswer, HeatError> {
        if !self.heat_sources().await?.iter().any(|source| source.id == id) {
            return Err(HeatRefusal::Unknown(id).into());
        }
        self.store.act_on_heat_source(id, act, by, ground, rules, now).await
    }
}

/// Burn weather, which is everybody's; judging again, which the whole region sees before anybody does it.
impl Scoped {
    /// As [`Store::entered_weather`].
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn entered_weather(&self, first: Date, last: Date) -> Result<Vec<EnteredWeather>, Error> {
        self.store.entered_weather(first, last).await
    }

    /// As [`Store::enter_weather`].
    ///
    /// # Errors
    /// [`WeatherError`].
    pub async fn enter_weather(
        &self,
        weather: BurnWeather,
        by: By,
        ground: Arc<Ground>,
        now: Timestamp,
    ) -> Result<WeatherEntry, WeatherError> {
        self.store.enter_weather(weather, by, ground, now).await
    }

    /// As [`Store::preview_rejudgement`]; whoever does not see the whole region sees an empty one.
    ///
    /// # Errors
    /// [`RejudgeError`].
    pub async fn preview_rejudgement(
        &self,
        wanted: RejudgeScope,
        ground: Arc<Ground>,
        rules: Arc<Rules>,
    ) -> Result<Rejudgement, RejudgeError> {
        self.store.preview_rejudgement(self.whole_or_nothing(wanted), ground, rules).await
    }

    /// As [`Store::rejudge`], with the same limit.
    ///
    /// # Errors
    /// [`RejudgeError`].
    pub async fn rejudge(
        &self,
        wanted: RejudgeScope,
        order: RejudgeOrder,
        ground: Arc<Ground>,
        rules: Arc<Rules>,
        now: Timestamp,
    ) -> Result<Rejudgement, RejudgeError> {
        self.store.rejudge(self.whole_or_nothing(wanted), order, ground, rules, now).await
    }

    fn whole_or_nothing(&self, wanted: RejudgeScope) -> RejudgeScope {
        let nothing = RejudgeScope::Span(Span { from: Timestamp::MIN, until: Timestamp::MIN });
        if self.scope.is_whole() { wanted } else { nothing }
    }
}

/// The log of everything, which the whole region reads; the versions of the region, which are everybody's.
impl Scoped {
    /// Rows of the log, the latest first; none for whoever does not see the whole region.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn log(&self, filter: LogFilter, before: Option<i64>, limit: u32) -> Result<Vec<LogRow>, Error> {
        if self.scope.is_whole() { self.store.log(filter, before, limit).await } else { Ok(Vec::new()) }
    }

    /// As [`Store::verify_audit`], with the heads of the file outside; `None` for whoever does not see the whole region.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn verify_audit(&self) -> Result<Option<Audit>, Error> {
        if !self.scope.is_whole() {
            return Ok(None);
        }
        let heads = self.store.outside_heads().await?;
        self.store.verify_audit(heads).await.map(Some)
    }

    /// As [`Store::region_history`].
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn region_history(&self) -> Result<Vec<RegionTurn>, Error> {
        self.store.region_history().await
    }

    /// As [`Store::region_versions`]; they are everybody's.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn region_versions(&self) -> Result<Vec<RegionRow>, Error> {
        self.store.region_versions().await
    }

    /// As [`Store::region_bundle`]. Outlines are everybody's; people in it are for the whole region alone, and whoever
    /// shows it leaves them out for others.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn region_bundle(&self, version: RegionVersion) -> Result<Option<Vec<u8>>, Error> {
        self.store.region_bundle(version).await
    }
}

/// The feeds, which are everybody's; what they sent is the operator's and the whole region's.
impl Scoped {
    /// As [`Store::latest_polls`].
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn latest_polls(&self, limit: u32) -> Result<Vec<PollRow>, Error> {
        self.store.latest_polls(limit).await
    }

    /// As [`Store::latest_rejected`]; they hold places, so only the whole region sees them.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn latest_rejected(&self, limit: u32) -> Result<Vec<DoubtfulView>, Error> {
        if self.scope.is_whole() { self.store.latest_rejected(limit).await } else { Ok(Vec::new()) }
    }

    /// As [`Store::latest_unknown_values`], seen likewise.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn latest_unknown_values(&self, limit: u32) -> Result<Vec<DoubtfulView>, Error> {
        if self.scope.is_whole() { self.store.latest_unknown_values(limit).await } else { Ok(Vec::new()) }
    }
}
