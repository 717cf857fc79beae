//! The lists of units after a change of the region's units: whole, in portions, and going on after a stop.

use std::sync::Arc;

use firegrid::domain::alert::Act;
use firegrid::domain::alert::AlertNumber;
use firegrid::domain::ground::{Ground, RegionVersion};
use firegrid::domain::unit::UnitCode;
use firegrid::store::{AlertFilter, Command};
use rusqlite::Connection;

use crate::ground_fixture::{held, row};
use crate::spine::{Desk, person};

const NOW: &str = "2026-04-13T07:00:00Z";

/// The fixture with the township of the alerts in the other county.
fn moved() -> Arc<Ground> {
    let mut data = held();
    data.version = RegionVersion("moved".to_owned());
    let township = data.units.iter_mut().find(|unit| unit.code.0 == "A-a").unwrap();
    township.parent = Some(UnitCode("B".to_owned()));
    Arc::new(Ground::build(data))
}

impl Desk {
    async fn list_of(&self, unit: &str) -> Vec<String> {
        let filter = AlertFilter { unit: Some(UnitCode(unit.to_owned())), ..AlertFilter::default() };
        self.store
            .whole()
            .listed_alerts(filter, None, 10)
            .await
            .unwrap()
            .alerts
            .into_iter()
            .map(|case| case.number.0)
            .collect()
    }

    /// Two alerts of the township A-a, in the lists of its county.
    async fn with_lists() -> Self {
        let desk = Self::new();
        desk.record(vec![row(122.02, 45.97, "2026-04-13T04:12:00Z"), row(122.08, 45.92, "2026-04-13T05:02:00Z")]).await;
        desk.store.refresh_scopes(desk.ground.clone()).await.unwrap();
        assert_eq!((desk.list_of("A").await.len(), desk.list_of("B").await.len()), (2, 0));
        desk
    }

    fn beside(&self) -> Connection {
        Connection::open(self.store.path()).unwrap()
    }
}

fn content_version(db: &Connection) -> i64 {
    db.query_row("SELECT version FROM content_version", [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn alerts_follow_their_township_to_another_county() {
    let desk = Desk::with_lists().await;
    assert_eq!(desk.store.refresh_scopes(moved()).await.unwrap(), 2);
    assert_eq!((desk.list_of("A").await.len(), desk.list_of("B").await.len()), (0, 2));
    assert_eq!(desk.store.refresh_scopes(moved()).await.unwrap(), 0, "once");
}

#[tokio::test]
async fn a_version_with_the_same_units_above_each_other_writes_nothing() {
    let desk = Desk::with_lists().await;
    let before = content_version(&desk.beside());
    let mut data = held();
    data.version = RegionVersion("another".to_owned());
    data.people.pop();
    data.units.reverse();
    assert_eq!(desk.store.refresh_scopes(Arc::new(Ground::build(data))).await.unwrap(), 0);
    assert_eq!(content_version(&desk.beside()), before);
}

#[tokio::test]
async fn an_alert_whose_units_stay_is_looked_at_and_not_written() {
    let desk = Desk::with_lists().await;
    let before = content_version(&desk.beside());
    let mut data = held();
    data.version = RegionVersion("another".to_owned());
    // No alert lies there.
    data.units.retain(|unit| unit.code.0 != "A-c-2");
    assert_eq!(desk.store.refresh_scopes(Arc::new(Ground::build(data))).await.unwrap(), 2);
    assert_eq!(content_version(&desk.beside()), before);
}

#[tokio::test]
async fn what_was_stopped_goes_on_where_it_was() {
    let desk = Desk::with_lists().await;
    let first = desk.list_of("A").await.into_iter().min().unwrap();
    let progress = "INSERT INTO alert_scope_progress (id, unit_tree, done_to) VALUES (1, ?1, ?2)";
    desk.beside().execute(progress, [moved().unit_tree(), &first]).unwrap();
    assert_eq!(desk.store.refresh_scopes(moved()).await.unwrap(), 1, "those behind the first");
    // Of yet another tree the progress says nothing.
    let left: i64 = desk.beside().query_row("SELECT count(*) FROM alert_scope_progress", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
    desk.beside().execute(progress, ["of another tree", &first]).unwrap();
    assert_eq!(desk.store.refresh_scopes(desk.ground.clone()).await.unwrap(), 2);
}

#[tokio::test]
async fn an_act_by_the_units_of_before_does_not_stay_behind() {
    let desk = Desk::with_lists().await;
    desk.store.refresh_scopes(moved()).await.unwrap();
    let number = AlertNumber(desk.list_of("B").await[0].clone());
    // Somebody who has not taken the new version up yet.
    let call = Command::plain(number, Act::Call { whom: "王".to_owned(), answered: true }, person("镇长", "A-a"));
    desk.command(call, NOW.parse().unwrap()).await.unwrap();
    assert_eq!(desk.list_of("B").await.len(), 1, "written by the tree of before");
    assert_eq!(desk.store.refresh_scopes(moved()).await.unwrap(), 1);
    assert_eq!(desk.list_of("B").await.len(), 2);
    assert_eq!(desk.store.refresh_scopes(moved()).await.unwrap(), 0);
}
