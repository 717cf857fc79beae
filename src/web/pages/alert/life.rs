//! What an alert has become: finding, review, rectification, dispute, clocks, whom it was escalated to. Read only.
//!
//! Part of the alert's page. Whoever complained is not in what the store hands over, and so not here.

use crate::domain::alert::AlertSource;
use crate::domain::alert::{Act, ActEvent, ActKind};
use crate::domain::finding::Review;
use crate::domain::ground::{Ground, percent_text};
use crate::domain::landcover::not_straw_ground;
use crate::domain::time::Timestamp;
use crate::store::DeadlineRow;
use crate::store::query::{AlertDetail, AlertEventRow, AlertRow};
use crate::words::{
    Label, Lang, Words, actor, clock_state, finding_line, local, look_back, not_straw, on_duty, pages as w, unit_name,
};

/// The part of the page.
pub(in crate::web) struct AlertLife {
    /// What is known, in the order of an alert's life.
    pub facts: Vec<Fact>,
    /// Its clocks, in the order they were started.
    pub clocks: Vec<ClockLine>,
}

/// One thing known.
pub(in crate::web) struct Fact {
    /// What it is about.
    pub term: &'static str,
    /// What is so.
    pub text: String,
    /// An alert it names, for a link.
    pub alert: Option<String>,
    /// Somebody should look at it.
    pub is_warning: bool,
}

/// One clock.
pub(in crate::web) struct ClockLine {
    /// What it waits for.
    pub kind: &'static str,
    /// Whose it is.
    pub whose: String,
    /// When it is due; `None` while it is paused.
    pub due: Option<String>,
    /// How it stands, for the style sheet.
    pub state: &'static str,
    /// How it stands, in words.
    pub state_words: &'static str,
    /// When it ended.
    pub ended: Option<String>,
}

/// Reads an alert's life out of its row, its events and its clocks.
pub(in crate::web) fn alert_life(
    ground: &Ground,
    lang: Lang,
    detail: &AlertDetail,
    clocks: &[DeadlineRow],
) -> AlertLife {
    let life = Life { ground, lang, detail };
    let mut facts = life.origin();
    facts.extend(life.work());
    facts.extend(life.outcome());
    facts.extend(life.cautions());
    AlertLife { facts, clocks: clocks.iter().map(|clock| life.clock(clock)).collect() }
}

struct Life<'a> {
    ground: &'a Ground,
    lang: Lang,
    detail: &'a AlertDetail,
}

