//! Asks everything of a store that is put together from parts: every list and count with every filter, in every scope.
//!
//! Nothing is held against anything here; other tests do. What matters is that each statement is run once.

use std::path::Path;
use std::sync::Arc;

use crate::domain::account::{Role, Scope, Stay};
use crate::domain::actor::Actor;
use crate::domain::alert::Act;
use crate::domain::alert::{AlertNumber, AlertSource, AlertState};
use crate::domain::ground::{Extent, Ground, RegionVersion};
use crate::domain::handover::Handover;
use crate::domain::heat_approval::{ApprovalRules, HeatAct};
use crate::domain::ledger::SeenPixel;
use crate::domain::observation::Observation;
use crate::domain::plan::{BurnPlan, PlanId};
use crate::domain::position::Position;
use crate::domain::rules::Rules;
use crate::domain::time::{SignedDuration, Timestamp};
use crate::domain::unit::UnitCode;
use crate::domain::verdict::Verdict;
use crate::store::features::FeatureFilter;
use crate::store::query::{AlertRow, DetectionRow, FireRow, Span};
use crate::store::{
    AccountChange, AlertFilter, By, Command, Complainant, Cursor, DayList, Ended, HandOver, LogFilter, Look, MyCursor,
    NewAccount, NewAlert, NewSession, NewToken, PlanFilter, RegionFiles, RejudgeScope, Scoped, SignIn, SignInMethod,
    Store, Who, With, WorkList, WorkOrder, WorkPlace,
};

use crate::ground_fixture::{batch, held, row};

/// Builds a database, asks it everything, and closes it.
pub(super) async fn run(path: &Path) {
    let desk = Desk {
        store: Store::open(path).unwrap(),
        ground: Arc::new(Ground::build(held())),
        rules: Arc::default(),
        now: "2026-04-13T07:00:00Z".parse().unwrap(),
    };
    let number = desk.write().await;
    for unit in ["S", "A", "A-a", "A-a-1"] {
        let scope = Scope::of(&desk.ground, &UnitCode(unit.to_owned())).unwrap();
        let scoped = desk.store.accounts().seen_by(Arc::new(scope), Role::City);
        desk.ask_lists(&scoped).await;
        desk.ask_days(&scoped, &number).await;
        desk.ask_rest(&scoped, &number).await;
    }
    desk.ask_log().await;
}

struct Desk {
    store: Store,
    ground: Arc<Ground>,
    rules: Arc<Rules>,
    now: Timestamp,
}

