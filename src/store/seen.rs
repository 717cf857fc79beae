//! The scope as SQL: which detections, fires and alerts a reader may see. The one place that knows it.
//!
//! An alert is seen by the units it concerns (`alert_scope`: own, candidate, proposed, and everything above these);
//! one that was merged or set aside, by those on whose ground it lay. Detections and fires are seen by the ground they
//! stand on, and by whoever sees an alert of their fire. The whole region sees everything, the belt outside included.

use std::sync::Arc;

use rusqlite::types::Value;

use crate::domain::account::Scope;
use crate::domain::unit::UnitLevel;

/// What a reader may see; by default everything.
#[derive(Debug, Clone, Default)]
pub struct Seen(Option<Arc<Scope>>);

impl Seen {
    /// What a scope may see.
    pub(super) fn by(scope: &Arc<Scope>) -> Self {
        Self(Some(scope.clone()).filter(|scope| !scope.is_whole()))
    }

    /// The unit whose list of alerts it is; `None` for all of them.
    pub(super) fn unit(&self) -> Option<&str> {
        self.0.as_ref().map(|scope| scope.unit().0.as_str())
    }

    /// The condition on an alert that stands for itself.
    pub(super) fn alert(&self, alias: &str, values: &mut Vec<Value>) -> String {
        let Some(scope) = &self.0 else { return "1".to_owned() };
        let unit = bind(values, scope.unit().0.clone());
        format!(
            "EXISTS (SELECT 1 FROM alert_scope seen WHERE seen.number = {alias}.number AND seen.unit_code = {unit})"
        )
    }

    /// The condition on any alert, merged ones and those set aside too.
    pub(super) fn any_alert(&self, alias: &str, values: &mut Vec<Value>) -> String {
        let Some(scope) = &self.0 else { return "1".to_owned() };
        let stands = self.alert(alias, values);
        let lay_here = on_ground(scope, alias, values);
        format!("({stands} OR ({alias}.merged_into IS NOT NULL OR {alias}.superseded_at IS NOT NULL) AND {lay_here})")
    }

    /// The condition on a detection.
    pub(super) fn detection(&self, alias: &str, values: &mut Vec<Value>) -> String {
        let Some(scope) = &self.0 else { return "1".to_owned() };
        let here = on_ground(scope, alias, values);
        let of_alert = of_fire(scope, &format!("{alias}.fire_id"), values);
        format!("({here} OR {of_alert})")
    }

    /// The condition on a fire.
    pub(super) fn fire(&self, alias: &str, values: &mut Vec<Value>) -> String {
        let Some(scope) = &self.0 else { return "1".to_owned() };
        let here = on_ground(scope, "here", values);
        let of_alert = of_fire(scope, &format!("{alias}.id"), values);
        format!(
            "(EXISTS (SELECT 1 FROM detections here WHERE here.fire_id = {alias}.id AND here.superseded_by IS NULL
                AND {here}) OR {of_alert})"
        )
    }
}

fn bind(values: &mut Vec<Value>, value: String) -> String {
    values.push(Value::from(value));
    format!("?{}", values.len())
}

/// Whether the place of a row lies on the scope's ground.
fn on_ground(scope: &Scope, alias: &str, values: &mut Vec<Value>) -> String {
    let column = match scope.level() {
        UnitLevel::City | UnitLevel::County => "county_code",
        UnitLevel::Township => "township_code",
        UnitLevel::Village | UnitLevel::Hamlet | UnitLevel::Grid => {
            let codes: Vec<&str> = scope.below().iter().map(|code| code.0.as_str()).collect();
            let list = bind(values, serde_json::json!(codes).to_string());
            return format!("{alias}.unit_code IN (SELECT value FROM json_each({list}))");
        }
    };
    let unit = bind(values, scope.unit().0.clone());
    format!("{alias}.{column} = {unit}")
}

/// Whether the scope sees an alert of a fire.
fn of_fire(scope: &Scope, fire: &str, values: &mut Vec<Value>) -> String {
    let unit = bind(values, scope.unit().0.clone());
    // CROSS JOIN: the few alerts of the fire first; the other way round is the unit's whole list, for every fire.
    format!(
        "EXISTS (SELECT 1 FROM alerts of_fire CROSS JOIN alert_scope seen ON seen.number = of_fire.number
            WHERE of_fire.fire_id = {fire} AND seen.unit_code = {unit})"
    )
}
