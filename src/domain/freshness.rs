//! Whether a feed can be believed when it shows nothing: silence is an alarm.
//!
//! Judged by the newest acquisition in the feed's content, never by HTTP headers or by the
//! fact that it answered. No pass prediction yet: the thresholds are configured hours.

use serde::{Deserialize, Serialize};

use super::time::{SignedDuration, Timestamp};

/// How far a feed can be believed, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Freshness {
    /// 正常: its newest acquisition is recent.
    Fresh,
    /// 延迟: older than usual.
    Late,
    /// 中断: so old that "no point" says nothing.
    Stale,
    /// 被拒: the server refuses us.
    Refused,
    /// 未知: it never gave a readable body.
    Unknown,
}

impl Freshness {
    /// The word used in API and metrics.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Late => "late",
            Self::Stale => "stale",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }

    /// The word people read.
    #[must_use]
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Fresh => "正常",
            Self::Late => "延迟",
            Self::Stale => "中断",
            Self::Refused => "被拒绝",
            Self::Unknown => "未知",
        }
    }

    /// Whether people must be warned that "no point" may not mean "no fire".
    #[must_use]
    pub fn is_alarming(self) -> bool {
        self != Self::Fresh
    }
}

/// What is known of a feed.
#[derive(Debug, Clone, Copy, Default)]
pub struct FeedSigns {
    /// Newest acquisition ever seen in it.
    pub newest_acquired_at: Option<Timestamp>,
    /// The last poll was refused.
    pub is_refused: bool,
}

/// Hours after which a feed is late and stale.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Late above this age of the newest acquisition.
    pub late_after: SignedDuration,
    /// Stale above this age.
    pub stale_after: SignedDuration,
}

/// Judges a feed at a moment.
#[must_use]
pub fn freshness(signs: FeedSigns, patience: Patience, now: Timestamp) -> Freshness {
    let age = signs.newest_acquired_at.map(|newest| now.duration_since(newest));
    match age {
        _ if signs.is_refused => Freshness::Refused,
        None => Freshness::Unknown,
        Some(age) if age > patience.stale_after => Freshness::Stale,
        Some(age) if age > patience.late_after => Freshness::Late,
        Some(_) => Freshness::Fresh,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn age_of_the_newest_acquisition_decides_and_a_refusal_comes_first() {
        let now: Timestamp = "2026-04-13T12:00:00Z".parse().unwrap();
        let patience =
            Patience { late_after: SignedDuration::from_hours(12), stale_after: SignedDuration::from_hours(24) };
        let judge = |minutes: Option<i64>, is_refused| {
            let newest_acquired_at = minutes.map(|m| now - SignedDuration::from_mins(m));
            freshness(FeedSigns { newest_acquired_at, is_refused }, patience, now)
        };
        assert_eq!(judge(None, false), Freshness::Unknown);
        assert_eq!(judge(Some(720), false), Freshness::Fresh);
        assert_eq!(judge(Some(721), false), Freshness::Late);
        assert_eq!(judge(Some(1440), false), Freshness::Late);
        assert_eq!(judge(Some(1441), false), Freshness::Stale);
        assert_eq!(judge(Some(1), true), Freshness::Refused);
    }
}