impl Desk {
    /// Two fires, a complaint, plans of two versions of a file, an account that is in; the number of an alert.
    async fn write(&self) -> AlertNumber {
        let rows = vec![row(122.02, 45.97, "2026-04-13T04:12:00Z"), row(122.08, 45.92, "2026-04-13T05:02:00Z")];
        let (ground, rules) = (self.ground.clone(), self.rules.clone());
        self.store.record(batch(rows, self.now), ground.clone(), rules.clone(), self.now).await.unwrap();
        // Beside the first, whose fire is read for it.
        let beside = vec![row(122.021, 45.97, "2026-04-13T05:02:00Z")];
        self.store.record(batch(beside, self.now), ground.clone(), rules.clone(), self.now).await.unwrap();
        let number = self.store.whole().in_span::<AlertRow>(Span::ALL).await.unwrap()[0].number.clone();
        let inspector = Actor::person("王", UnitCode("A-a-1".to_owned()));
        let acknowledge = Command::plain(number.clone(), Act::Acknowledge, inspector.clone());
        self.store.whole().carry_out(acknowledge, (ground.clone(), rules.clone()), self.now).await.unwrap();
        let complaint = NewAlert {
            source: AlertSource::Complaint,
            position: Position::from_lon_lat(122.15, 45.95).unwrap(),
            seen_at: self.now,
            description: "烟".to_owned(),
            actor: Actor::person("市值班员", UnitCode("S".to_owned())),
            reported_by: None,
            external_number: Some("12345-1".to_owned()),
            letter_number: None,
            reply_by: Some("2026-04-20".parse().unwrap()),
            complainant: Some(Complainant { name: Some("周".to_owned()), phone: None, address: None }),
            client_id: Some("complaint-1".to_owned()),
        };
        self.store.whole().carry_out(complaint, (ground.clone(), rules), self.now).await.unwrap();
        self.store.refresh_scopes(ground).await.unwrap();
        for (version, area_mu) in [("one", 10.0), ("two", 20.0)] {
            let plans = vec![self.plan(area_mu)];
            let version = RegionVersion(version.to_owned());
            self.store
                .activate_region(
                    RegionFiles { region_id: "fixture".to_owned(), version, bundle: vec![1], plans },
                    None,
                    self.now,
                )
                .await
                .unwrap();
        }
        let account = NewAccount {
            name: "city".to_owned(),
            person: "市值班员".to_owned(),
            role: Role::City,
            unit: UnitCode("S".to_owned()),
            phone: None,
            password_hash: None,
            subject: Some("s-1".to_owned()),
        };
        let account = self.store.accounts().add(account, Actor::system(), self.now).await.unwrap();
        let day = SignedDuration::from_hours(24);
        let session = NewSession {
            secret_hash: "secret".to_owned(),
            account_id: account.id,
            how: SignInMethod::Password,
            device: String::new(),
            address: String::new(),
            stay: Stay { unused: day, longest: day },
            device_hash: None,
            known_as: None,
            replaces: None,
        };
        self.store.accounts().sign_in(SignIn::Proved, session, self.now).await.unwrap();
        self.store.accounts().visit("secret".to_owned(), self.now).await.unwrap().unwrap();
        self.store.accounts().access(account.id, self.now).await.unwrap();
        self.store.accounts().devices_by_account(self.now).await.unwrap();
        self.store.accounts().find("city").await.unwrap();
        self.store.accounts().all().await.unwrap();
        self.store.accounts().find(Who::Subject("s-1".to_owned())).await.unwrap();
        self.store.accounts().link_owner("no link".to_owned(), self.now).await.unwrap();
        number
    }

    fn plan(&self, area_mu: f64) -> BurnPlan {
        BurnPlan {
            id: PlanId("P-1".to_owned()),
            unit_code: UnitCode("A-a-1".to_owned()),
            plot: None,
            window_start: self.now,
            window_end: self.now + SignedDuration::from_hours(8),
            area_mu,
            responsible: "王".to_owned(),
            note: None,
            received_at: self.now,
            reviewed_by: None,
            approved_at: None,
            refused_at: None,
            withdrawn_at: None,
            lit_at: None,
            done_at: None,
            burnt_mu: None,
            orders: Vec::new(),
        }
    }

    fn day(&self) -> Span {
        Span { from: self.now - SignedDuration::from_hours(24), until: self.now }
    }

    /// Each filter by itself, and the whole list.
    fn filters(&self) -> Vec<AlertFilter> {
        let unit = Some(UnitCode("A-a".to_owned()));
        vec![
            AlertFilter::default(),
            AlertFilter { unit: unit.clone(), ..AlertFilter::default() },
            AlertFilter { unit: unit.clone(), as_candidate: true, open_only: true, ..AlertFilter::default() },
            AlertFilter { open_only: true, ..AlertFilter::default() },
            AlertFilter { states: vec![AlertState::Reported, AlertState::Rectifying], ..AlertFilter::default() },
            AlertFilter { states: vec![AlertState::Open, AlertState::Closed], ..AlertFilter::default() },
            AlertFilter {
                states: AlertState::ALL.into_iter().filter(|s| s.is_over()).collect(),
                ..AlertFilter::default()
            },
            AlertFilter { sources: vec![AlertSource::Complaint], ..AlertFilter::default() },
            AlertFilter { verdicts: vec![Verdict::Banned], open_only: true, ..AlertFilter::default() },
            AlertFilter { owners: Some(vec![UnitCode("A-a-1".to_owned())]), open_only: true, ..AlertFilter::default() },
            AlertFilter { overdue: true, open_only: true, ..AlertFilter::default() },
            AlertFilter { undelivered: true, open_only: true, ..AlertFilter::default() },
            AlertFilter { disputed: true, open_only: true, ..AlertFilter::default() },
            AlertFilter { span: Some(self.day()), ..AlertFilter::default() },
            AlertFilter { unit, span: Some(self.day()), ..AlertFilter::default() },
            AlertFilter { external_number: Some("12345-1".to_owned()), ..AlertFilter::default() },
        ]
    }

