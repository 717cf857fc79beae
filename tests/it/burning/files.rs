//! Plans from files: those of the region's versions, and those that somebody imports.

use firegrid::domain::burning::{BurnRules, PlanAct, PlanSource};
use firegrid::domain::plan::{BurnOrder, BurnPlan, PlanStatus};
use firegrid::domain::time::Timestamp;
use firegrid::domain::unit::UnitCode;
use firegrid::store::{By, ImportRow, Importing, PlanFilter, RowOutcome, TakenUp};

use super::{Desk, application, county, hours, morning, person, plan, township};
use crate::ground_fixture::rectangle;

/// A row of `burn_plans.csv` that says it was approved long ago and is ordered for its whole window.
fn row_of_file(id: &str) -> BurnPlan {
    let approved = morning() - hours(240);
    let mut plan = plan(id);
    (plan.approved_at, plan.received_at, plan.reviewed_by) = (Some(approved), approved, Some("县长".to_owned()));
    plan.orders = vec![BurnOrder {
        id: 0,
        from: plan.window_start,
        to: plan.window_end,
        issued_at: approved,
        issued_by: "县长".to_owned(),
        withdrawn_at: None,
    }];
    plan
}

#[tokio::test]
async fn the_first_version_is_believed_and_what_a_later_one_brings_is_received_then() {
    let desk = Desk::new();
    let told = desk.activate("v1", vec![row_of_file("P")], morning()).await;
    assert_eq!(told, [("P".to_owned(), TakenUp::Believed)]);
    let believed = desk.standing("P").await;
    assert_eq!((believed.status, believed.source), (PlanStatus::Ordered, PlanSource::Region));
    assert_eq!(believed.plan.received_at, morning() - hours(240));

    let later = morning() + hours(30);
    let told = desk.activate("v2", vec![row_of_file("P"), row_of_file("Q")], later).await;
    assert_eq!(told, [("Q".to_owned(), TakenUp::Received)], "P is as before and not told");
    let late = desk.standing("Q").await.plan;
    assert_eq!((late.received_at, late.approved_at, late.orders[0].issued_at), (later, Some(later), later));
    // Nothing is deleted; the first version taken up again does not make Q older.
    let told = desk.activate("v1", vec![row_of_file("P")], later + hours(1)).await;
    assert_eq!(told, [("Q".to_owned(), TakenUp::Absent)]);
    let told = desk.activate("v2", vec![row_of_file("P"), row_of_file("Q")], later + hours(2)).await;
    assert!(told.is_empty(), "{told:?}");
    assert_eq!(desk.standing("Q").await.plan, late);
    assert_eq!(
        (desk.kinds("P").await, desk.kinds("Q").await),
        (vec!["received".to_owned()], vec!["received".to_owned()])
    );
}

#[tokio::test]
async fn a_changed_row_is_received_when_it_changes_and_what_was_known_before_stays_known() {
    let desk = Desk::new();
    desk.activate("v1", vec![row_of_file("P")], morning()).await;
    let mut wider = row_of_file("P");
    wider.plot = Some(rectangle(122.0, 45.9, 122.1, 46.0));
    let later = morning() + hours(30);
    let told = desk.activate("v2", vec![wider.clone()], later).await;
    assert_eq!(told, [("P".to_owned(), TakenUp::Changed)]);

    let mut known = desk.known_at(morning() + hours(2)).await;
    known.sort_by_key(|plan| plan.received_at);
    assert_eq!(known.len(), 2, "as it was and as it is");
    assert_eq!((known[0].received_at, known[0].withdrawn_at), (morning() - hours(240), Some(later)));
    assert_eq!(known[0].plot, row_of_file("P").plot);
    assert_eq!((known[1].received_at, &known[1].plot), (later, &wider.plot));
    let runs = |plan: &BurnPlan, at: Timestamp| {
        plan.orders.iter().any(|order| order.issued_at <= at && order.withdrawn_at.is_none_or(|gone| at < gone))
    };
    assert!(runs(&known[0], morning() + hours(2)), "a fire seen before is excused by what was known then");
    assert!(known[1].orders.iter().any(|order| order.issued_at == later), "and is ordered anew from then on");

    // A new note takes nothing from what was known.
    let mut noted = wider;
    noted.note = Some("改了备注".to_owned());
    let told = desk.activate("v3", vec![noted], later + hours(1)).await;
    assert_eq!(told, [("P".to_owned(), TakenUp::Changed)]);
    let standing = desk.standing("P").await.plan;
    assert_eq!((standing.received_at, standing.note.as_deref()), (later, Some("改了备注")));
    assert_eq!(desk.known_at(morning()).await.len(), 2);
}

#[tokio::test]
async fn a_file_changes_nothing_that_a_person_has_acted_on() {
    let desk = Desk::new();
    desk.activate("v1", vec![row_of_file("P")], morning()).await;
    desk.act("P", PlanAct::Light, morning() + hours(1)).await;
    let before = desk.standing("P").await;
    let mut changed = row_of_file("P");
    changed.area_mu = 900.0;
    let told = desk.activate("v2", vec![changed], morning() + hours(2)).await;
    assert_eq!(told, [("P".to_owned(), TakenUp::Kept)]);
    assert_eq!(desk.standing("P").await, before);
    assert_eq!(desk.kinds("P").await, ["received", "lit"], "what was not done left no event");
}

