//! A database of an earlier version keeps everything when a newer firegrid opens it.

use firegrid::domain::alert::{AlertNumber, AlertSource, AlertState};
use firegrid::domain::unit::UnitCode;
use firegrid::store::query::{AlertRow, Span};
use firegrid::store::{AlertFilter, Store};
use rusqlite::Connection;

use crate::ground_fixture::ground;
use crate::harness::notice_counts;

pub mod embedded {
    refinery::embed_migrations!("migrations/sqlite");
}

/// What version 1 wrote: a fire with an alert that was acknowledged, one merged into it, one closed.
const FIRST_VERSION: &str = r#"
INSERT INTO polls VALUES (1, 'noaa20', NULL, 0, 0, 'fetched', 200, '', NULL, NULL, NULL, 1, 1, 0, 0, 0, 0, 0);
INSERT INTO fires VALUES (1, 0, NULL, 1776053520000, 1776053520000, 122.02, 45.97, 1, 'banned', 3.0, 'k1');
INSERT INTO fires VALUES (2, 0, NULL, 1776053520000, 1776053520000, 122.08, 45.92, 1, 'unplanned', 3.0, 'k2');
INSERT INTO detections (id, key, satellite, acquired_at, lon, lat, level, origin, recorded_at, observation, judgement,
    verdict, unit_code, township_code, county_code, fire_id)
VALUES (1, 'k1', 'NOAA-20', 1776053520000, 122.02, 45.97, 'NRT', 'live', 1776063600000, '{}', '{}', 'banned', 'A-a-1', 'A-a', 'A', 1),
       (2, 'k2', 'NOAA-20', 1776053520000, 122.08, 45.92, 'NRT', 'live', 1776063600000, '{}', '{}', 'unplanned', 'A-a-1', 'A-a', 'A', 2);
INSERT INTO alerts (number, fire_id, responsible_code, township_code, county_code, owner_code, unit_code, state, origin,
    verdict, reason, may_be_banned, sure_level, candidates, other_units, nearest_place, first_detection, first_key,
    first_seen_at, last_seen_at, detections, max_frp_mw, region_version, recorded_at, merged_into, superseded_at)
VALUES ('20260413-0002', 1, 'A-a', 'A-a', 'A', 'A-a-1', 'A-a-1', 'acknowledged', 'live', 'banned',
        '{"rule":"no_rule","not_in_force":[]}', 0, 'grid', '[]', '["A-a-2"]', NULL, 1, 'k1', 1776053520000, 1776053520000, 1,
        3.0, 'v', 1776063600000, NULL, NULL),
       ('20260413-0003', 2, 'A-a', 'A-a', 'A', 'A-a', 'A-a-1', 'closed', 'live', 'unplanned',
        '{"rule":"no_rule","not_in_force":[]}', 0, NULL, '[]', '[]', NULL, 2, 'k2', 1776053520000, 1776053520000, 1,
        NULL, 'v', 1776063600000, NULL, NULL);
INSERT INTO alerts (number, fire_id, responsible_code, township_code, county_code, owner_code, unit_code, state, origin,
    verdict, reason, may_be_banned, sure_level, candidates, other_units, nearest_place, first_detection, first_key,
    first_seen_at, last_seen_at, detections, max_frp_mw, region_version, recorded_at, merged_into, superseded_at)
VALUES ('20260413-0001', 1, 'A-a', 'A-a', 'A', 'A-a-1', 'A-a-1', 'open', 'live', 'banned',
        '{"rule":"no_rule","not_in_force":[]}', 0, NULL, '[]', '[]', NULL, 1, 'k1', 1776053520000, 1776053520000, 1,
        NULL, 'v', 1776063600000, '20260413-0002', NULL);
INSERT INTO alert_chains VALUES (1, '20260413-0002', 1776063600000, 'A-a-1', '[]');
INSERT INTO alert_events VALUES (1, '20260413-0002', 1776063600000, 'recorded', 'firegrid', 'banned'),
    (2, '20260413-0001', 1776063600000, 'merged', 'firegrid', '20260413-0002'),
    (3, '20260413-0002', 1776063660000, 'acknowledged', '王', '已出发'),
    (4, '20260413-0003', 1776063700000, 'closed', '县长', '');
INSERT INTO notices VALUES (1, '20260413-0002', 'first', 1, 1776063600000, 1776106800000);
"#;

#[tokio::test]
async fn a_database_of_version_one_keeps_its_alerts_and_its_log_becomes_a_chain() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("firegrid.sqlite");
    let mut db = Connection::open(&path).unwrap();
    embedded::migrations::runner().set_target(refinery::Target::Version(1)).run(&mut db).unwrap();
    db.execute_batch(FIRST_VERSION).unwrap();
    drop(db);

    for _ in 0..2 {
        let store = Store::open(&path).unwrap();
        let alerts = store.whole().in_span::<AlertRow>(Span::ALL).await.unwrap();
        let seen: Vec<_> = alerts.iter().map(|a| (a.number.0.as_str(), a.state, a.source, a.lat)).collect();
        assert_eq!(
            seen,
            [
                ("20260413-0002", AlertState::Acknowledged, AlertSource::Satellite, 45.97),
                ("20260413-0003", AlertState::Closed, AlertSource::Satellite, 45.92),
            ]
        );
        let merged = AlertNumber("20260413-0001".to_owned());
        let db = Connection::open(&path).unwrap();
        let heir: String =
            db.query_row("SELECT merged_into FROM alerts WHERE number = ?1", [&merged.0], |row| row.get(0)).unwrap();
        assert_eq!(heir, "20260413-0002");
        let log: Vec<(i64, String, String)> = db
            .prepare("SELECT seq, actor, json_extract(detail, '$.text') FROM events ORDER BY seq")
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert_eq!(log.len(), 4, "taken over once");
        assert_eq!(log[2], (3, "王".to_owned(), "已出发".to_owned()));
        let broken: i64 = db.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0)).unwrap();
        assert_eq!(broken, 0);
        let audit = store.whole().verify_audit(None).await.unwrap().unwrap();
        assert!(audit.faults.is_empty(), "{:?}", audit.faults);
        // Units are known only with a region: then the lists of units fill.
        let filter = AlertFilter { unit: Some(UnitCode("A-a".to_owned())), ..AlertFilter::default() };
        store.refresh_scopes(ground()).await.unwrap();
        assert_eq!(store.whole().listed_alerts(filter, None, 10).await.unwrap().alerts.len(), 2);
        assert_eq!(store.refresh_scopes(ground()).await.unwrap(), 0, "once");
        assert_eq!(notice_counts(&store), [("first".to_owned(), 1)]);
    }
}