impl Life<'_> {
    fn alert(&self) -> &AlertRow {
        &self.detail.alert
    }

    fn fact(&self, term: Words, text: impl Into<String>) -> Fact {
        Fact { term: self.lang.say(term), text: text.into(), alert: None, is_warning: false }
    }

    fn local(&self, at: Timestamp) -> String {
        local(self.ground, at)
    }

    /// Parts of a line; empty ones are left out.
    fn join(parts: impl IntoIterator<Item = String>) -> String {
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    /// The last act of a kind, and how it is logged.
    fn last(&self, kind: ActKind) -> Option<(&AlertEventRow, ActEvent)> {
        let event = self.detail.events.iter().rfind(|event| event.kind == kind.event())?;
        Some((event, event.act()?))
    }

    /// Who did something, when, and what was noted with it.
    fn by(&self, event: &AlertEventRow, done: &ActEvent) -> String {
        Self::join([actor(event, self.lang), self.local(event.at), done.note.clone()])
    }

    /// Where it comes from and with what papers.
    fn origin(&self) -> Vec<Fact> {
        let alert = self.alert();
        let mut facts = Vec::new();
        let source = self.lang.say(alert.source.label());
        // A complaint has no finder here; the store keeps who complained apart.
        let finder = alert.reported_by.clone().filter(|_| alert.source != AlertSource::Complaint);
        facts.push(self.fact(w::shared::SOURCE, Self::join([source.to_owned(), finder.unwrap_or_default()])));
        let given = |term, text: &Option<String>| text.clone().map(|text| self.fact(term, text));
        facts.extend(given(w::life::OUTSIDE_NUMBER, &alert.external_number));
        facts.extend(given(w::shared::LETTER, &alert.letter_number));
        facts.extend(given(w::shared::REPLY_BY, &alert.reply_by));
        facts
    }

    /// Who has it, and what was found.
    fn work(&self) -> Vec<Fact> {
        let alert = self.alert();
        let mut facts = Vec::new();
        facts.extend(alert.assigned_to.clone().map(|name| self.fact(w::life::DISPATCHED_TO, name)));
        match self.last(ActKind::Report) {
            Some((event, done)) => facts.extend(self.finding(event, &done)),
            // What was taken over from a merged alert stands in the row alone.
            _ => facts.extend(alert.finding.map(|kind| self.fact(w::life::FINDING, self.lang.say(kind.label())))),
        }
        facts.extend(alert.review.map(|review| {
            let by = self.last(ActKind::Review).map(|(event, done)| self.by(event, &done)).unwrap_or_default();
            let words = self.lang.say(review.label()).to_owned();
            Fact { is_warning: review == Review::SentBack, ..self.fact(w::shared::REVIEW, Self::join([words, by])) }
        }));
        facts
    }

    fn finding(&self, event: &AlertEventRow, done: &ActEvent) -> Option<Fact> {
        let Act::Report { finding } = &done.act else { return None };
        let put_out = finding.put_out_at.map(|at| format!("{} {}", self.lang.say(w::life::PUT_OUT), self.local(at)));
        let photos = w::life::photos(finding.photos.len()).of(self.lang);
        let line = finding_line(finding, self.lang);
        let parts = [line, put_out.unwrap_or_default(), photos, self.by(event, done)];
        Some(self.fact(w::life::FINDING, Self::join(parts)))
    }

    /// Rectification, closing, look-back.
    fn outcome(&self) -> Vec<Fact> {
        let alert = self.alert();
        let mut facts = Vec::new();
        if alert.rectify_by.is_some() || alert.document_number.is_some() {
            let until = alert.rectify_by.as_ref().map(|day| format!("{}{day}", self.lang.say(w::life::UNTIL)));
            let document = alert.document_number.as_ref().map(|n| format!("{}{n}", self.lang.say(w::life::DOCUMENT)));
            let text = Self::join([until.unwrap_or_default(), document.unwrap_or_default()]);
            facts.push(self.fact(w::life::RECTIFICATION, text));
        }
        if let Some((event, done)) = self.last(ActKind::Rectified)
            && let Act::Rectified { result, handed_over_to } = &done.act
        {
            let handed = handed_over_to.as_ref().map(|to| format!("{}{to}", self.lang.say(w::life::HANDED_TO)));
            let text = Self::join([result.clone(), handed.unwrap_or_default(), self.by(event, &done)]);
            facts.push(self.fact(w::life::RECTIFIED, text));
        }
        facts.extend(alert.closed_at.map(|at| self.fact(w::life::CLOSED, self.local(at))));
        if let Some((event, done)) = self.last(ActKind::LookBack)
            && let Act::LookBack { is_clean } = done.act
        {
            let text = Self::join([look_back(is_clean, self.lang).to_owned(), self.by(event, &done)]);
            facts.push(Fact { is_warning: !is_clean, ..self.fact(w::life::LOOK_BACK, text) });
        }
        facts
    }

    /// What somebody should look at.
    fn cautions(&self) -> Vec<Fact> {
        let alert = self.alert();
        let mut facts = Vec::new();
        let warning = |fact: Fact| Fact { is_warning: true, ..fact };
        if alert.is_disputed {
            let proposed = alert.proposed_code.as_ref().map(|code| unit_name(self.ground, code, self.lang));
            let text = w::life::dispute_waits(&proposed.unwrap_or_default()).of(self.lang);
            facts.push(warning(self.fact(w::life::DISPUTE, text)));
        }
        facts.extend(alert.undelivered_at.map(|at| warning(self.fact(w::shared::UNDELIVERED_HEAD, self.local(at)))));
        if let Some(desk) = &alert.escalated_to {
            let told = self.detail.events.iter().rfind(|event| event.kind == "escalated");
            let duty = told.and_then(|event| on_duty(event, self.lang)).unwrap_or_default();
            let at = told.map(|event| self.local(event.at)).unwrap_or_default();
            let text = Self::join([unit_name(self.ground, desk, self.lang), duty, at]);
            facts.push(self.fact(w::life::ESCALATED_TO, text));
        }
        if let Some(earlier) = &alert.rekindles {
            let text = self.lang.say(w::life::REKINDLED_FROM);
            facts.push(Fact { alert: Some(earlier.0.clone()), ..self.fact(w::life::REKINDLING, text) });
        }
        facts.extend(self.land_cover());
        facts
    }

    fn land_cover(&self) -> Vec<Fact> {
        let shares = &self.alert().land_cover;
        let share = |cover: &crate::domain::landcover::CoverShare| {
            let class = self.lang.say(cover.class.label());
            format!("{class} {}", percent_text(cover.share))
        };
        let line: Vec<_> = shares.iter().map(share).collect();
        let mut facts = Vec::new();
        if !line.is_empty() {
            facts.push(self.fact(w::life::LAND_COVER, line.join(self.lang.say(w::shared::LIST_COMMA))));
        }
        facts.extend(not_straw_ground(shares).map(|leading| Fact {
            is_warning: true,
            ..self.fact(w::life::GROUND_HINT, not_straw(leading).of(self.lang))
        }));
        facts
    }

    fn clock(&self, clock: &DeadlineRow) -> ClockLine {
        let (state, words) = clock_state(clock, self.alert().undelivered_at, self.lang);
        let unit = unit_name(self.ground, &clock.unit_code, self.lang);
        let whose = match (&clock.person, clock.step) {
            (Some(person), _) => format!("{unit} {person}"),
            (None, 0) => unit,
            (None, _) => format!("{unit}{}", self.lang.say(w::life::ESCALATED)),
        };
        // Without the year, as in the table of detections: on a phone the state must stay in sight.
        let short = |at| self.ground.data().time_zone.to_datetime(at).strftime("%m-%d %H:%M").to_string();
        ClockLine {
            kind: self.lang.say(clock.kind.label()),
            whose,
            due: clock.due_at.map(short),
            state,
            state_words: words,
            ended: clock.ended_at.map(short),
        }
    }
}