fn import_row(id: &str, status: PlanStatus) -> ImportRow {
    ImportRow { place: format!("line {id}"), application: application(id), status, approver: None, burnt_mu: None }
}

#[tokio::test]
async fn an_import_is_whole_or_not_at_all_and_twice_is_once() {
    let desk = Desk::new();
    let rules = || (desk.ground.clone(), BurnRules::default());
    let mut foreign = import_row("B-1", PlanStatus::Applied);
    foreign.application.unit_code = UnitCode("B".to_owned());
    let rows = vec![import_row("P", PlanStatus::Applied), foreign];
    let by = By::now(county());
    let refused =
        desk.store.whole().import_plans(rows, false, Importing::Write(by.clone()), rules(), morning()).await.unwrap();
    assert_eq!(refused.problems.len(), 1);
    assert_eq!(refused.problems[0].place, "line B-1");
    assert!(desk.store.whole().plans(PlanFilter::default()).await.unwrap().is_empty(), "nothing half imported");

    let rows = vec![import_row("P", PlanStatus::Applied), import_row("Q", PlanStatus::Approved)];
    let preview = desk
        .store
        .whole()
        .import_plans(rows.clone(), false, Importing::Preview(Some(county())), rules(), morning())
        .await
        .unwrap();
    assert!(desk.store.whole().plans(PlanFilter::default()).await.unwrap().is_empty(), "a dry run is dry");
    let imported = desk
        .store
        .whole()
        .import_plans(rows.clone(), false, Importing::Write(by.clone()), rules(), morning())
        .await
        .unwrap();
    assert_eq!(imported, preview);
    assert_eq!(desk.standing("Q").await.plan.approved_at, Some(morning()), "the server's time");
    let again = desk
        .store
        .whole()
        .import_plans(rows.clone(), false, Importing::Write(by.clone()), rules(), morning() + hours(1))
        .await
        .unwrap();
    assert!(again.rows.iter().all(|(_, outcome)| *outcome == RowOutcome::Unchanged), "{again:?}");
    assert_eq!(desk.kinds("P").await, ["imported"]);

    // The same file after the county has approved it here: older, not different.
    desk.act("P", PlanAct::Approve, morning() + hours(1)).await;
    let older = desk
        .store
        .whole()
        .import_plans(rows, false, Importing::Write(by), rules(), morning() + hours(2))
        .await
        .unwrap();
    assert!(older.problems.is_empty(), "{older:?}");
    assert_eq!(desk.standing("P").await.status, PlanStatus::Approved);
}

#[tokio::test]
async fn a_changed_row_needs_to_be_asked_for_and_leaves_acts_alone() {
    let desk = Desk::new();
    let rules = || (desk.ground.clone(), BurnRules::default());
    let by = || By::now(county());
    let import = async |row: ImportRow, update, now| {
        desk.store.whole().import_plans(vec![row], update, Importing::Write(by()), rules(), now).await.unwrap()
    };
    import(import_row("P", PlanStatus::Applied), false, morning()).await;
    let mut larger = import_row("P", PlanStatus::Applied);
    larger.application.area_mu = 45.0;
    let refused = import(larger.clone(), false, morning()).await;
    assert_eq!(refused.problems[0].why.code(), "plan_differs");
    assert!(refused.problems[0].why.to_string().contains("area_mu"), "{}", refused.problems[0].why);
    let updated = import(larger, true, morning() + hours(1)).await;
    assert_eq!(updated.rows[0].1, RowOutcome::Updated);
    let plan = desk.standing("P").await.plan;
    assert_eq!((plan.area_mu, plan.received_at), (45.0, morning() + hours(1)));

    desk.act("P", PlanAct::Approve, morning() + hours(2)).await;
    let mut again = import_row("P", PlanStatus::Applied);
    again.application.area_mu = 60.0;
    let refused = import(again, true, morning() + hours(3)).await;
    assert_eq!(refused.problems[0].why.code(), "plan_acted_on");
}

#[tokio::test]
async fn a_status_beyond_applied_is_taken_only_from_who_may_give_it() {
    let desk = Desk::new();
    let rules = || (desk.ground.clone(), BurnRules::default());
    for status in PlanStatus::ALL {
        let rows = vec![import_row("P", status)];
        let low = desk
            .store
            .whole()
            .import_plans(rows.clone(), false, Importing::Preview(Some(township())), rules(), morning())
            .await
            .unwrap();
        let may = matches!(status, PlanStatus::Applied | PlanStatus::Withdrawn);
        assert_eq!(low.problems.is_empty(), may, "{status:?} by the township");
        let high = desk
            .store
            .whole()
            .import_plans(rows.clone(), false, Importing::Preview(Some(county())), rules(), morning())
            .await
            .unwrap();
        assert!(high.problems.is_empty(), "{status:?} by the county: {:?}", high.problems);
        let own = desk
            .store
            .whole()
            .import_plans(rows, false, Importing::Preview(Some(person("张三", "A"))), rules(), morning())
            .await
            .unwrap();
        assert_eq!(own.problems.is_empty(), may, "{status:?} by who answers for the burning");
    }
}
