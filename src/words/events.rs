//! What happens to accounts and plans, as the log is read.

use super::{Label, Lang, Words, words};
use crate::domain::event_kind::{AccountEvent, PlanEventKind};

impl Label for AccountEvent {
    fn label(self) -> Words {
        match self {
            Self::Added => words("建立账号", "account made"),
            Self::Disabled => words("停用账号", "account disabled"),
            Self::Enabled => words("启用账号", "account enabled"),
            Self::RoleChanged => words("更改角色", "role changed"),
            Self::PasswordSet => words("设置密码", "password set"),
            Self::LinkMade => words("生成个人登录链接", "sign-in link made"),
            Self::TokenAdded => words("建立访问令牌", "token made"),
            Self::TokenEnded => words("停用访问令牌", "token ended"),
            Self::SignedIn => words("登录", "signed in"),
            Self::SessionEnded => words("让设备退出", "device ended"),
            Self::SecondStepSet => words("设置两步验证", "second step set up"),
            Self::SecondStepRemoved => words("取消两步验证", "second step removed"),
            Self::RecoveryCodeUsed => words("使用恢复码登录", "came in by a recovery code"),
            Self::BrowsersForgotten => words("清除熟悉的浏览器", "known browsers forgotten"),
            Self::AlertsExported => words("导出告警清单", "alerts exported"),
            Self::PlansExported => words("导出烧除计划", "plans exported"),
            Self::PeopleListed => words("导出责任清单", "responsibility list taken"),
            Self::OriginalTaken => words("下载照片原件", "original of a photo taken"),
        }
    }
}

impl Label for PlanEventKind {
    fn label(self) -> Words {
        match self {
            Self::Applied => words("申请", "applied"),
            Self::Approved => words("批准", "approved"),
            Self::Refused => words("不予批准", "refused"),
            Self::Ordered => words("下达当日烧除指令", "ordered"),
            Self::OrderTakenBack => words("撤回指令", "order taken back"),
            Self::Lit => words("点火", "lit"),
            Self::Done => words("完成", "done"),
            Self::Withdrawn => words("撤回计划", "withdrawn"),
            Self::Received => words("由区域文件收到", "received"),
            Self::Changed => words("内容变更", "changed"),
            Self::Imported => words("导入", "imported"),
        }
    }
}

/// What happened to a burn plan; a word that this version does not know stays as it is.
#[must_use]
pub fn plan_event(kind: &str, lang: Lang) -> String {
    PlanEventKind::from_name(kind).map_or(kind, |kind| lang.say(kind.label())).to_owned()
}
