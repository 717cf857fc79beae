//! The Chinese words of the operator's files: heads of columns as offices write them, and names that are written into files.

/// What stands in a column, so that the same value is the same text however it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// A person's name.
    Name,
    Phone,
    Date,
    Time,
    EndTime,
    /// A date and time.
    Local,
    Number,
}

/// A column of the contract.
pub(super) struct Column {
    pub name: &'static str,
    pub kind: Kind,
    /// Its Chinese heads, without blanks and marks and with narrow brackets. A head counts only for columns that the
    /// file may have, so the same word may stand for two of them.
    pub chinese: &'static [&'static str],
}

const fn column(name: &'static str, kind: Kind, chinese: &'static [&'static str]) -> Column {
    Column { name, kind, chinese }
}

/// The columns of every table.
pub(super) const COLUMNS: &[Column] = &[
    // people, duty
    column("unit_code", Kind::Text, &["单位代码", "单位编码", "责任单位代码"]),
    column("name", Kind::Name, &["姓名", "名称"]),
    column("role", Kind::Text, &["职责", "责任类别"]),
    column("post", Kind::Text, &["职务"]),
    column("employer", Kind::Text, &["工作单位", "所在单位"]),
    column("phone", Kind::Phone, &["电话", "联系电话", "手机", "手机号", "手机号码", "值班电话"]),
    column("email", Kind::Text, &["邮箱", "电子邮箱"]),
    column("wecom_id", Kind::Text, &["企业微信", "企业微信账号"]),
    column("dingtalk_id", Kind::Text, &["钉钉", "钉钉账号"]),
    column("feishu_id", Kind::Text, &["飞书", "飞书账号"]),
    column("valid_from", Kind::Date, &["生效日期", "任职日期", "起始日期"]),
    column("valid_to", Kind::Date, &["失效日期", "离任日期", "截止日期"]),
    column("date", Kind::Date, &["日期", "值班日期"]),
    column("from", Kind::Time, &["开始时间", "起始时间"]),
    column("to", Kind::EndTime, &["结束时间", "截止时间"]),
    column("leader", Kind::Name, &["带班领导"]),
    column("officer", Kind::Name, &["值班员", "值班人员"]),
    // burning policy
    column("level", Kind::Number, &["等级", "焚烧气象等级", "烧除气象等级"]),
    column("plan_id", Kind::Text, &["计划编号"]),
    column("window_start", Kind::Local, &["烧除开始时间", "计划开始时间", "开始时间"]),
    column("window_end", Kind::Local, &["烧除结束时间", "计划结束时间", "结束时间"]),
    // The unit has to be in the head: hectares are written in such tables too.
    column("area_mu", Kind::Number, &["面积(亩)", "计划面积(亩)", "烧除面积(亩)"]),
    column("responsible", Kind::Name, &["责任人", "现场责任人", "烧除责任人"]),
    column("approver", Kind::Name, &["批准人", "审批人"]),
    column("approved_at", Kind::Local, &["批准时间", "审批时间"]),
    column("status", Kind::Text, &["状态"]),
    column("plot", Kind::Text, &["地块", "地块范围"]),
    column("burnt_mu", Kind::Number, &["实际烧除面积(亩)"]),
    column("note", Kind::Text, &["备注"]),
    // places
    column("lon", Kind::Number, &["经度"]),
    column("lat", Kind::Number, &["纬度"]),
    column("name_en", Kind::Text, &["英文名"]),
    column("kind", Kind::Text, &["类别"]),
];

/// What stands in brackets behind a head and says how to fill it in, not what it is.
pub(super) const MARKS: [&str; 6] = ["必填", "选填", "必选", "手机", "手机号", "手机号码"];

/// Parts of such words: an example or a form to write in.
pub(super) const MARK_PARTS: [&str; 5] = ["格式", "例如", "如:", "示例", "yyyy"];

/// The name of a cell of the grid, by the unit that it lies in and its number there.
pub(super) fn cell_name(unit: &str, number: usize) -> String {
    format!("{unit}网格{number:03}")
}
