//! What follows from an act: the alert as it stands afterwards, its clocks, whom to tell, what to log.
//!
//! Everything is a value ([`Consequences`]); the store writes it and decides nothing. Nobody gains time by an act of
//! his own, and an alert that is not over waits for somebody by a clock in every state.

use super::clocks::{Clock, Clocks, Outcome, Start};
use super::desks::{common_superior, holder_of, review_desk};
use super::{Act, AlertEvent, AlertView, BadContent, By, Effect, Refusal, check};
use crate::domain::alert::{AlertNumber, AlertSource, AlertState, NotifyReason};
use crate::domain::clock::ClockKind;
use crate::domain::finding::{Finding, Review};
use crate::domain::ground::Ground;
use crate::domain::rules::Rules;
use crate::domain::time::{Date, Timestamp, day_bounds};
use crate::domain::unit::{UnitCode, UnitLevel};

/// Where, by which rules and when something is decided.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// The ground.
    pub ground: &'a Ground,
    /// The rules.
    pub rules: &'a Rules,
    /// The present.
    pub now: Timestamp,
}

/// Somebody to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Why.
    pub reason: NotifyReason,
    /// A desk; without one the people of the alert.
    pub unit: Option<UnitCode>,
    /// One person of it.
    pub person: Option<String>,
}

/// What an act does that reaches beyond the rows of its alert.
#[derive(Debug, Clone, PartialEq)]
pub enum Beyond {
    /// Nothing.
    Nothing,
    /// The photos of a finding are filed.
    Photos(Vec<String>),
    /// The alert lives on in another one.
    Merge(AlertNumber),
    /// Some detections become a fire of their own.
    Split(Vec<String>),
}

/// What follows.
#[derive(Debug, Clone, PartialEq)]
pub struct Consequences {
    /// Whether the alert moved, took a fact, or knew it already.
    pub effect: Effect,
    /// The alert as it stands afterwards.
    pub alert: AlertView,
    /// Clocks that start, end or change.
    pub clocks: Vec<Clock>,
    /// Whom to tell, in order.
    pub notices: Vec<Notice>,
    /// The unit whose accountable chain is appended.
    pub chain: Option<UnitCode>,
    /// What is logged beside the act itself, in order.
    pub events: Vec<AlertEvent>,
    /// The units that the alert concerns may be others now, or whether it is open.
    pub is_rescoped: bool,
    /// What else.
    pub beyond: Beyond,
}

/// Decides whether an act is allowed, and what follows from it.
///
/// `clocks` are those of the alert that run.
///
/// # Errors
/// [`Refusal`] with the reason and what is allowed.
pub fn decide(
    setting: Setting<'_>,
    alert: &AlertView,
    clocks: &[Clock],
    by: By<'_>,
    act: &Act,
) -> Result<Consequences, Refusal> {
    let effect = check(setting.ground, setting.rules.review, alert, by, act)?;
    let mut follow = Follow::of(setting, alert, clocks);
    if effect != Effect::Unchanged {
        follow.moved(effect);
        follow.act(by, act)?;
    }
    Ok(follow.ended(effect))
}

/// The review clock of an alert whose verdict or finding changed: a graver verdict may be another desk's to review.
#[must_use]
pub fn review_follows(setting: Setting<'_>, alert: &AlertView, clocks: &[Clock]) -> Consequences {
    let mut follow = Follow::of(setting, alert, clocks);
    follow.review();
    follow.ended(Effect::Notes)
}

