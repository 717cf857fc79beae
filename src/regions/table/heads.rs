//! Finds the columns of a table by their heads, English as in the contract or Chinese as offices write them.

use std::collections::BTreeMap;

use crate::regions::faults::Faults;
use crate::regions::properties::MAX_TEXT_CHARS;

/// Chinese heads of the columns. Blanks do not count and brackets may be of either width; a head
/// counts only for columns that the file may have, so the same word may stand for two of them.
const CHINESE: &[(&str, &[&str])] = &[
    // people, duty
    ("unit_code", &["单位代码", "单位编码", "责任单位代码"]),
    ("name", &["姓名", "名称"]),
    ("role", &["职责", "责任类别"]),
    ("post", &["职务"]),
    ("employer", &["工作单位", "所在单位"]),
    ("phone", &["电话", "联系电话", "手机", "手机号", "手机号码", "值班电话"]),
    ("email", &["邮箱", "电子邮箱"]),
    ("wecom_id", &["企业微信", "企业微信账号"]),
    ("dingtalk_id", &["钉钉", "钉钉账号"]),
    ("feishu_id", &["飞书", "飞书账号"]),
    ("valid_from", &["生效日期", "任职日期", "起始日期"]),
    ("valid_to", &["失效日期", "离任日期", "截止日期"]),
    ("date", &["日期", "值班日期"]),
    ("from", &["开始时间", "起始时间"]),
    ("to", &["结束时间", "截止时间"]),
    ("leader", &["带班领导"]),
    ("officer", &["值班员", "值班人员"]),
    // burning policy
    ("level", &["等级", "焚烧气象等级", "烧除气象等级"]),
    ("plan_id", &["计划编号"]),
    ("window_start", &["烧除开始时间", "计划开始时间", "开始时间"]),
    ("window_end", &["烧除结束时间", "计划结束时间", "结束时间"]),
    // The unit has to be in the head: hectares are written in such tables too.
    ("area_mu", &["面积(亩)", "计划面积(亩)", "烧除面积(亩)"]),
    ("responsible", &["责任人", "现场责任人", "烧除责任人"]),
    ("approver", &["批准人", "审批人"]),
    ("approved_at", &["批准时间", "审批时间"]),
    ("status", &["状态"]),
    ("plot", &["地块", "地块范围"]),
    ("burnt_mu", &["实际烧除面积(亩)"]),
    ("note", &["备注"]),
    // places
    ("lon", &["经度"]),
    ("lat", &["纬度"]),
    ("name_en", &["英文名"]),
    ("kind", &["类别"]),
];

/// Whether a head names a column.
fn names(head: &str, column: &str) -> bool {
    if head.trim() == column {
        return true;
    }
    let plain: String = head
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '（' => '(',
            '）' => ')',
            other => other,
        })
        .collect();
    CHINESE.iter().any(|(name, heads)| *name == column && heads.contains(&plain.as_str()))
}

/// The known columns by their place; `None` when a required one is missing or one stands there twice.
pub(super) fn columns<'a>(
    file: &str,
    head_place: &str,
    head: &[String],
    required: &[&'a str],
    optional: &[&'a str],
    faults: &mut Faults,
) -> Option<BTreeMap<usize, &'a str>> {
    let mut columns = BTreeMap::new();
    let mut complete = true;
    for &name in required.iter().chain(optional) {
        let places: Vec<usize> =
            head.iter().enumerate().filter(|(_, title)| names(title, name)).map(|(i, _)| i).collect();
        match places.as_slice() {
            [] if required.contains(&name) => {
                faults.add(file, head_place, "column_missing", missing(name, head));
                complete = false;
            }
            [] => {}
            [i] => {
                columns.insert(*i, name);
            }
            [..] => {
                let message = format!("the column \"{name}\"{} stands there more than once", chinese(name));
                faults.add(file, head_place, "column_twice", message);
                complete = false;
            }
        }
    }
    complete.then_some(columns)
}

fn missing(name: &str, head: &[String]) -> String {
    let found = head.iter().map(|title| title.trim()).filter(|title| !title.is_empty()).collect::<Vec<_>>().join(", ");
    let found: String = found.chars().take(MAX_TEXT_CHARS).collect();
    let hint = if head.len() == 1 { "; the fields have to be separated by commas" } else { "" };
    format!("the column \"{name}\"{} is missing in the first row; found: {found}{hint}", chinese(name))
}

/// The first Chinese head of a column, in brackets.
fn chinese(name: &str) -> String {
    let heads = CHINESE.iter().find(|(column, _)| *column == name).map(|(_, heads)| *heads).unwrap_or_default();
    heads.first().map(|head| format!(" ({head})")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_found_in_either_language_whatever_their_brackets_and_blanks() {
        let head: Vec<String> = ["计划编号", " unit_code ", "面积（亩）", "备 注", "别的"].map(str::to_owned).to_vec();
        let mut faults = Faults::default();
        let found =
            columns("f", "row 1", &head, &["plan_id", "unit_code", "area_mu"], &["note", "plot"], &mut faults).unwrap();
        let found: Vec<_> = found.into_iter().collect();
        assert_eq!(found, [(0, "plan_id"), (1, "unit_code"), (2, "area_mu"), (3, "note")]);
        assert!(faults.is_empty());
    }

    #[test]
    fn an_area_without_its_unit_is_not_taken_for_mu_and_a_column_in_both_languages_is_one_too_many() {
        let head: Vec<String> = ["面积", "name", "姓名"].map(str::to_owned).to_vec();
        let mut faults = Faults::default();
        assert!(columns("f", "row 1", &head, &["area_mu", "name"], &[], &mut faults).is_none());
        let codes: Vec<_> = faults.into_list().iter().map(|fault| fault.code).collect();
        assert_eq!(codes, ["column_missing", "column_twice"]);
    }
}
