//! Judgements to columns and back.
//!
//! Verdict, unit and township of a judgement stand in columns, because rows are looked for by them; the rest is one
//! column, as a list ([`Rest`]). Judgements of before V0025 are a whole object, and are read as they are.

use rusqlite::Row;
use rusqlite::types::{ToSql, ToSqlOutput, Type};

use super::codec::word;
use crate::domain::ground::{RegionVersion, Shares, UnitShare, ZoneShares};
use crate::domain::landcover::{CoverClass, CoverShare};
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::domain::verdict::{Judgement, Reason, Verdict, ZoneHold};
use crate::domain::zone::ZoneClass;

/// The form of [`Rest`]. Another one is another number; the old ones stay readable.
const FORM: u8 = 1;

/// Shares of units, of banned, limited and free ground, and of what grows there.
type PackedShares<Code> = (Vec<(Code, UnitLevel, f64)>, (f64, f64, f64), Vec<(CoverClass, f64)>);

/// In order: the form, the reason, the unit that answers unless that is the township, zones with their class and whether
/// they were in force, shares, the sure level, candidates, whether it may be banned, the region version. The plan is that
/// of the reason.
type Rest<Why, Code, Zone, Version> = (
    u8,
    Why,
    Option<Code>,
    Vec<(Zone, ZoneClass, bool)>,
    Option<PackedShares<Code>>,
    Option<UnitLevel>,
    Vec<(Code, UnitLevel, f64)>,
    bool,
    Version,
);

/// What a judgement says beside its columns.
pub(super) struct Packed<'a>(pub &'a Judgement);

impl ToSql for Packed<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let judged = self.0;
        let units = |shares: &'_ [UnitShare]| -> Vec<_> {
            shares.iter().map(|unit| (unit.code.clone(), unit.level, unit.share)).collect()
        };
        let shares = judged.shares.as_ref().map(|shares| {
            let ZoneShares { ban, limited, none } = shares.zone_classes;
            let cover = shares.land_cover.iter().map(|cover| (cover.class, cover.share)).collect();
            (units(&shares.units), (ban, limited, none), cover)
        });
        let rest: Rest<&Reason, UnitCode, &str, &RegionVersion> = (
            FORM,
            &judged.reason,
            judged.responsible.clone().filter(|code| judged.township.as_ref() != Some(code)),
            judged.zones.iter().map(|zone| (zone.id.as_str(), zone.class, zone.in_force)).collect(),
            shares,
            judged.sure_level,
            units(&judged.candidates),
            judged.may_be_banned,
            &judged.region_version,
        );
        let text =
            serde_json::to_string(&rest).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
        Ok(text.into())
    }
}

/// Reads a judgement from four columns, the first of them being column `first`: `judgement`, `verdict`, `unit_code`,
/// `township_code`.
pub(super) fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<Judgement> {
    let text = row.get_ref(first)?.as_str()?;
    let unreadable = |error| rusqlite::Error::FromSqlConversionFailure(first, Type::Text, Box::new(error));
    if text.starts_with('{') {
        return serde_json::from_str(text).map_err(unreadable);
    }
    let rest: Rest<Reason, UnitCode, String, RegionVersion> = serde_json::from_str(text).map_err(unreadable)?;
    let (_, reason, responsible, zones, shares, sure_level, candidates, may_be_banned, region_version) = rest;
    let code = |column: usize| row.get::<_, Option<String>>(column).map(|code| code.map(UnitCode));
    let units = |packed: Vec<(UnitCode, UnitLevel, f64)>| -> Vec<_> {
        packed.into_iter().map(|(code, level, share)| UnitShare { code, level, share }).collect()
    };
    let township = code(first + 3)?;
    Ok(Judgement {
        verdict: word(row.get_ref(first + 1)?.as_str()?, "verdict", Verdict::from_name)?,
        plan: reason.plan().cloned(),
        reason,
        unit: code(first + 2)?,
        responsible: responsible.or_else(|| township.clone()),
        township,
        zones: zones.into_iter().map(|(id, class, in_force)| ZoneHold { id, class, in_force }).collect(),
        shares: shares.map(|(packed, (ban, limited, none), cover)| Shares {
            units: units(packed),
            zone_classes: ZoneShares { ban, limited, none },
            land_cover: cover.into_iter().map(|(class, share)| CoverShare { class, share }).collect(),
        }),
        sure_level,
        candidates: units(candidates),
        may_be_banned,
        region_version,
    })
}

#[cfg(test)]
mod tests {
    use rusqlite::{Connection, params};

    use super::*;
    use crate::domain::policy::Policy;
    use crate::domain::verdict::{FirstLook, Sighting, first_look, judge};
    use crate::ground_fixture::{ground, row};
    use crate::store::codec::Json;

    /// Through the database and back, packed or as before V0025.
    fn stored(text: &dyn ToSql, judged: &Judgement) -> Judgement {
        let db = Connection::open_in_memory().unwrap();
        let code = |code: &Option<UnitCode>| code.as_ref().map(|code| code.0.clone());
        let values = params![text, judged.verdict.name(), code(&judged.unit), code(&judged.township)];
        db.query_row("SELECT ?1, ?2, ?3, ?4", values, |row| read(row, 0)).unwrap()
    }

    /// Places a kilometre apart all over the fixture's ground and beyond it, and its heat source.
    fn places() -> impl Iterator<Item = (f64, f64)> {
        let steps = |from: f64| (0..40).map(move |step| from + 0.01 * f64::from(step));
        steps(121.9).flat_map(move |lon| steps(45.7).map(move |lat| (lon, lat))).chain([(122.25, 45.85)])
    }

    #[test]
    fn a_judgement_reads_back_as_it_was_in_both_forms_and_the_first_look_foretells_it() {
        let (ground, policy) = (ground(), Policy::default());
        let mut seen = std::collections::BTreeSet::new();
        for (lon, lat) in places() {
            let observation = row(lon, lat, "2026-04-13T04:12:00Z");
            let look = first_look(&ground, &policy, &observation);
            let Some(judged) = judge(&ground, &policy, &Sighting::of(&observation)) else {
                assert_eq!(look, None, "{lon} {lat}");
                continue;
            };
            let foretold = match judged.verdict {
                Verdict::Neighbour => FirstLook::Neighbour,
                Verdict::HeatSource => FirstLook::HeatSource,
                _ => FirstLook::City,
            };
            assert_eq!(look, Some(foretold), "{lon} {lat}");
            let whole = stored(&Json(&judged), &judged);
            assert_eq!(stored(&Packed(&judged), &judged), whole, "both lose the same digits, if any");
            assert_eq!((&whole.reason, &whole.zones, &whole.plan), (&judged.reason, &judged.zones, &judged.plan));
            seen.insert((judged.verdict, judged.township == judged.responsible, judged.candidates.is_empty()));
        }
        assert!(seen.iter().any(|(verdict, ..)| *verdict == Verdict::HeatSource), "{seen:?}");
        assert!(seen.len() >= 6, "{seen:?}");
    }
}
