//! What the layers are called and what is said of them, and what is none.

use super::call::Call;
use crate::web::problem::Problem;
use crate::web::site::Web;
use crate::words::Lang;

pub(super) fn title(web: &Web, lang: Lang) -> String {
    let ground = web.ground();
    let region = lang.name(&ground.data().name, ground.data().name_en.as_deref()).to_owned();
    match lang {
        Lang::Zh => format!("{region}秸秆焚烧火点图层"),
        Lang::En => format!("{region}: layers of suspected straw fires"),
    }
}

pub(super) fn about(web: &Web, lang: Lang) -> String {
    let text = lang.pick(
        "供 QGIS 等地图软件读取的图层（OGC API Features）。点为像元中心，像元宽0.4至5公里，火点在其范围内某处；没有点不等于没有火情。",
        "Layers for map programs such as QGIS (OGC API Features). A point is the centre of a pixel footprint 0.4-5 km \
         wide and the fire is somewhere inside; no point is not no fire.",
    );
    with_simulated(web, lang, text.to_owned())
}

/// A text about fires, with the warning that belongs to it in a demonstration: a layer has no banner.
pub(super) fn with_simulated(web: &Web, lang: Lang, text: String) -> String {
    if !web.site.simulated {
        return text;
    }
    format!("{text}{}", lang.pick("演示数据：火点均为模拟。", " Demonstration: simulated fires, none of them is real."))
}

/// An address below `/ogc` that names nothing there.
pub(super) fn nothing_here(call: &Call) -> Problem {
    Problem::UnknownPage(call.ask.path.clone())
}