/// An alert that lives on takes over what people did for one merged into it, where that went further.
///
/// `rectify_due` is when the last rectification of the merged one was due.
#[must_use]
pub fn take_over(
    setting: Setting<'_>,
    (kept, clocks): (&AlertView, &[Clock]),
    (other, rectify_due): (&AlertView, Option<Timestamp>),
) -> Consequences {
    let mut follow = Follow::of(setting, kept, clocks);
    let alert = &mut follow.alert;
    alert.acknowledged_at = alert.acknowledged_at.or(other.acknowledged_at);
    alert.on_site_at = alert.on_site_at.or(other.on_site_at);
    alert.put_out_at = alert.put_out_at.or(other.put_out_at);
    alert.record.assigned_to = alert.record.assigned_to.take().or_else(|| other.record.assigned_to.clone());
    if other.state > kept.state {
        follow.alert.state = other.state;
        follow.alert.finding = other.finding;
        follow.alert.finder.clone_from(&other.finder);
        follow.alert.rectified_at = other.rectified_at;
        let (record, theirs) = (&mut follow.alert.record, &other.record);
        record.reported_at = theirs.reported_at;
        record.reviewed_at = theirs.reviewed_at;
        record.review = theirs.review;
        record.rectify_by = theirs.rectify_by;
        record.document_number.clone_from(&theirs.document_number);
        follow.events.push(AlertEvent::TookOver { text: other.state });
        follow.taken_over(rectify_due);
    }
    follow.ended(Effect::Notes)
}

/// What follows, while it is worked out.
pub(super) struct Follow<'a> {
    pub setting: Setting<'a>,
    pub before: &'a AlertView,
    pub alert: AlertView,
    pub clocks: Clocks<'a>,
    pub events: Vec<AlertEvent>,
    notices: Vec<Notice>,
    chain: Option<UnitCode>,
    beyond: Beyond,
    is_rescoped: bool,
}

impl<'a> Follow<'a> {
    pub fn of(setting: Setting<'a>, before: &'a AlertView, clocks: &'a [Clock]) -> Self {
        Self {
            setting,
            before,
            alert: before.clone(),
            clocks: Clocks::of(setting, clocks),
            events: Vec::new(),
            notices: Vec::new(),
            chain: None,
            beyond: Beyond::Nothing,
            is_rescoped: false,
        }
    }

    pub fn ended(self, effect: Effect) -> Consequences {
        Consequences {
            effect,
            alert: self.alert,
            clocks: self.clocks.changed(),
            notices: self.notices,
            chain: self.chain,
            events: self.events,
            is_rescoped: self.is_rescoped,
            beyond: self.beyond,
        }
    }

    pub fn moved(&mut self, effect: Effect) {
        if let Effect::Moves(state) = effect {
            self.alert.state = state;
        }
        self.alert.record.revision += 1;
        self.is_rescoped = true;
    }

    pub fn tell(&mut self, reason: NotifyReason, unit: Option<&UnitCode>, person: Option<&str>) {
        self.notices.push(Notice { reason, unit: unit.cloned(), person: person.map(str::to_owned) });
    }

    /// Whose clocks those of the people of the alert are.
    pub fn holder(&self) -> UnitCode {
        holder_of(self.setting.ground, &self.alert, self.setting.now)
    }

    fn met(&mut self, kinds: &[ClockKind]) {
        self.clocks.end(kinds, Outcome::Met);
    }

    pub fn cancel(&mut self, kinds: &[ClockKind]) {
        self.clocks.end(kinds, Outcome::Cancelled);
    }

    /// Starts the usual clock of a kind for a unit, unless one of that kind runs.
    fn begin(&mut self, kind: ClockKind, unit: &UnitCode, person: Option<&str>) {
        if !self.clocks.is_running(kind) {
            let due_at = self.clocks.due_at(kind, unit, self.alert.verdict, UnitLevel::Township);
            self.start(&Start { kind, unit, person, step: 0, due_at });
        }
    }

    pub fn start(&mut self, clock: &Start<'_>) {
        self.clocks.start(&self.before.number, clock);
    }

