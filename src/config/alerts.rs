//! The part of the configuration that alerts are worked by: review, clocks, escalation, the log's head.

use std::path::PathBuf;

use serde::Deserialize;

use crate::domain::alert::ReviewRules;
use crate::domain::clock::{Ceilings, ClockKind, ClockRule, ClockRules, QuietHours};
use crate::domain::unit::UnitLevel;
use crate::domain::verdict::Verdict;

/// `[review]`
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReviewConfig {
    /// Reviews findings of fires in the ban zone.
    pub banned: UnitLevel,
    /// Reviews "nothing found", "could not reach" and "reflection".
    pub nothing_found: UnitLevel,
    /// Reviews the rest.
    pub others: UnitLevel,
}

/// `[clocks]`
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClocksConfig {
    /// To acknowledge, from delivery.
    pub acknowledge_minutes: u32,
    /// To be on site, from delivery.
    pub on_site_minutes: u32,
    /// To put it out, from arrival.
    pub put_out_minutes: u32,
    /// To report, from delivery.
    pub report_minutes: u32,
    /// To review, from the report.
    pub review_hours: u32,
    /// To decide a dispute.
    pub decide_hours: u32,
    /// To rectify, where the order names no day.
    pub rectify_days: u32,
    /// From closing until the look-back is due.
    pub look_back_days: u32,
    /// Local hours in which persons' clocks rest, `HH:MM..HH:MM`; empty for none.
    pub quiet_hours: String,
    /// Exceptions; the last that fits speaks.
    pub rule: Vec<ClockRuleConfig>,
}

/// `[[clocks.rule]]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockRuleConfig {
    /// Which clock.
    pub clock: ClockKind,
    /// For units of this level only.
    pub level: Option<UnitLevel>,
    /// For alerts of this verdict only.
    pub verdict: Option<Verdict>,
    /// Minutes.
    pub minutes: u32,
}

/// `[escalation]`
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EscalationConfig {
    /// Highest level woken for a fire in the ban zone.
    pub banned: UnitLevel,
    /// For the others.
    pub others: UnitLevel,
    /// For a single pixel of low confidence.
    pub low_confidence: UnitLevel,
}

/// `[audit]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuditConfig {
    /// File that heads of the log are appended to; best on another machine's disk.
    pub heads: Option<PathBuf>,
    /// File with the key that the record is sealed with; made where there is none. Beside the database if left out.
    pub key: Option<PathBuf>,
}

impl Default for ReviewConfig {
    fn default() -> Self {
        let ReviewRules { banned, nothing_found, others } = ReviewRules::default();
        Self { banned, nothing_found, others }
    }
}

impl ReviewConfig {
    pub(super) fn rules(&self) -> ReviewRules {
        ReviewRules { banned: self.banned, nothing_found: self.nothing_found, others: self.others }
    }
}

impl Default for EscalationConfig {
    fn default() -> Self {
        let Ceilings { banned, others, low_confidence } = Ceilings::default();
        Self { banned, others, low_confidence }
    }
}

impl Default for ClocksConfig {
    fn default() -> Self {
        let minutes = ClockKind::default_minutes;
        Self {
            acknowledge_minutes: minutes(ClockKind::Acknowledge),
            on_site_minutes: minutes(ClockKind::OnSite),
            put_out_minutes: minutes(ClockKind::PutOut),
            report_minutes: minutes(ClockKind::Report),
            review_hours: minutes(ClockKind::Review) / 60,
            decide_hours: minutes(ClockKind::Decide) / 60,
            rectify_days: minutes(ClockKind::Rectify) / (24 * 60),
            look_back_days: minutes(ClockKind::LookBack) / (24 * 60),
            quiet_hours: String::new(),
            rule: Vec::new(),
        }
    }
}

impl ClocksConfig {
    /// The quiet hours, where there are any that can be read.
    #[must_use]
    pub fn quiet_hours(&self) -> Option<QuietHours> {
        QuietHours::parse(&self.quiet_hours)
    }

    pub(super) fn rules(&self, escalation: &EscalationConfig) -> ClockRules {
        let hours = |hours: u32| hours.saturating_mul(60);
        let days = |days: u32| days.saturating_mul(24 * 60);
        let general = [
            (ClockKind::Acknowledge, self.acknowledge_minutes),
            (ClockKind::OnSite, self.on_site_minutes),
            (ClockKind::PutOut, self.put_out_minutes),
            (ClockKind::Report, self.report_minutes),
            (ClockKind::Review, hours(self.review_hours)),
            (ClockKind::Decide, hours(self.decide_hours)),
            (ClockKind::Rectify, days(self.rectify_days)),
            (ClockKind::LookBack, days(self.look_back_days)),
        ];
        let general =
            general.into_iter().map(|(kind, minutes)| ClockRule { kind, level: None, verdict: None, minutes });
        let exceptions = self.rule.iter().map(|rule| ClockRule {
            kind: rule.clock,
            level: rule.level,
            verdict: rule.verdict,
            minutes: rule.minutes,
        });
        ClockRules {
            rules: general.chain(exceptions).collect(),
            quiet_hours: self.quiet_hours(),
            ceilings: Ceilings {
                banned: escalation.banned,
                others: escalation.others,
                low_confidence: escalation.low_confidence,
            },
        }
    }
}
