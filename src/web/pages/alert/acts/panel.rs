//! The acts that an alert's page offers to whoever looks at it: those he may do now, the next step first and large.
//!
//! What is offered comes from [`acts_open_to`]; here it gets its place, its choices, and what was typed before.

use crate::domain::actor::Actor;
use crate::domain::alert::{
    Act, ActKind, AlertView, By, InNameOf, Offer, ReviewRules, acts_open_to, is_open, other_units,
};
use crate::domain::finding::Review;
use crate::domain::ground::Ground;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;
use crate::web::forms::Typed;
use crate::words::{Lang, button, full_name, pages as w, unit_name};

/// People of a list to choose from; a township has some dozens, and another name can be typed.
const PEOPLE_SHOWN: usize = 200;

/// Units of a list to choose from; others are named by their code.
const UNITS_SHOWN: usize = 60;

/// What is tried to find the choices.
pub(in crate::web) struct Offering<'a> {
    /// The ground.
    pub ground: &'a Ground,
    /// Who reviews what.
    pub rules: ReviewRules,
    /// The alert.
    pub alert: &'a AlertView,
    /// Who looks.
    pub actor: &'a Actor,
    /// Whether his account may do acts of a kind at all.
    pub may_try: &'a dyn Fn(ActKind) -> bool,
    /// The present.
    pub now: Timestamp,
    /// Of the page.
    pub lang: Lang,
}

/// The panel.
pub(in crate::web) struct Panel {
    offers: Vec<Offer>,
    typed: Typed,
    client_id: String,
    /// Acts of one press, the next step first.
    pub steps: Vec<Choice>,
    /// In whose name the finding can be reported, if it can.
    pub reports: Option<InNameOf>,
    /// Field acts that can be entered for another person; none where nobody stands below.
    pub for_another: Vec<Choice>,
    /// People of the alert's line, for whom something may be entered.
    pub people: Vec<Choice>,
    /// People an alert may be given to.
    pub dispatch_to: Vec<Choice>,
    /// What a review may say.
    pub reviews: Vec<Choice>,
    /// Units that may answer instead, in the eyes of whoever disputes.
    pub dispute_units: Vec<Choice>,
    /// Units that the alert may be given to.
    pub reassign_units: Vec<Choice>,
    /// The unit named in the open dispute.
    pub proposed: Option<String>,
}

/// Something to choose.
pub(in crate::web) struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub words: String,
}

/// The acts of one press, in the order of an alert's life.
const STEPS: [ActKind; 3] = [ActKind::Acknowledge, ActKind::Arrive, ActKind::PutOut];

