//! Who asks: [`gate`] finds it out once for every request, [`Me`] hands it to the pages.
//!
//! A person comes in by password, personal link or the city's own sign-on ([`sign_in`]) and is known by a cookie; a
//! program brings a token. What an account may do at all is the role's ([`Worker`], [`Admin`]), what it may see is its
//! scope's: [`Me::store`] sees nothing else.

#[cfg(feature = "oidc")]
mod city;
pub(super) mod cookies;
pub(super) mod devices;
pub(super) mod gate;
pub(super) mod second_step;
pub(super) mod sign_in;

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;

use self::sign_in::{Caller, Refusal, try_password};
use super::Web;
use super::ask::Ask;
use super::error::{self, Problem};
use super::pages::form::refusal;
use crate::domain::account::{PROVED_FOR, Role, Stay, TokenPower};
use crate::domain::actor::{Actor, Through};
use crate::domain::alert::AlertNumber;
use crate::domain::time::{SignedDuration, Timestamp};
use crate::domain::unit::UnitCode;
use crate::store::query::AlertDetail;
use crate::store::{Account, HandedOut, Scoped};

/// How long people stay in, and links can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRules {
    /// How long a desk stays in.
    pub office: Stay,
    /// How long a phone stays in.
    pub phone: Stay,
    /// A personal link can be used so long.
    pub link_lasts: SignedDuration,
    /// Roles that pass a second step where they come in by password; anybody else may.
    pub second_step: Vec<Role>,
}

impl Default for AccountRules {
    fn default() -> Self {
        let days = |days: i64| SignedDuration::from_hours(24 * days);
        Self {
            office: Stay { unused: SignedDuration::from_hours(12), longest: days(30) },
            phone: Stay { unused: days(30), longest: days(366) },
            link_lasts: SignedDuration::from_hours(24),
            second_step: vec![Role::City, Role::Admin],
        }
    }
}

impl AccountRules {
    /// How long a device of a role stays in.
    #[must_use]
    pub fn stay(&self, role: Role) -> Stay {
        if role.is_office() { self.office } else { self.phone }
    }
}

/// The way over the city's own sign-on; none in a program that was built without it.
pub(super) fn city_routes() -> Router<Arc<Web>> {
    let routes = Router::new();
    #[cfg(feature = "oidc")]
    let routes = routes
        .route("/sign-in/city", axum::routing::get(city::begin))
        .route("/sign-in/city/back", axum::routing::get(city::back));
    routes
}

/// Whoever asks.
#[derive(Clone)]
pub(super) struct Me {
    /// The account.
    pub account: Account,
    /// Everything it may see.
    pub store: Scoped,
    /// What it may do with what brought it in.
    pub power: TokenPower,
    /// The session; `None` for a program.
    pub session: Option<i64>,
    /// When whoever is in last proved who he is; `None` for a program.
    proved_at: Option<Timestamp>,
    /// He has to set up the second step before anything else.
    must_set_up: bool,
    /// What stands in the log of how it came in.
    pub through: Through,
}