    fn act(&mut self, by: By<'_>, act: &Act) -> Result<(), Refusal> {
        use ClockKind as K;
        let now = self.setting.now;
        match act {
            Act::Dispatch { to, unit } => self.dispatch(to, unit),
            Act::Acknowledge => {
                self.attend();
                self.alert.acknowledged_at.get_or_insert(now);
                self.met(&[K::Acknowledge]);
                self.go_on();
            }
            Act::Arrive { .. } => self.arrive(),
            Act::PutOut => {
                self.attend();
                self.alert.on_site_at.get_or_insert(now);
                self.alert.put_out_at.get_or_insert(now);
                self.met(&[K::Acknowledge, K::OnSite, K::PutOut]);
                self.go_on();
            }
            Act::Report { finding } => self.report(by, finding),
            Act::Review { review } => self.reviewed(*review),
            Act::Rectify { by, document_number } => self.rectify(*by, document_number.as_deref())?,
            Act::Rectified { .. } => {
                self.alert.rectified_at = Some(now);
                self.met(&[K::Rectify]);
                self.review();
            }
            Act::Close => {
                self.alert.record.closed_at = Some(now);
                // What closes an alert is the answer to whoever asked.
                self.met(&[K::Rectify, K::Review, K::Reply]);
                self.cancel(&[K::Acknowledge, K::OnSite, K::PutOut, K::Report, K::Decide]);
                self.begin(K::LookBack, &self.before.responsible, None);
            }
            Act::LookBack { is_clean: true } => {
                self.alert.record.looked_back_at = Some(now);
                self.met(&[K::LookBack]);
            }
            Act::LookBack { is_clean: false } => {
                self.alert.rectified_at = None;
                (self.alert.record.rectify_by, self.alert.record.closed_at) = (None, None);
                self.cancel(&[K::LookBack]);
                let holder = self.holder();
                self.begin(K::Rectify, &holder, None);
                self.tell(NotifyReason::Waiting, Some(&holder), None);
            }
            Act::Dispute { proposed } => self.dispute(by, proposed),
            Act::Decide { accepted } => {
                let proposed = self.alert.proposed.clone().filter(|_| *accepted);
                self.decided(proposed.as_ref());
            }
            Act::Reassign { to } => self.decided(Some(to)),
            Act::Merge { into } => self.merge(by, into),
            Act::Split { detections } => self.beyond = Beyond::Split(detections.clone()),
            Act::Keep => {
                self.alert.rekindles = None;
                self.alert.record.rekindling_kept = true;
            }
            Act::Call { .. } => {}
        }
        Ok(())
    }

    fn dispatch(&mut self, to: &str, unit: &UnitCode) {
        use ClockKind as K;
        self.alert.owner = unit.clone();
        self.alert.record.owner_is_chosen = true;
        self.alert.record.assigned_to = Some(to.to_owned());
        self.tell(NotifyReason::Reassigned, Some(unit), Some(to));
        self.met(&[K::Acknowledge]);
        if self.alert.state == AlertState::Open {
            self.begin(K::Acknowledge, unit, Some(to));
        }
        if self.clocks.is_running(K::OnSite) {
            self.cancel(&[K::OnSite]);
            self.begin(K::OnSite, unit, Some(to));
        }
        // The desk that dispatches gains no time for the finding by it.
        self.clocks.give(K::Report, unit);
    }

    /// Somebody was reached and acts.
    fn attend(&mut self) {
        self.alert.record.undelivered_at = None;
    }

    fn arrive(&mut self) {
        use ClockKind as K;
        self.attend();
        self.alert.on_site_at.get_or_insert(self.setting.now);
        self.met(&[K::Acknowledge, K::OnSite]);
        let is_field_over = self.before.state >= AlertState::Reported;
        if !is_field_over && self.before.put_out_at.is_none() && self.before.source != AlertSource::Problem {
            let holder = self.holder();
            self.begin(K::PutOut, &holder, None);
        }
        self.go_on();
    }

    /// Starts what follows an act on site and does not run yet: of a late alert, or of one whose people
    /// were not reached, no clock ran until somebody acted.
    fn go_on(&mut self) {
        let (state, holder) = (self.alert.state, self.holder());
        if state == AlertState::Acknowledged && self.alert.source != AlertSource::Problem {
            self.begin(ClockKind::OnSite, &holder, None);
        }
        if matches!(state, AlertState::Acknowledged | AlertState::OnSite) {
            self.begin(ClockKind::Report, &holder, None);
        }
    }

