//! Merging and splitting: what a person says about which fires, and which alerts, are one.
//!
//! Called by [`super::act`] in its transaction; which pixels burn together is kept in labels
//! ([`super::super::record`]), so that later data keeps it. Nobody loses sight of a fire by it: see decision 20.

use rusqlite::{OptionalExtension, params};

use super::super::events::{self, NewEvent, SubjectKind};
use super::super::record::relink;
use super::act::{ActError, Acting, BadTarget, no_heir};
use super::write::take_over;
use super::{Standing, refresh_scope, standing};
use crate::domain::alert::AlertNumber;
use crate::domain::alert::{AlertEvent, By, check_merge};

impl Acting<'_> {
    pub(super) fn merge(&self, alert: &Standing, into: &AlertNumber, seq: i64) -> Result<(), ActError> {
        let number = &self.command.number;
        let target = |problem| ActError::Target { number: number.clone(), problem };
        let heir = standing(self.tx, into)?.ok_or_else(|| no_heir(number, into))?;
        if !heir.stands() {
            return Err(target(BadTarget::HeirGone(into.clone())));
        }
        let by = By { actor: &self.command.actor, on_behalf_of: self.command.on_behalf_of.as_deref() };
        check_merge(self.ground, &alert.view, &heir.view, by)?;
        self.check_heir(alert, &heir, into)?;
        if heir.view.state.is_over() && !alert.view.state.is_over() {
            return Err(target(BadTarget::HeirOver { heir: into.clone(), state: heir.view.state }));
        }
        let event = AlertEvent::MergedHere { from: number.clone(), state: heir.view.state };
        let (kind, detail) = events::parts(&event);
        let subject = (SubjectKind::Alert, into.0.as_str());
        events::append(self.tx, self.now, &NewEvent::plain(subject, &kind, &self.command.actor, &detail))?;
        let fires: Vec<i64> = alert.fire_id.into_iter().chain(heir.fire_id).collect();
        if heir.fire_id.is_none() {
            self.tx.execute("UPDATE alerts SET fire_id = ?2 WHERE number = ?1", params![into.0, alert.fire_id])?;
        }
        relink::label_as_one(self.tx, &fires, seq)?;
        relink::relink(self.tx, self.ground, self.rules, self.now, &fires)?;
        if !alert.view.state.is_over() && !heir.view.state.is_over() {
            take_over(self.tx, self.ground, self.rules, into, number, self.now)?;
        }
        refresh_scope(self.tx, self.ground, into)?;
        Ok(())
    }

    /// What stands in the way of an alert being said by another one.
    fn check_heir(&self, alert: &Standing, heir: &Standing, into: &AlertNumber) -> Result<(), ActError> {
        let number = &self.command.number;
        let target = |problem| Err(ActError::Target { number: number.clone(), problem });
        // On common ground satellite data gives the heir the worse verdict of both; elsewhere it would be lost.
        let is_shared = alert.fire_id.is_some() && heir.fire_id.is_some() && alert.ground_code == heir.ground_code;
        let rank = |standing: &Standing| (standing.view.verdict.is_none(), standing.view.verdict);
        if !is_shared && rank(alert) < rank(heir) {
            return target(BadTarget::Graver(into.clone()));
        }
        let (Some(fire), None) = (alert.fire_id, heir.fire_id) else { return Ok(()) };
        let beside: Option<String> = self
            .tx
            .prepare_cached(
                "SELECT number FROM alerts WHERE fire_id = ?1 AND ground_code = ?2 AND number NOT IN (?3, ?4)
                   AND merged_into IS NULL AND superseded_at IS NULL",
            )?
            .query_row(params![fire, heir.ground_code.0, number.0, into.0], |row| row.get(0))
            .optional()?;
        match beside {
            Some(beside) => target(BadTarget::Beside { heir: into.clone(), beside }),
            None => Ok(()),
        }
    }

    pub(super) fn split(&self, alert: &Standing, keys: &[String], seq: i64) -> Result<Vec<AlertNumber>, ActError> {
        let number = &self.command.number;
        let target = |problem| ActError::Target { number: number.clone(), problem };
        let fire = alert.fire_id.ok_or_else(|| target(BadTarget::Unseen))?;
        let known = relink::keys_of(self.tx, fire)?;
        if let Some(foreign) = keys.iter().find(|key| !known.contains(*key)) {
            return Err(target(BadTarget::ForeignDetection(foreign.clone())));
        }
        if known.iter().all(|key| keys.contains(key)) {
            return Err(target(BadTarget::NothingStays));
        }
        let before = relink::standing_numbers(self.tx, &[fire])?;
        let fires = relink::label_apart(self.tx, fire, keys, seq)?;
        let touched = relink::relink(self.tx, self.ground, self.rules, self.now, &fires)?;
        let after = relink::standing_numbers(self.tx, &touched)?;
        Ok(after.into_iter().filter(|number| !before.contains(number)).collect())
    }
}
