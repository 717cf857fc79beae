//! The word for each value of the enums that people read: one line a value, and none may be missing.

use super::{Label, Words, words};
use crate::domain::account;
use crate::domain::alert::ActKind;
use crate::domain::alert::{AlertSource, AlertState};
use crate::domain::burning::PlanAct;
use crate::domain::chain::Seat;
use crate::domain::clock::ClockKind;
use crate::domain::clock_trust::DoubtReason;
use crate::domain::detection::Origin;
use crate::domain::finding::{FindingKind, Review};
use crate::domain::freshness::Freshness;
use crate::domain::heat_approval::HeatStanding;
use crate::domain::heat_source::HeatSourceKind;
use crate::domain::landcover::CoverClass;
use crate::domain::observation::DayNight;
use crate::domain::plan::PlanStatus;
use crate::domain::unit::{Role, UnitLevel};
use crate::domain::verdict::Verdict;
use crate::domain::zone::ZoneClass;

macro_rules! labels {
    ($($name:ty { $($value:ident => $zh:literal, $en:literal;)+ })+) => { $(
        impl Label for $name {
            fn label(self) -> Words {
                match self { $(Self::$value { .. } => words($zh, $en)),+ }
            }
        }
    )+ };
}

labels! {
    Verdict {
        Banned => "禁烧区火点", "in the burn-ban zone";
        OffPlan => "未按计划烧除", "not as planned";
        Unplanned => "限烧区计划外焚烧", "limited ground, no plan";
        Planned => "计划烧除", "planned burning";
        HeatSource => "固定热源", "fixed heat source";
        Unzoned => "未划定区域", "no rule in force";
        Neighbour => "市外邻近", "outside the city, nearby";
    }
    AlertState {
        Open => "待签收", "not yet acknowledged";
        Acknowledged => "已签收", "acknowledged";
        OnSite => "已到场", "on site";
        Reported => "已反馈", "reported, awaiting review";
        Confirmed => "已认定", "confirmed";
        Rectifying => "整改中", "being rectified";
        Excluded => "已排除", "excluded";
        Closed => "已销号", "closed";
        LookbackDue => "待回头看", "look-back due";
        LookedBack => "已回头看", "looked back on";
    }
    AlertSource {
        Satellite => "卫星", "satellite";
        Patrol => "自查上报", "found on patrol";
        Video => "视频监控", "video";
        Inspection => "督查发现", "inspection";
        Complaint => "举报信访", "complaint";
        Official => "上级通报", "official list";
        Problem => "问题线索", "problem";
    }
    ActKind {
        Dispatch => "派单", "dispatch";
        Acknowledge => "签收", "acknowledge";
        Arrive => "到场", "arrive";
        PutOut => "扑灭", "put out";
        Report => "反馈", "report";
        Review => "审核", "review";
        Rectify => "下达整改", "order rectification";
        Rectified => "整改结果", "give the result of rectification";
        Close => "销号", "close";
        LookBack => "回头看", "look back";
        Dispute => "提出归属异议", "dispute";
        Decide => "裁定异议", "decide the dispute";
        Reassign => "改派", "reassign";
        Call => "电话记录", "note a call";
        Merge => "合并", "merge";
        Split => "拆分", "split";
        Keep => "保留为独生成告警件", "keep as an alert of its own";
    }
    ClockKind {
        Acknowledge => "签收", "acknowledge";
        OnSite => "到场", "on site";
        PutOut => "扑灭", "put out";
        Report => "反馈", "report";
        Review => "审核", "review";
        Rectify => "整改", "rectify";
        LookBack => "回头看", "look back";
        Decide => "裁定", "decide";
        Reply => "答复", "reply";
    }
    FindingKind {
        Straw => "秸秆", "straw";
        Stubble => "根茬、残茬", "stubble or residue";
        Weeds => "杂草、落叶", "weeds or leaves";
        Rubbish => "垃圾", "rubbish";
        Ritual => "祭祀用火", "ritual fire";
        PlannedBurn => "计划烧除", "planned burn";
        ForestGrass => "林草火情", "forest or grass";
        IndustrialSource => "固定工业热源", "fixed industrial source";
        Reflection => "反光等误报", "reflection";
        BurntOut => "已烧过（有过火痕迹）", "burnt out, scar seen";
        NothingFound => "未发现火点", "nothing found";
        CouldNotReach => "未能到达", "could not reach";
    }
    Review {
        Confirmed => "认定", "confirmed";
        Excluded => "排除", "excluded";
        SentBack => "退回补充", "sent back";
    }
    account::Role {
        Inspector => "网格员", "inspector";
        Village => "村级", "village";
        Township => "乡镇级", "township";
        County => "县级", "county";
        City => "市级", "city";
        Admin => "管理员", "administrator";
        Viewer => "只读", "viewer";
    }
    CoverClass {
        Cropland => "耕地", "cropland";
        Grass => "草地", "grassland";
        Forest => "林地", "forest";
        Wetland => "湿地", "wetland";
        BuiltUp => "建设用地", "built-up land";
        Water => "水域", "water";
        Other => "其他土地", "other land";
    }
    Freshness {
        Fresh => "正常", "fresh";
        Late => "延迟", "late";
        Partial => "不完整", "partial";
        Stale => "中断", "stale";
        Refused => "被拒绝", "refused";
        Unknown => "未知", "unknown";
        NotRecorded => "未能记录", "not recorded";
    }
    DoubtReason {
        ServerDate => "与数据源服务器的时间不符", "the servers of the feeds say another time";
        Certificate => "数据源服务器的证书按本机时间不在有效期内，且本机时间与此前记录相差过大", "by this clock the certificates of the feeds' servers are not valid, and it is far from what was recorded";
        Recorded => "早于已记录的时间", "later times were recorded already";
        FutureRows => "数据源的大多数记录晚于本机时间", "most rows of a feed lie in its future";
        Jumped => "本机时间突然跳变", "it jumped";
    }
    PlanStatus {
        Applied => "已申请", "applied";
        Approved => "已批准", "approved";
        Refused => "未批准", "refused";
        Ordered => "已下令", "ordered";
        Lit => "已点火", "lit";
        Done => "已完成", "done";
        Withdrawn => "已撤回", "withdrawn";
    }
    PlanAct {
        Approve => "批准", "approve";
        Refuse => "不予批准", "refuse";
        Order => "下达当日烧除指令", "order";
        TakeBack => "撤回指令", "take back an order";
        Light => "点火", "light";
        Finish => "完成", "report done";
        Withdraw => "撤回计划", "withdraw";
    }
    HeatSourceKind {
        Flare => "火炬", "flare";
        Kiln => "窑炉", "kiln";
        Plant => "工厂", "plant";
        Solar => "光伏", "solar";
        Landfill => "填埋场", "landfill";
        Other => "其他", "other";
    }
    HeatStanding {
        ExpiresSoon => "即将到期", "expires soon";
        InForce => "有效", "in force";
        NotYet => "未生效", "not yet in force";
        Expired => "已到期", "expired";
        Ended => "已终止", "ended";
    }
    UnitLevel {
        City => "市", "city";
        County => "县区", "county";
        Township => "乡镇", "township";
        Village => "村", "village";
        Hamlet => "屯", "hamlet";
        Grid => "网格", "grid cell";
    }
    Role {
        Head => "负责人", "head";
        Sponsor => "包保责任人", "sponsor";
        Inspector => "网格员", "inspector";
        Deputy => "副职", "deputy";
    }
    Seat {
        Officer => "值班员", "duty officer";
        Leader => "带班领导", "duty leader";
        Head => "负责人", "head";
        Sponsor => "包保责任人", "sponsor";
        Inspector => "网格员", "inspector";
        Deputy => "副职", "deputy";
    }
    ZoneClass {
        Ban => "禁烧区", "burn-ban zone";
        Limited => "限烧区", "burn-limited zone";
    }
    Origin {
        Live => "实时", "live";
        Late => "滞后数据（超过24小时）", "late data (over 24 h)";
        History => "历史数据", "archive";
    }
    DayNight {
        Day => "白天", "day";
        Night => "夜间", "night";
    }
}

/// A level before the word for rank, as in 县级.
#[must_use]
pub fn level_zh(level: UnitLevel) -> &'static str {
    if level == UnitLevel::County { "县" } else { level.label().zh }
}