    fn report(&mut self, by: By<'_>, finding: &Finding) {
        use ClockKind as K;
        let now = self.setting.now;
        self.beyond = Beyond::Photos(finding.photos.clone());
        self.attend();
        if finding.put_out_at.is_some() {
            self.alert.put_out_at.get_or_insert(now);
        }
        // What was reviewed stands; a finding that comes later is in the log, with its photos, and the desk that
        // reviewed has to hear of it.
        if self.before.state > AlertState::Reported {
            let desk = review_desk(self.setting.ground, self.setting.rules.review, self.before);
            return self.tell(NotifyReason::Waiting, Some(&desk), None);
        }
        self.alert.record.reported_at = Some(now);
        self.alert.finding = Some(finding.kind);
        // Who really found it is whom it was entered for.
        let mut finder = by.actor.clone();
        if let Some(name) = by.on_behalf_of {
            name.clone_into(&mut finder.name);
        }
        self.alert.finder = Some(finder);
        self.met(&[K::Acknowledge, K::OnSite, K::PutOut, K::Report]);
        self.review();
    }

    fn reviewed(&mut self, review: Review) {
        use ClockKind as K;
        self.alert.record.reviewed_at = Some(self.setting.now);
        self.alert.record.review = Some(review);
        self.tell(NotifyReason::Reviewed, None, None);
        self.met(&[K::Review]);
        let holder = self.holder();
        match review {
            // What is confirmed is rectified or closed in that time.
            Review::Confirmed => self.begin(K::Rectify, &holder, None),
            Review::SentBack => self.begin(K::Report, &holder, None),
            Review::Excluded => {
                self.alert.record.closed_at = Some(self.setting.now);
                // Nobody answers for what was no fire.
                self.end_dispute();
                self.met(&[K::Reply]);
                self.cancel(&K::ALL);
            }
        }
    }

    fn rectify(&mut self, by: Date, document_number: Option<&str>) -> Result<(), Refusal> {
        let due_at = end_of(self.setting, self.before, by)?;
        self.alert.rectified_at = None;
        let record = &mut self.alert.record;
        record.rectify_by = Some(by);
        record.document_number = document_number.map(str::to_owned).or_else(|| record.document_number.take());
        self.cancel(&[ClockKind::Rectify, ClockKind::Review]);
        let holder = self.holder();
        self.start(&Start { kind: ClockKind::Rectify, unit: &holder, person: None, step: 0, due_at });
        self.tell(NotifyReason::Waiting, Some(&holder), None);
        Ok(())
    }

    fn dispute(&mut self, by: By<'_>, proposed: &UnitCode) {
        self.alert.is_disputed = true;
        self.alert.proposed = Some(proposed.clone());
        self.alert.record.disputed_by.clone_from(&by.actor.unit);
        self.clocks.pause_blame();
        let judge = common_superior(self.setting.ground, &self.before.responsible, proposed);
        self.begin(ClockKind::Decide, &judge, None);
        self.tell(NotifyReason::Waiting, Some(&judge), None);
    }

    fn end_dispute(&mut self) {
        self.alert.is_disputed = false;
        (self.alert.proposed, self.alert.record.disputed_by) = (None, None);
    }

    /// A dispute is over, and the alert another unit's where one is named: whoever reassigns a disputed alert has
    /// decided it.
    fn decided(&mut self, to: Option<&UnitCode>) {
        self.end_dispute();
        self.met(&[ClockKind::Decide]);
        self.clocks.resume_blame();
        if let Some(to) = to {
            self.reassign(to);
        }
    }

