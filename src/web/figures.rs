//! Whose figures an address asks for, and as a document.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::domain::account::Scope;
use crate::domain::ground::Ground;
use crate::domain::unit::UnitCode;
use crate::report::figures::Figures;
use crate::web::problem::Problem;
use crate::words::Lang;
use crate::words::problems::expected;

/// The ground that is counted: the unit that is asked for, or the account's own where none or one above it is.
///
/// # Errors
/// [`Problem::BadParameter`] for a unit that the account does not see: its zero would say nothing.
pub(super) fn counted_scope(own: &Arc<Scope>, ground: &Ground, unit: Option<&UnitCode>) -> Result<Arc<Scope>, Problem> {
    let foreign =
        |unit: &UnitCode| Problem::BadParameter { name: "unit", value: unit.0.clone(), expected: expected::OWN_UNIT };
    match unit {
        Some(unit) if own.holds(unit) => Scope::of(ground, unit).map(Arc::new).ok_or_else(|| foreign(unit)),
        Some(unit) if !own.concerns(unit) => Err(foreign(unit)),
        _ => Ok(own.clone()),
    }
}

/// Figures as they are sent: with names and words beside the numbers.
pub(super) fn document(figures: &Figures, ground: &Ground, lang: Lang) -> Value {
    let mut body = json!(figures);
    if let Some(fields) = body.as_object_mut() {
        fields.insert("title".to_owned(), figures.title(ground, lang).into());
        fields.insert("sentence".to_owned(), figures.sentence(ground, lang).into());
        fields.insert("notes".to_owned(), figures.notes(lang).into());
    }
    body
}
