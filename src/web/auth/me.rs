//! The account that asks, with what it sees and may do, and the visitor as the gate found him.

use std::sync::Arc;

use crate::domain::account::{Role, TokenPower};
use crate::domain::actor::{Actor, Through};
use crate::domain::alert::AlertNumber;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;
use crate::store::query::AlertDetail;
use crate::store::{Account, AccountChange, AccountError, HandedOut, Scoped, Who};
use crate::web::problem::Problem;
use crate::web::site::Web;

/// Who asks.
#[derive(Clone)]
pub(in crate::web) enum Visitor {
    /// Nobody is known.
    Nobody,
    /// An account whose unit the region does not have any more.
    UnitRemoved(UnitCode),
    /// Somebody.
    In(Arc<Me>),
}

/// Whoever asks.
#[derive(Clone)]
pub(in crate::web) struct Me {
    /// The account.
    pub account: Account,
    /// Everything it may see.
    pub store: Scoped,
    /// What it may do with what brought it in.
    pub power: TokenPower,
    /// The session; `None` for a program.
    pub session: Option<i64>,
    /// When whoever is in last proved who he is; `None` for a program.
    pub proved_at: Option<Timestamp>,
    /// He has to set up the second step before anything else.
    pub must_set_up: bool,
    /// What stands in the log of how it came in.
    pub through: Through,
}

impl Me {
    /// Who acts where nobody else is named.
    pub fn own_actor(&self) -> Actor {
        self.account.actor().through(self.through.clone())
    }

    /// Who acts: the account, unless a program that may do so names somebody of the account's own ground.
    pub async fn actor(&self, web: &Web, named: Option<&str>) -> Result<Actor, Problem> {
        let ground = web.ground();
        self.acting(web, named, |text| Ok(Actor::resolve(&ground, text, ground.local_day(web.now()))?)).await
    }

    /// As [`Self::actor`]; a bare name that nobody knows acts for `unit`.
    pub async fn actor_for(&self, web: &Web, named: Option<&str>, unit: &UnitCode) -> Result<Actor, Problem> {
        let ground = web.ground();
        self.acting(web, named, |text| Ok(Actor::resolve_for(&ground, text, ground.local_day(web.now()), unit)?)).await
    }

    async fn acting(
        &self,
        web: &Web,
        named: Option<&str>,
        read: impl Fn(&str) -> Result<Actor, Problem>,
    ) -> Result<Actor, Problem> {
        let own = self.own_actor();
        let Some(text) = named else { return Ok(own) };
        if self.power < TokenPower::ActFor {
            let is_own =
                text == own.name || own.unit.as_ref().is_some_and(|unit| text == format!("{}@{unit}", own.name));
            return if is_own { Ok(own) } else { Err(Problem::NotYourName(text.to_owned())) };
        }
        let actor = read(text)?.through(self.through.clone());
        let is_ours = actor.unit.as_ref().is_some_and(|unit| self.store.scope().holds(unit));
        // A program names people; it does not make them up.
        if is_ours && is_somebody(web, &actor).await? { Ok(actor) } else { Err(Problem::NotYourName(text.to_owned())) }
    }

    /// Notes in the log what it is about to be given.
    pub async fn is_given(&self, web: &Web, what: HandedOut) -> Result<(), Problem> {
        let change = AccountChange::HandOut(what);
        web.site.accounts.change(&self.account.name, change, self.own_actor(), web.now()).await?;
        Ok(())
    }

    /// One alert, if it exists for this account; without telephone numbers for whoever does not see them.
    pub async fn alert(&self, number: &AlertNumber) -> Result<AlertDetail, Problem> {
        let found = self.store.alert(number).await?;
        let mut detail = found.ok_or_else(|| Problem::UnknownAlert(number.0.clone()))?;
        if !self.account.role.sees_people() {
            let holders = detail.chains.iter_mut().flatten().flat_map(|link| &mut link.holders);
            holders.for_each(|holder| holder.phone = None);
        }
        Ok(detail)
    }

    /// Refuses a token that only reads.
    pub fn writes(&self) -> Result<(), Problem> {
        if self.power >= TokenPower::Write { Ok(()) } else { Err(Problem::OnlyReads) }
    }

    /// Whether it may change alerts and plans at all, with what brought it in.
    pub fn may_work(&self) -> bool {
        self.account.role.works() && self.power >= TokenPower::Write
    }

    /// Refuses whoever does not keep the accounts.
    pub fn administers(&self) -> Result<(), Problem> {
        let role = self.account.role;
        if role.administers() { Ok(()) } else { Err(Problem::NotForRole(role)) }
    }

    /// Refuses what the role does not see.
    pub fn sees_people(&self) -> Result<(), Problem> {
        if self.account.role.sees_people() { Ok(()) } else { Err(Problem::NotForRole(self.account.role)) }
    }

    /// Refuses a unit that is neither the own one nor below it.
    pub fn holds(&self, unit: &UnitCode) -> Result<(), Problem> {
        if self.store.scope().holds(unit) { Ok(()) } else { Err(Problem::ForeignUnit(unit.clone())) }
    }

    /// Refuses a unit that is neither of the own ground nor above it.
    pub fn concerns(&self, unit: &UnitCode) -> Result<(), Problem> {
        if self.store.scope().concerns(unit) { Ok(()) } else { Err(Problem::ForeignUnit(unit.clone())) }
    }

    /// Refuses whoever is neither the administrator nor an office of the whole region.
    pub fn reads_log(&self) -> Result<(), Problem> {
        self.sees_everything()?;
        let role = self.account.role;
        if matches!(role, Role::Admin | Role::City) { Ok(()) } else { Err(Problem::NotForRole(role)) }
    }

    /// Refuses whoever does not see the whole region.
    pub fn sees_everything(&self) -> Result<(), Problem> {
        if self.store.scope().is_whole() { Ok(()) } else { Err(Problem::NotForRole(self.account.role)) }
    }
}

/// Whether there is somebody of this name at this unit: on the lists of the region, or with an account.
async fn is_somebody(web: &Web, actor: &Actor) -> Result<bool, Problem> {
    let (ground, now) = (web.ground(), web.now());
    if actor.is_listed(&ground, ground.local_day(now)) {
        return Ok(true);
    }
    match web.site.accounts.find(Who::Person(actor.clone())).await {
        Ok(_) => Ok(true),
        Err(AccountError::Unknown(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