    /// Gives the alert to another unit; its chain is appended, the first stays. Another responsible unit has its whole
    /// time; one that moves the alert among its own gains none for the finding.
    fn reassign(&mut self, to: &UnitCode) {
        use ClockKind as K;
        let above = |level| self.setting.ground.at_level(to, level).map(|unit| unit.code.clone());
        let (township, county) = (above(UnitLevel::Township), above(UnitLevel::County));
        self.alert.owner = to.clone();
        self.alert.responsible = self.setting.ground.responsible_for(to);
        let record = &mut self.alert.record;
        (record.township, record.county, record.owner_is_chosen) = (township, county, true);
        (record.assigned_to, record.undelivered_at) = (None, None);
        self.chain = Some(to.clone());
        self.tell(NotifyReason::Reassigned, Some(to), None);
        let (holder, is_elsewhere) = (self.holder(), self.alert.responsible != self.before.responsible);
        if self.before.state >= AlertState::Reported {
            self.clocks.give(K::Rectify, &holder);
            if is_elsewhere {
                self.cancel(&[K::Review]);
            }
            return self.review();
        }
        // The new unit's own attendance begins now.
        (self.alert.acknowledged_at, self.alert.on_site_at) = (None, None);
        self.cancel(&[K::Acknowledge, K::OnSite, K::PutOut]);
        if is_elsewhere {
            self.cancel(&[K::Report]);
        } else {
            self.clocks.give(K::Report, &holder);
        }
        self.delivered();
    }

    fn merge(&mut self, by: By<'_>, into: &AlertNumber) {
        self.alert.record.merged_into = Some(into.clone());
        self.alert.record.merged_by = Some(by.actor.name.clone());
        let others = ClockKind::ALL.into_iter().filter(|kind| *kind != ClockKind::Reply);
        self.cancel(&others.collect::<Vec<_>>());
        self.clocks.hand_over_replies(into);
        self.beyond = Beyond::Merge(into.clone());
    }

    /// The clocks of the people of an alert, from the moment that their message was delivered.
    pub fn delivered(&mut self) {
        let holder = self.holder();
        self.begin(ClockKind::Acknowledge, &holder, None);
        if self.alert.source != AlertSource::Problem {
            // Where nothing burns there is no half hour to be there in.
            self.begin(ClockKind::OnSite, &holder, None);
        }
        self.begin(ClockKind::Report, &holder, None);
    }

    /// Whose clock the review is follows from finding, verdict and responsible unit: starts it where none runs
    /// for a reported or rectified alert, and gives it to the right desk where it is another's. A further finding
    /// gives the reviewer no more time.
    fn review(&mut self) {
        if !self.alert.waits_for_review() {
            return;
        }
        let reviewer = review_desk(self.setting.ground, self.setting.rules.review, &self.alert);
        match self.clocks.lowest(ClockKind::Review).map(|running| running.unit == reviewer) {
            Some(true) => return,
            Some(false) => self.clocks.give(ClockKind::Review, &reviewer),
            None => self.begin(ClockKind::Review, &reviewer, None),
        }
        self.tell(NotifyReason::Waiting, Some(&reviewer), None);
    }

    /// After an alert took over what was done for another: its own early clocks end as that says, and the clocks
    /// of the other's later steps become its own.
    fn taken_over(&mut self, rectify_due: Option<Timestamp>) {
        use ClockKind as K;
        match self.alert.state {
            AlertState::Open => {}
            AlertState::Acknowledged => self.met(&[K::Acknowledge]),
            AlertState::OnSite => self.met(&[K::Acknowledge, K::OnSite]),
            _ => self.met(&[K::Acknowledge, K::OnSite, K::PutOut, K::Report]),
        }
        let holder = self.holder();
        match (self.alert.state, rectify_due) {
            (AlertState::Acknowledged | AlertState::OnSite, _) => self.go_on(),
            (AlertState::Rectifying, Some(due_at)) if !self.alert.is_rectified() => {
                self.start(&Start { kind: K::Rectify, unit: &holder, person: None, step: 0, due_at });
            }
            (AlertState::Confirmed, _) => self.begin(K::Rectify, &holder, None),
            (AlertState::Rectifying, None) if !self.alert.is_rectified() => self.begin(K::Rectify, &holder, None),
            _ => self.review(),
        }
    }
}

/// The end of a local day.
fn end_of(setting: Setting<'_>, alert: &AlertView, day: Date) -> Result<Timestamp, Refusal> {
    let bounds = day_bounds(day, &setting.ground.data().time_zone);
    bounds.map(|(_, end)| end).map_err(|_beyond_the_calendar| Refusal::Content {
        number: alert.number.clone(),
        problem: BadContent::Day(day),
    })
}
