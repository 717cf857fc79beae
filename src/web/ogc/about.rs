//! What the layers are called and what is said of them, and what is none.

use super::call::Call;
use crate::web::problem::Problem;
use crate::web::site::Web;
use crate::words::Lang;
use crate::words::api::layers as say;

pub(super) fn title(web: &Web, lang: Lang) -> String {
    let ground = web.ground();
    let region = lang.name(&ground.data().name, ground.data().name_en.as_deref()).to_owned();
    say::title(&region).of(lang)
}

pub(super) fn about(web: &Web, lang: Lang) -> String {
    let text = lang.say(say::ABOUT);
    with_simulated(web, lang, text.to_owned())
}

/// A text about fires, with the warning that belongs to it in a demonstration: a layer has no banner.
pub(super) fn with_simulated(web: &Web, lang: Lang, text: String) -> String {
    if !web.site.simulated {
        return text;
    }
    format!("{text}{}", lang.say(say::SIMULATED))
}

/// An address below `/ogc` that names nothing there.
pub(super) fn nothing_here(call: &Call) -> Problem {
    Problem::UnknownPage(call.ask.path.clone())
}
