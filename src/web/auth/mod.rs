//! Who asks: [`gate`] finds it out once for every request, [`Me`] hands it to the pages.
//!
//! A person comes in by password, personal link or the city's own sign-on ([`sign_in`]) and is known by a cookie; a
//! program brings a token ([`known_by`]). What an account may do at all is the role's ([`Worker`], [`Admin`]), what it may
//! see is its scope's: [`Me::store`] sees nothing else.

pub(super) mod access_lines;
mod account;
pub(super) mod caller;
#[cfg(feature = "oidc")]
mod city;
mod cookies;
mod entry;
pub(super) mod gate;
pub(super) mod known_by;
mod me;
pub(super) mod password;
mod proving;
mod roles;
mod rules;
mod second_step;
mod sender;
mod sign_in;
mod sign_in_page;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use super::site::Web;
pub(super) use me::{Me, Visitor};
pub(super) use proving::Proving;
pub(super) use roles::{Admin, CanInvite, Worker};
pub use rules::AccountRules;

/// The routes by which people come in and go out, and of the own account.
pub(super) fn routes() -> Router<Arc<Web>> {
    let routes = Router::new()
        .route("/sign-in", get(sign_in::page).post(sign_in::by_password))
        .route("/sign-in/code", post(second_step::by_code))
        .route("/sign-in/demo", post(sign_in::by_demo))
        .route("/l/{secret}", get(sign_in::link).post(sign_in::by_link))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/account", get(account::page))
        .route("/account/devices", post(account::end))
        .route("/account/second-step", get(second_step::page).post(second_step::change))
        .route("/account/browsers", post(account::forget_browsers))
        .route("/account/tokens", post(account::end_token))
        .route("/account/password", post(account::password));
    #[cfg(feature = "oidc")]
    let routes = routes.route("/sign-in/city", get(city::begin)).route("/sign-in/city/back", get(city::back));
    routes
}
