//! What stands beside the numbers: whose they are, and why they differ.

use super::{Counts, Figures};
use crate::domain::ground::Ground;
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::words::{Lang, Words, figures, unit_name};

impl Figures {
    /// The total, titled by the ground that was counted: `洮北区合计`.
    #[must_use]
    pub fn title(&self, ground: &Ground, lang: Lang) -> String {
        format!("{}{}", unit_name(ground, &self.unit_code, lang), lang.say(figures::TOTAL))
    }

    /// The name of a line of what lies right below.
    #[must_use]
    pub fn name_of(&self, code: Option<&UnitCode>, ground: &Ground, lang: Lang) -> String {
        match code {
            None => lang.say(figures::no_unit(level_below(ground, &self.unit_code))).to_owned(),
            Some(code) => unit_name(ground, code, lang),
        }
    }

    /// The numbers in one sentence.
    #[must_use]
    pub fn sentence(&self, ground: &Ground, lang: Lang) -> String {
        let Counts { pixels, fires, alerts, .. } = &self.total;
        let counted = [("{pixels}", pixels), ("{fires}", fires), ("{alerts}", alerts)];
        let said = counted
            .into_iter()
            .fold(lang.say(figures::COUNTED).to_owned(), |said, (place, n)| said.replace(place, &n.to_string()));
        format!("{}{said}", self.title(ground, lang))
    }

    /// Why there are more or fewer alerts than fires, and which pixels belong to fires that are not in the total; what
    /// is not so is not said.
    #[must_use]
    pub fn notes(&self, lang: Lang) -> Vec<String> {
        let why = &self.reasons;
        let alerts = [
            (why.crossing_fires, figures::CROSSING),
            (why.without_alert, figures::WITHOUT_ALERT),
            (why.worked_elsewhere, figures::WORKED_ELSEWHERE),
            (why.of_earlier_fires, figures::OF_EARLIER),
            (why.of_fires_elsewhere, figures::OF_ELSEWHERE),
            (why.of_other_verdict, figures::OF_OTHER_VERDICT),
            (why.reported, figures::REPORTED),
        ];
        let pixels = [
            (why.pixels_of_earlier_fires, figures::PIXELS_OF_EARLIER),
            (why.pixels_of_fires_elsewhere, figures::PIXELS_OF_ELSEWHERE),
        ];
        let titled = |title, notes: &[(u64, Words)]| {
            let told = notes.iter().filter(|(n, _)| *n > 0);
            let texts: Vec<_> = told.map(|(n, words)| lang.say(*words).replace("{n}", &n.to_string())).collect();
            (!texts.is_empty()).then(|| format!("{}{}", lang.say(title), texts.join(lang.pick("，", ", "))))
        };
        let alerts = titled(figures::ALERTS, &alerts);
        let alerts = alerts.map(|said| said.replace("{more}", &why.further_alerts.to_string()));
        alerts.into_iter().chain(titled(figures::PIXELS, &pixels)).collect()
    }
}

/// The level of the units right below one; `None` where nothing lies below.
#[must_use]
pub fn level_below(ground: &Ground, unit: &UnitCode) -> Option<UnitLevel> {
    ground.children(unit).map(|child| child.level).min()
}