/// What somebody has to do before he makes what lets others in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proving {
    /// Nothing: he has just come in, or typed his password.
    Nothing,
    /// Type his password.
    Password,
    /// He has none: come in again.
    SignIn,
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
        Ok(web.site.store.note_handed_out(&self.account.name, what, self.own_actor(), web.now()).await?)
    }

    /// One case, if it exists for this account; without telephone numbers for whoever does not see them.
    pub async fn alert(&self, number: &AlertNumber) -> Result<AlertDetail, Problem> {
        let found = self.store.alert(number).await?;
        let mut detail = found.ok_or_else(|| Problem::UnknownAlert(number.0.clone()))?;
        if !self.account.role.sees_people() {
            let holders = detail.chains.iter_mut().flatten().flat_map(|link| &mut link.holders);
            holders.for_each(|holder| holder.phone = None);
        }
        Ok(detail)
    }

    /// What has to be done before making what lets others in: a device that somebody found must not be enough.
    pub fn proving(&self, web: &Web) -> Proving {
        let is_fresh = |at: Timestamp| web.now().duration_since(at) < PROVED_FOR;
        if web.site.simulated || self.proved_at.is_some_and(is_fresh) {
            Proving::Nothing
        } else if self.account.has_password {
            Proving::Password
        } else {
            Proving::SignIn
        }
    }

    /// Refuses whoever has not just proved who he is, by coming in or by his password.
    pub async fn prove(&self, web: &Web, caller: &Caller, password: &str) -> Result<(), Problem> {
        let Some(session) = self.session else { return Err(Problem::NotByProgram) };
        match self.proving(web) {
            Proving::Nothing => Ok(()),
            Proving::SignIn => Err(refusal(
                "请退出后重新登录，并在十分钟内办理 · sign out, come in again and do it within ten minutes",
            )),
            Proving::Password => {
                let attempt = caller.attempt(&self.account.name);
                match try_password(web, &self.account.name, password, attempt).await? {
                    Ok(_) => Ok(web.site.store.session_proved(session, web.now()).await?),
                    Err(Refusal::Wait(_)) => {
                        Err(refusal("密码错误次数过多，请稍后再试 · too many wrong passwords: try again later"))
                    }
                    Err(_wrong) => Err(refusal(
                        "请输入您自己的登录密码；所输密码不正确 · type your own password: it was not right",
                    )),
                }
            }
        }
    }

    /// Refuses a token that only reads.
    pub fn writes(&self) -> Result<(), Problem> {
        if self.power >= TokenPower::Write { Ok(()) } else { Err(Problem::OnlyReads) }
    }

    /// Whether it may change cases and plans at all, with what brought it in.
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
    Ok(actor.is_listed(&ground, ground.local_day(now)) || web.site.store.has_person(actor).await?)
}

/// Somebody who may change something: an account that works cases and plans, with a session or a token that writes.
pub(super) struct Worker(pub Me);

/// Somebody who makes accounts and reads the log of everything.
pub(super) struct Admin(pub Me);

/// Somebody who lets the people of his own ground in.
pub(super) struct LetsIn(pub Me);

impl FromRequestParts<Arc<Web>> for Me {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        let found = parts.extensions.get::<gate::Visitor>().cloned().unwrap_or(gate::Visitor::Nobody);
        let problem = match found {
            gate::Visitor::In(me) => return Ok(Arc::unwrap_or_clone(me)),
            gate::Visitor::Nobody => Problem::SignIn,
            gate::Visitor::Groundless(unit) => Problem::Groundless(unit),
        };
        Err(refuse(parts, web, problem).await)
    }
}

impl FromRequestParts<Arc<Web>> for Worker {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        let me = writing(parts, web).await?;
        if me.account.role.works() { Ok(Self(me)) } else { Err(not_for(parts, web, me.account.role).await) }
    }
}

impl FromRequestParts<Arc<Web>> for Admin {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        let me = writing(parts, web).await?;
        if me.account.role.administers() { Ok(Self(me)) } else { Err(not_for(parts, web, me.account.role).await) }
    }
}

impl FromRequestParts<Arc<Web>> for LetsIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        let me = writing(parts, web).await?;
        if me.account.role.lets_in() { Ok(Self(me)) } else { Err(not_for(parts, web, me.account.role).await) }
    }
}

/// Whoever asks, unless he came with a token that only reads.
async fn writing(parts: &mut Parts, web: &Arc<Web>) -> Result<Me, Response> {
    let me = Me::from_request_parts(parts, web).await?;
    if me.power >= TokenPower::Write { Ok(me) } else { Err(refuse(parts, web, Problem::OnlyReads).await) }
}

async fn not_for(parts: &mut Parts, web: &Arc<Web>, role: Role) -> Response {
    refuse(parts, web, Problem::NotForRole(role)).await
}

async fn refuse(parts: &mut Parts, web: &Arc<Web>, problem: Problem) -> Response {
    let ask = match Ask::from_request_parts(parts, web).await {
        Ok(ask) => ask,
        Err(never) => match never {},
    };
    error::refused(web, &ask, problem).await
}