    async fn ask_lists(&self, scoped: &Scoped) {
        let number = AlertNumber("20260413-0001".to_owned());
        let behind = Cursor { first_seen_at: self.now, number: number.clone() };
        let place = WorkPlace { key: 1, number: number.clone() };
        for filter in self.filters() {
            for after in [None, Some(behind.clone())] {
                scoped.listed_alerts(filter.clone(), after, 20).await.unwrap();
            }
            for order in [WorkOrder::Clock, WorkOrder::Undelivered, WorkOrder::Newest, WorkOrder::Reply] {
                for after in [None, Some(place.clone())] {
                    let with = vec![With::View, With::Events(&["acknowledged"]), With::Complainant];
                    let wanted = WorkList { filter: filter.clone(), order, after, limit: 20, with };
                    scoped.worklist(wanted).await.unwrap();
                }
            }
            scoped.count_alerts(filter.clone(), Ended::All).await.unwrap();
            scoped.count_alerts(filter.clone(), Ended::Some).await.unwrap();
            scoped.alert_counts(filter.clone()).await.unwrap();
            scoped.state_counts(filter).await.unwrap();
        }
        scoped.my_alerts(None, self.day().from).await.unwrap();
        scoped.my_alerts(Some(MyCursor::Time(self.now, number)), self.now).await.unwrap();
        scoped.events_since(self.day().from).await.unwrap();
        scoped.changes(0, 0).await.unwrap();
    }

    async fn ask_days(&self, scoped: &Scoped, number: &AlertNumber) {
        scoped.in_span::<Observation>(self.day()).await.unwrap();
        scoped.in_span::<SeenPixel>(self.day()).await.unwrap();
        scoped.period(self.day()).await.unwrap();
        scoped.detailed_period(self.day(), self.now).await.unwrap();
        self.store.health().recorded_range().await.unwrap();
        scoped.in_span::<AlertRow>(self.day()).await.unwrap();
        for county in [None, Some(UnitCode("2201".to_owned()))] {
            let list = |after: Option<&str>| DayList {
                span: self.day(),
                county: county.clone(),
                after: after.map(str::to_owned),
                limit: 10,
            };
            let rows = scoped.in_span::<DetectionRow>(self.day()).await.unwrap();
            let key = rows.first().map(|row| row.observation.key.to_string());
            let fires = scoped.in_span::<FireRow>(self.day()).await.unwrap();
            let fire = fires.first().map(|row| row.id.to_string());
            for after in [None, key.as_deref()] {
                scoped.day_list::<DetectionRow>(list(after)).await.unwrap();
            }
            for after in [None, fire.as_deref()] {
                scoped.day_list::<FireRow>(list(after)).await.unwrap();
            }
            for after in [None, Some(number.0.as_str())] {
                scoped.day_list::<AlertRow>(list(after)).await.unwrap();
            }
        }
        scoped.alert(number).await.unwrap();
        scoped.alert_view(number).await.unwrap();
        let area = Some(Extent { west: 122.0, south: 45.0, east: 123.0, north: 46.0 });
        let filters = [
            FeatureFilter::default(),
            FeatureFilter { area, ..FeatureFilter::default() },
            FeatureFilter { area, from: Some(self.day().from), to: Some(self.now) },
        ];
        for filter in filters {
            for after in [None, Some(1)] {
                scoped.feature_page::<DetectionRow>(filter, after, 10).await.unwrap();
                scoped.feature_page::<FireRow>(filter, after, 10).await.unwrap();
            }
            for after in [None, Some(number.clone())] {
                scoped.feature_page::<AlertRow>(filter, after, 10).await.unwrap();
            }
        }
        scoped.feature::<DetectionRow>(1).await.unwrap();
        scoped.feature::<FireRow>(1).await.unwrap();
        scoped.feature::<AlertRow>(number.clone()).await.unwrap();
    }

