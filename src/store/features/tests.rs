//! Pages of layers over more rows than one looks at.

use std::sync::Arc;

use super::*;
use crate::domain::account::Scope;
use crate::domain::ground::Ground;
use crate::domain::unit::UnitCode;
use crate::ground_fixture::{batch, held, row};
use crate::store::Store;
use crate::store::query::DetectionRow;

#[tokio::test]
async fn a_page_of_no_days_looks_at_so_many_rows_and_says_where_to_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("firegrid.sqlite")).unwrap();
    let ground = Arc::new(Ground::build(held()));
    let seen: Timestamp = "2026-04-13T04:12:00Z".parse().unwrap();
    let rows = vec![row(122.02, 45.97, "2026-04-13T04:12:00Z")];
    store.record(batch(rows, seen), ground.clone(), Arc::default(), seen).await.unwrap();
    let copies = i64::from(LOOKED_AT) + 10;
    store
        .write(move |tx| {
            tx.execute(
                "INSERT INTO detections (key, satellite, acquired_at, lon, lat, level, origin, recorded_at, speaking_id,
                    judgement, verdict, unit_code, township_code, county_code)
                 WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
                 SELECT key || i, satellite, acquired_at, lon, lat, level, origin, recorded_at, speaking_id, judgement,
                    verdict, unit_code, township_code, county_code FROM detections, n",
                [copies],
            )?;
            Ok(())
        })
        .await
        .unwrap();
    let top = Scope::of(&ground, &UnitCode("S".to_owned())).unwrap();
    let store = store.accounts().seen_by(Arc::new(top), crate::domain::account::Role::City);
    let elsewhere = Extent { west: 10.0, south: 10.0, east: 11.0, north: 11.0 };
    let nothing = FeatureFilter { area: Some(elsewhere), ..FeatureFilter::default() };
    let first = store.feature_page::<DetectionRow>(nothing, None, 10).await.unwrap();
    assert_eq!((first.rows.len(), first.matched), (0, None), "counting would look at all of them");
    let next = first.next.expect("there are rows that were not looked at").parse().unwrap();
    let last = store.feature_page::<DetectionRow>(nothing, Some(next), 10).await.unwrap();
    assert_eq!((last.rows.len(), last.next), (0, None));
    let of_a_day = FeatureFilter { from: Some(seen), to: Some(seen), ..FeatureFilter::default() };
    let counted = store.feature_page::<DetectionRow>(of_a_day, None, 10).await.unwrap();
    assert_eq!(counted.matched, Some(u64::from(LOOKED_AT) + 11), "a day is looked at whole");
}
