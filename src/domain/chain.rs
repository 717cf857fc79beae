//! The accountable chain: the units above a place and the people who held them that day.

use serde::{Deserialize, Serialize};

use super::ground::Ground;
use super::time::Date;
use super::unit::{Role, UnitCode, UnitLevel};

/// One person of a chain, as held on the day of the snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainHolder {
    /// What he or she does for the unit.
    pub role: Role,
    /// Name.
    pub name: String,
    /// Post.
    pub post: Option<String>,
    /// Employer.
    pub employer: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
}

/// One unit of a chain with its holders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainLink {
    /// Level of the unit.
    pub level: UnitLevel,
    /// The unit.
    pub code: UnitCode,
    /// Its Chinese name.
    pub name: String,
    /// Who held it that day: head, sponsor, inspector, deputy, then by name.
    pub holders: Vec<ChainHolder>,
}

impl ChainLink {
    /// The one person to name: a grid cell's inspector, else the first by role.
    #[must_use]
    pub fn holder(&self) -> Option<&ChainHolder> {
        let inspector = self.holders.iter().find(|holder| holder.role == Role::Inspector);
        inspector.filter(|_| self.level == UnitLevel::Grid).or_else(|| self.holders.first())
    }
}

/// A list from the lowest unit up to the city; an alert keeps it unchanged.
pub type Chain = Vec<ChainLink>;

/// The chain of a unit on a local day, lowest unit first.
///
/// A unit nobody holds stays in the chain with no holder: the gap is shown, and whoever is
/// told moves one level up.
#[must_use]
pub fn chain_of(ground: &Ground, unit: &UnitCode, day: Date) -> Chain {
    ground
        .line_of(unit)
        .into_iter()
        .map(|unit| {
            let mut holders: Vec<_> = ground
                .data()
                .people
                .iter()
                .filter(|holder| holder.unit_code == unit.code && holder.holds_on(day))
                .map(|holder| ChainHolder {
                    role: holder.role,
                    name: holder.name.clone(),
                    post: holder.post.clone(),
                    employer: holder.employer.clone(),
                    phone: holder.phone.clone(),
                })
                .collect();
            holders.sort_by(|a, b| a.role.cmp(&b.role).then_with(|| a.name.cmp(&b.name)));
            ChainLink { level: unit.level, code: unit.code.clone(), name: unit.name.clone(), holders }
        })
        .collect()
}