    async fn ask_rest(&self, scoped: &Scoped, number: &AlertNumber) {
        for status in [None, Some(crate::domain::plan::PlanStatus::Approved)] {
            scoped.plans(PlanFilter { status, ..PlanFilter::default() }).await.unwrap();
            scoped.plans(PlanFilter { status, window: Some(self.day()), ..PlanFilter::default() }).await.unwrap();
        }
        scoped.plan(PlanId("P-1".to_owned())).await.unwrap();
        let (ground, rules) = (self.ground.clone(), self.rules.clone());
        for wanted in [RejudgeScope::Span(self.day()), RejudgeScope::Alert(number.clone())] {
            scoped.rejudge(wanted, None, ground.clone(), rules.clone(), self.now).await.unwrap();
        }
        scoped.heat_sources().await.unwrap();
        let by = By::now(Actor::person("市值班员", UnitCode("S".to_owned())));
        let end = HeatAct::End { why: "no more".to_owned() };
        let unknown = scoped.carry_out(
            ("HS-1".to_owned(), end),
            (by.clone(), ground.clone(), ApprovalRules::default()),
            self.now,
        );
        unknown.await.unwrap_err();
        let desk = scoped.scope().unit().clone();
        let handover =
            Handover { unit: desk.clone(), gives: "甲".to_owned(), takes: "乙".to_owned(), note: String::new() };
        let by = By { client_id: Some(format!("handover-{desk}")), ..by };
        for _ in 0..2 {
            let command = HandOver { handover: handover.clone(), shift: None };
            scoped.carry_out(command, (by.clone(), ground.clone()), self.now).await.unwrap();
        }
        scoped.handovers(Some(&desk), 10).await.unwrap();
        scoped.handovers(None, 10).await.unwrap();
        self.store.health().source_states().await.unwrap();
        let moments = vec![self.now];
        self.store.policy(moments, rules.as_ref().clone(), ground.data().time_zone.clone()).await.unwrap();
        let token = NewToken {
            secret_hash: format!("token-{desk}"),
            label: "t".to_owned(),
            power: crate::domain::account::TokenPower::Read,
            expires_at: self.now + SignedDuration::from_hours(1),
        };
        self.store.accounts().change("city", AccountChange::Token(token), Actor::system(), self.now).await.unwrap();
    }

    async fn ask_log(&self) {
        assert_eq!(self.store.check(Look::Whole).await.unwrap(), Vec::<String>::new());
        let text = |text: &str| Some(text.to_owned());
        let filters = [
            LogFilter::default(),
            LogFilter { subject_kind: text("alert"), ..LogFilter::default() },
            LogFilter { subject: text("20260413-0001"), ..LogFilter::default() },
            LogFilter { subject_kind: text("alert"), subject: text("20260413-0001"), ..LogFilter::default() },
            LogFilter { actor: text("王"), ..LogFilter::default() },
            LogFilter { span: Some(Span::ALL), ..LogFilter::default() },
            LogFilter { subject_kind: text("alert"), span: Some(Span::ALL), ..LogFilter::default() },
            LogFilter { without_accounts: true, ..LogFilter::default() },
        ];
        for filter in filters {
            for before in [None, Some(1_000)] {
                self.store.whole().log(filter.clone(), before, 50).await.unwrap();
            }
        }
    }
}
