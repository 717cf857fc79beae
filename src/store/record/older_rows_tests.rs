//! Rows of before V0025, which nothing rewrote: known, linked and revised as any.

use std::sync::Arc;

use rusqlite::params;

use crate::domain::ground::Ground;
use crate::domain::observation::{Observation, ProcessingLevel};
use crate::domain::time::Timestamp;
use crate::ground_fixture::{batch, held, row};
use crate::store::codec::Json;
use crate::store::query::{DetectionRow, Span};
use crate::store::{Look, Recorded, Store};

/// Makes the one detection what it was when the observation and the judgement stood in two tables each.
async fn make_old(store: &Store, detection: DetectionRow) {
    let make_old = move |tx: &rusqlite::Transaction<'_>| {
        let (observation, judgement) = (Json(&detection.observation), Json(&detection.judgement));
        tx.execute(
            "UPDATE observations SET observation = ?1, variant = '0123456789abcdef' WHERE detection_id = ?2",
            params![observation, detection.id],
        )?;
        tx.execute(
            "UPDATE detections SET observation = ?1, judgement = ?2, speaking_id = NULL, judged_at = NULL,
                 judged_because = NULL WHERE id = ?3",
            params![observation, judgement, detection.id],
        )?;
        tx.execute(
            "INSERT INTO judgements (detection_id, judged_at, cause, judgement) VALUES (?1, 0, 'recorded', ?2)",
            params![detection.id, judgement],
        )?;
        Ok(())
    };
    store.write(make_old).await.unwrap();
}

#[tokio::test]
async fn a_detection_of_an_earlier_version_is_known_read_linked_and_revised() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("firegrid.sqlite")).unwrap();
    let (ground, now) = (Arc::new(Ground::build(held())), "2026-04-13T07:00:00Z".parse::<Timestamp>().unwrap());
    let record = async |rows: Vec<Observation>| -> Recorded {
        store.record(batch(rows, now), ground.clone(), Arc::default(), now).await.unwrap()
    };
    let first = row(122.02, 45.97, "2026-04-13T04:12:00Z");
    record(vec![first.clone()]).await;
    let written = store.whole().in_span::<DetectionRow>(Span::ALL).await.unwrap().remove(0);
    make_old(&store, written.clone()).await;
    let read = store.whole().in_span::<DetectionRow>(Span::ALL).await.unwrap().remove(0);
    assert_eq!((&read.observation, &read.judgement), (&written.observation, &written.judgement));

    let again = record(vec![first.clone()]).await;
    assert_eq!((again.new, again.duplicate, again.revised), (0, 1, 0), "the same row is no news");
    let beside = record(vec![row(122.022, 45.97, "2026-04-13T04:12:00Z")]).await;
    assert_eq!((beside.new, beside.fires, beside.alerts), (1, 0, 0), "it joins the fire that was there");
    let kept = async || -> i64 {
        let count = "SELECT count(*) FROM judgements WHERE detection_id = 1";
        store.read(move |db| Ok(db.query_row(count, [], |row| row.get(0))?)).await.unwrap()
    };
    assert_eq!(kept().await, 1);
    for (level, judgements) in [(ProcessingLevel::Sp, 1), (ProcessingLevel::Sp, 1)] {
        let better = Observation { level, ..first.clone() };
        record(vec![better.clone()]).await;
        let revised = store.whole().in_span::<DetectionRow>(Span::ALL).await.unwrap().remove(0);
        assert_eq!((revised.id, &revised.observation), (written.id, &better), "the detection stays");
        assert_eq!(kept().await, judgements, "that of before was kept already");
    }
    let brighter = Observation { level: ProcessingLevel::Sp, frp_mw: Some(40.0), ..first };
    record(vec![brighter.clone()]).await;
    assert_eq!(store.whole().in_span::<DetectionRow>(Span::ALL).await.unwrap().remove(0).observation, brighter);
    assert_eq!(kept().await, 2, "the one of the new form is kept when another follows it");
    assert_eq!(store.check(Look::Whole).await.unwrap(), Vec::<String>::new());
}
