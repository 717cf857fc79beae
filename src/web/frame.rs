//! What stands round every page: language, links, and the warnings that no page may hide.

use super::ask::Ask;
use super::coverage::{Feed, feeds};
use super::nav::{NavLink, links};
use super::{Web, assets};
use crate::domain::time::Date;
pub(super) use crate::words::local;
use crate::words::{Label, Lang, Words, doubt_text, pages as w, unit_name};

/// A feed that people must be warned of.
pub(super) struct Alarm {
    /// The feed.
    pub feed: String,
    /// Its state in words.
    pub state: &'static str,
    /// Why.
    pub why: String,
}

/// Who is in, as the head of the page says it.
pub(super) struct Who {
    /// The account, for what the phone keeps until there is a network.
    pub account: i64,
    /// The name in the log.
    pub person: String,
    /// What the account is for.
    pub role_words: &'static str,
    /// The unit it stands for.
    pub unit: String,
}

/// The frame of a page.
#[expect(clippy::struct_excessive_bools, reason = "each is one banner that a page has or has not")]
pub(super) struct Frame {
    /// Language of the page.
    pub lang: Lang,
    /// This page in the other language.
    pub other_lang_href: String,
    /// Reference of this request.
    pub request_id: String,
    /// Name of the region.
    pub region: String,
    /// When the page was made, local.
    pub now: String,
    /// The fires are simulated.
    pub simulated: bool,
    /// Units or zones are not the official ones.
    pub approximate: bool,
    /// Maps have no review number.
    pub unreviewed: bool,
    /// Feeds that cannot be fully believed.
    pub alarms: Vec<Alarm>,
    /// What is wrong with this machine's clock.
    pub clock: Option<String>,
    /// How many faults keep the region files from being taken up; said to whoever answers for the whole region.
    pub region_faults: usize,
    /// The state of the feeds could not even be read.
    pub feeds_unreadable: bool,
    /// The database is damaged.
    pub is_damaged: bool,
    /// The program was built with its scripts.
    pub has_scripts: bool,
    /// A sign-in link that somebody else made lately for whoever is in.
    pub link_made: Option<String>,
    /// Who is in.
    pub who: Option<Who>,
    /// Where he may go.
    pub nav: Vec<NavLink>,
    ask: Ask,
}

impl Frame {
    /// The frame of a page that has not read the feeds itself.
    pub async fn of(web: &Web, ask: &Ask) -> Self {
        match feeds(web).await {
            Ok(feeds) => Self::with_feeds(web, ask, &feeds),
            Err(error) => {
                tracing::error!(cause = %error, "the state of the feeds cannot be read");
                Self { feeds_unreadable: true, ..Self::with_feeds(web, ask, &[]) }
            }
        }
    }

    /// The frame of a page that has read the feeds.
    pub fn with_feeds(web: &Web, ask: &Ask, feeds: &[Feed]) -> Self {
        let (ground, now, lang) = (web.ground(), web.now(), ask.lang);
        let data = ground.data();
        let alarms = feeds.iter().filter(|feed| feed.freshness.is_alarming()).map(|feed| Alarm {
            feed: feed.state.id.clone(),
            state: lang.say(feed.freshness.label()),
            why: feed.why(web, lang),
        });
        Self {
            lang,
            other_lang_href: ask.here_in(lang.other()),
            request_id: ask.id.clone(),
            region: named(lang, &data.name, data.name_en.as_deref()).to_owned(),
            now: local(&ground, now),
            simulated: web.site.simulated,
            approximate: data.units.iter().any(|unit| unit.approximate)
                || data.zones.iter().any(|zone| zone.approximate),
            unreviewed: data.map_review_number.is_none(),
            alarms: alarms.collect(),
            clock: web.clock_doubt().map(|doubt| doubt_text(doubt, lang)),
            region_faults: match &ask.visitor {
                Some(me) if me.sees_everything().is_ok() => web.site.vitals.region_faults().len(),
                _ => 0,
            },
            feeds_unreadable: false,
            is_damaged: web.site.health.soundness.damage().is_some(),
            has_scripts: assets::has("phone.js"),
            link_made: ask.visitor.as_ref().and_then(|me| me.account.link_by_another(now)).map(|link| {
                let at = local(&ground, link.at);
                w::frame::link_made_by(&link.by, &at).of(lang)
            }),
            who: ask.visitor.as_ref().map(|me| Who {
                account: me.account.id,
                person: me.account.person.clone(),
                role_words: lang.say(me.account.role.label()),
                unit: unit_name(&ground, &me.account.unit_code, lang),
            }),
            nav: ask.visitor.as_ref().map(|me| links(me.account.role, ask)).unwrap_or_default(),
            ask: ask.clone(),
        }
    }

    /// The words of the page's language.
    pub fn say(&self, words: Words) -> &'static str {
        self.lang.say(words)
    }

    /// An address of this site that keeps the chosen language.
    pub fn href(&self, path: &str) -> String {
        self.ask.href(path)
    }

    /// The address that a form is sent to.
    pub fn action(&self, path: &str) -> String {
        self.href(path)
    }

    /// The address of an alert.
    pub fn alert_href(&self, number: &str) -> String {
        self.href(&format!("/alerts/{number}"))
    }

    /// The address of a day's map by itself.
    pub fn map_href(&self, day: Date) -> String {
        self.href(&format!("/map.svg?date={day}"))
    }
}

/// What a part of a page needs of its frame: words and addresses in the language of the request.
pub(super) struct PartFrame<'a>(pub &'a Ask);

impl PartFrame<'_> {
    /// As [`Frame::say`].
    pub fn say(&self, words: Words) -> &'static str {
        self.0.lang.say(words)
    }

    /// As [`Frame::alert_href`].
    pub fn alert_href(&self, number: &str) -> String {
        self.0.href(&format!("/alerts/{number}"))
    }
}

/// A name in a language; the Chinese one where there is no English one.
pub(super) fn named<'a>(lang: Lang, zh: &'a str, en: Option<&'a str>) -> &'a str {
    lang.name(zh, en)
}
