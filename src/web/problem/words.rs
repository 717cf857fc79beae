//! Which words a problem is told in: what happened, and what to do now. Causes go to the log, never to a page.

use super::Problem;
use crate::media::PhotoError;
use crate::store::{self, AccountError, ActError, AddError};
use crate::words::problems::{self, advice};
use crate::words::{Label, Lang, Say, Sentence};

impl Problem {
    /// What happened, in plain words.
    pub fn happened(&self, lang: Lang) -> String {
        self.said().of(lang)
    }

    fn said(&self) -> Sentence {
        if let Some(store::Error::Gone { .. }) = self.of_store() {
            return problems::DATABASE_MOVED.into();
        }
        if self.is_disk_refusal() {
            return problems::DISK_FULL.into();
        }
        match self {
            Self::BadDate { source, .. } => problems::not_a_date(&source.text),
            Self::EmptySpan => problems::EMPTY_SPAN.into(),
            Self::UnknownCounty(code) => problems::unknown_county(code),
            Self::UnknownAlert(number) => problems::unknown_alert(number),
            Self::UnknownFeature(id) => problems::unknown_feature(id),
            Self::UnknownPage(_) => problems::NO_PAGE.into(),
            Self::WrongMethod => problems::WRONG_METHOD.into(),
            Self::NoMap => problems::NO_MAP.into(),
            Self::Crowded(_) | Self::Store(store::Error::Crowded(_)) => problems::CROWDED.into(),
            Self::Store(_) => problems::DATABASE_UNREADABLE.into(),
            Self::Media(_) => problems::FILE_UNREADABLE.into(),
            Self::Render(_) | Self::Encode(_) => problems::PAGE_FAILED.into(),
            Self::SignIn => problems::NOT_SIGNED_IN.into(),
            Self::UnitRemoved(unit) => problems::unit_is_gone(unit),
            Self::NotForRole(role) => problems::not_for_role(role.label()),
            Self::ForeignUnit(unit) => problems::foreign_unit(unit),
            Self::OnlyReads => problems::ONLY_READS.into(),
            Self::NotYourName(name) => problems::not_your_name(name),
            Self::NotByProgram => problems::NOT_BY_PROGRAM.into(),
            Self::SetUpFirst => problems::SET_UP_FIRST.into(),
            Self::CrossSite => problems::CROSS_SITE.into(),
            Self::WrongHost => problems::WRONG_HOST.into(),
            Self::NotThroughProxy => problems::NOT_THROUGH_PROXY.into(),
            Self::DeadLink => problems::DEAD_LINK.into(),
            Self::Account(AccountError::Store(_)) | Self::Credentials(_) => problems::ACCOUNTS_FAILED.into(),
            Self::BadParameter { name, value, expected } => problems::bad_parameter(name, value, expected),
            Self::UnknownParameter { name, .. } => problems::unknown_parameter(name),
            Self::Refused(refused) => refused.why.clone(),
            Self::Form(why) => why.clone(),
            Self::BadBody(why) => problems::unreadable_body(why),
            // Causes inside are only for the log.
            Self::Act(ActError::Store(_))
            | Self::Add(AddError::Store(_))
            | Self::Photo(PhotoError::Media(_))
            | Self::Interrupted => problems::NOT_WRITTEN.into(),
            // These say it in both languages themselves.
            Self::Spent(spent) => spent.say(),
            Self::Account(problem) => problem.say(),
            Self::Actor(problem) => problem.say(),
            Self::Act(problem) => problem.say(),
            Self::Add(problem) => problem.say(),
            Self::Photo(problem) => problem.say(),
        }
    }

    /// What to do now.
    pub fn advice(&self, lang: Lang) -> String {
        match self {
            _ if self.is_disk_refusal() => advice::FREE_THE_DISK.into(),
            Self::UnknownParameter { known, .. } => advice::known_parameters(known),
            Self::BadDate { .. } => advice::WRITE_A_DATE.into(),
            Self::EmptySpan => advice::SWAP_DATES.into(),
            Self::UnknownCounty(_) => advice::COUNTY_CODES.into(),
            Self::UnknownAlert(_) => advice::CHECK_NUMBER.into(),
            Self::UnknownFeature(_) => advice::READ_AGAIN.into(),
            Self::UnknownPage(_) => advice::CHECK_ADDRESS.into(),
            Self::WrongMethod => advice::ALLOWED_METHODS.into(),
            Self::NoMap => advice::CHECK_REGION.into(),
            Self::SignIn => advice::SEND_A_TOKEN.into(),
            Self::UnitRemoved(_) => advice::ANOTHER_UNIT.into(),
            Self::NotForRole(_) | Self::OnlyReads | Self::ForeignUnit(_) => advice::ASK_ADMINISTRATOR.into(),
            Self::NotYourName(_) => advice::LEAVE_AS_OUT.into(),
            Self::NotByProgram => advice::ON_A_PAGE.into(),
            Self::SetUpFirst => advice::SET_UP_SECOND_STEP.into(),
            Self::CrossSite => advice::FROM_OUR_PAGE.into(),
            Self::WrongHost => advice::PUBLISHED_ADDRESS.into(),
            Self::NotThroughProxy => advice::PUBLIC_ADDRESS.into(),
            Self::DeadLink => advice::NEW_LINK.into(),
            Self::BadParameter { .. } => advice::PARAMETER_HELP.into(),
            Self::BadBody(_) => advice::FIELD_HELP.into(),
            Self::Actor(_) => advice::NAME_AT_UNIT.into(),
            Self::Crowded(_) | Self::Store(store::Error::Crowded(_)) => advice::IN_SECONDS.into(),
            Self::Account(AccountError::Store(_)) => advice::IN_A_MOMENT.into(),
            Self::Act(_)
            | Self::Add(_)
            | Self::Photo(_)
            | Self::Refused(_)
            | Self::Form(_)
            | Self::Spent(_)
            | Self::Account(_) => advice::NOTHING_CHANGED.into(),
            Self::Store(_)
            | Self::Media(_)
            | Self::Render(_)
            | Self::Encode(_)
            | Self::Interrupted
            | Self::Credentials(_) => Sentence::from(advice::TELL_OPERATOR),
        }
        .of(lang)
    }
}