impl Offering<'_> {
    /// The panel; `None` when nothing is offered.
    pub fn panel(&self, client_id: String, typed: Typed) -> Option<Panel> {
        let mut offers = acts_open_to(self.ground, self.rules, self.alert, self.actor);
        offers.retain(|offer| (self.may_try)(offer.kind));
        if offers.is_empty() {
            return None;
        }
        let in_name_of = |kind| offers.iter().find(|offer| offer.kind == kind).map(|offer| offer.in_name_of);
        let steps = |wanted| STEPS.into_iter().filter(move |kind| in_name_of(*kind) == Some(wanted));
        let step =
            |kind: ActKind| Choice { value: kind.name().to_owned(), words: self.lang.say(button(kind)).to_owned() };
        let people = self.people(&self.alert.owner);
        let may = |kind: &ActKind| match in_name_of(*kind) {
            Some(InNameOf::Another) => true,
            Some(InNameOf::Anybody) => !people.is_empty(),
            None => false,
        };
        let for_another = STEPS.into_iter().filter(may).map(step).collect();
        let is_offered = |kind| in_name_of(kind).is_some();
        Some(Panel {
            steps: steps(InNameOf::Anybody).map(step).collect(),
            reports: in_name_of(ActKind::Report),
            for_another,
            people,
            dispatch_to: if is_offered(ActKind::Dispatch) { self.dispatch_to() } else { Vec::new() },
            reviews: if is_offered(ActKind::Review) { self.reviews() } else { Vec::new() },
            dispute_units: self.units(|unit| Act::Dispute { proposed: unit }),
            reassign_units: self.units(|unit| Act::Reassign { to: unit }),
            proposed: self.alert.proposed.as_ref().map(|unit| full_name(self.ground, unit, self.lang)),
            offers,
            typed,
            client_id,
        })
    }

    fn would_open(&self, act: &Act) -> bool {
        let by = By { actor: self.actor, on_behalf_of: None };
        (self.may_try)(act.kind()) && is_open(self.ground, self.rules, self.alert, by, act)
    }

    /// Who holds the units on the line of one today, below the actor's own; nobody where he stands beside that line.
    fn people(&self, unit: &UnitCode) -> Vec<Choice> {
        let day = self.ground.local_day(self.now);
        let line = self.ground.line_of(unit);
        let own = line.iter().position(|unit| Some(&unit.code) == self.actor.unit.as_ref());
        let below = line.into_iter().take(own.unwrap_or(0));
        let holders = below.flat_map(|unit| self.ground.people_of(&unit.code));
        let mut names: Vec<&str> =
            holders.filter(|holder| holder.holds_on(day)).map(|holder| holder.name.as_str()).collect();
        names.dedup();
        names.into_iter().map(|name| Choice { value: name.to_owned(), words: name.to_owned() }).collect()
    }

    fn dispatch_to(&self) -> Vec<Choice> {
        let (day, lang) = (self.ground.local_day(self.now), self.lang);
        let units = self.ground.subtree(&self.alert.responsible);
        // Whoever is nearest first.
        let near = [&self.alert.owner, &self.alert.unit].into_iter().filter(|unit| units.contains(*unit));
        let mut ordered: Vec<&UnitCode> = near.collect();
        ordered.extend(&units);
        let mut seen: Vec<(&UnitCode, &str)> = Vec::new();
        for unit in ordered {
            let holders = self.ground.people_of(unit).filter(|holder| holder.holds_on(day));
            for holder in holders {
                let person = (unit, holder.name.as_str());
                if seen.len() < PEOPLE_SHOWN && !seen.contains(&person) {
                    seen.push(person);
                }
            }
        }
        let choice = |(unit, name): (&UnitCode, &str)| Choice {
            value: format!("{name}@{unit}"),
            words: format!("{name} · {}", unit_name(self.ground, unit, lang)),
        };
        seen.into_iter().map(choice).collect()
    }

    fn reviews(&self) -> Vec<Choice> {
        let open = [Review::Confirmed, Review::Excluded, Review::SentBack]
            .into_iter()
            .filter(|review| self.would_open(&Act::Review { review: *review }));
        open.map(|review| {
            let words = match review {
                Review::Confirmed => w::acts::CONFIRM,
                Review::Excluded => w::acts::EXCLUDE,
                Review::SentBack => w::acts::SEND_BACK,
            };
            Choice { value: review.name().to_owned(), words: self.lang.say(words).to_owned() }
        })
        .collect()
    }

    fn units(&self, act: impl Fn(UnitCode) -> Act) -> Vec<Choice> {
        let units = other_units(self.ground, self.alert).into_iter();
        units
            .filter(|unit| self.would_open(&act(unit.clone())))
            .take(UNITS_SHOWN)
            .map(|unit| Choice { words: full_name(self.ground, &unit, self.lang), value: unit.0 })
            .collect()
    }
}

impl Panel {
    /// What every form carries unseen: the act, the id of the command, and when it happened, which a script fills in
    /// when the form could only be sent later. Ready HTML, of nothing that anybody typed.
    pub fn hidden(&self, act: &str) -> String {
        // An id for each form: whoever goes back and presses another button does something else.
        format!(
            "<input type=\"hidden\" name=\"act\" value=\"{act}\">\
             <input type=\"hidden\" name=\"client_id\" value=\"{}-{act}\">\
             <input type=\"hidden\" name=\"happened_at\">",
            self.client_id
        )
    }

    /// Whether an act is offered in the own name.
    pub fn has(&self, act: &str) -> bool {
        self.offers.iter().any(|offer| offer.kind.name() == act && offer.in_name_of == InNameOf::Anybody)
    }

    /// What was typed into a field of an act's form before it was refused.
    pub fn typed(&self, act: &str, field: &str) -> &str {
        if self.is_tried(act) { self.typed.get(field) } else { "" }
    }

    /// Whether this act's form is the one that was refused: it is shown open.
    pub fn is_tried(&self, act: &str) -> bool {
        self.typed.get("act") == act && !self.is_for_another_tried()
    }

    /// The same of the form for another person.
    pub fn is_for_another_tried(&self) -> bool {
        self.typed.get("form") == "another"
    }

    /// What the form for another person carries unseen; its act is chosen in it.
    pub fn another(&self) -> String {
        format!(
            "<input type=\"hidden\" name=\"form\" value=\"another\">\
             <input type=\"hidden\" name=\"client_id\" value=\"{}-another\">",
            self.client_id
        )
    }

    /// What was typed into a field of the form for another person.
    pub fn another_typed(&self, field: &str) -> &str {
        if self.is_for_another_tried() { self.typed.get(field) } else { "" }
    }

    /// Whether an act was chosen in that form.
    pub fn is_another_chosen(&self, act: &str) -> bool {
        self.another_typed("act") == act
    }

    /// Whether a choice was chosen before.
    pub fn is_chosen(&self, act: &str, field: &str, value: &str) -> bool {
        self.typed(act, field) == value
    }
}
