//! Accounts, as administrators and offices keep them.

use crate::words::{Sentence, Words, sentence, words};

pub(crate) const ROLE: Words = words("角色", "Role");
pub(crate) const NAME_OR_PERSON: Words = words("登录名或姓名", "Name");
pub(crate) const NEW_ACCOUNT: Words = words("新建账号", "New account");
pub(crate) const LINKS_BY_OTHERS: Words =
    words("近7天代生成的登录链接", "Sign-in links made for others in the last 7 days");
pub(crate) const LINKS_WARNING: Words = words(
    "持链接者可以该人员的名义办理；请确认每一条都是本人所请。",
    "Whoever has a link can act in that name: make sure that each was asked for.",
);
pub(crate) const MADE_BY: Words = words("生成人", "made by");
pub(crate) const ACCOUNTS_OF_GROUND: Words = words("我的辖区的账号", "Accounts of my ground");
pub(crate) const PERSON: Words = words("姓名", "Person");
pub(crate) const SIGN_IN_NAME: Words = words("登录名", "Signs in as");
pub(crate) const LAST_SEEN_HEAD: Words = words("最近使用", "Last seen");
pub(crate) const DEVICES_HEAD: Words = words("设备", "Devices");
pub(crate) const LAST_SEEN: Words = words("最近使用", "last seen");
pub(crate) const DEVICES: Words = words("设备", "devices");
pub(crate) const DISABLED: Words = words("已停用", "disabled");
pub(crate) const IN_USE: Words = words("可用", "in use");
pub(crate) const NO_ACCOUNT_FITS: Words = words("没有符合条件的账号。", "No account fits.");
pub(crate) const PERSON_IN_LOG: Words = words("姓名（记入操作记录）", "Person (stands in the log)");
pub(crate) const SIGN_IN_NAME_RULE: Words =
    words("登录名（2至40个字符，可用文字、数字和 . - _）", "Signs in as (2 to 40 letters, digits, . - _)");
pub(crate) const UNIT_CODE: Words = words("单位代码", "Code of the unit");
pub(crate) const PHONE_OPTIONAL: Words = words("电话（可不填）", "Telephone (may be left out)");
pub(crate) const FIRST_PASSWORD: Words =
    words("首个密码（可不填：用个人链接登录）", "First password (may be left out: comes in by link)");
pub(crate) const PROVE_FOR_NEW: Words = words(
    "建立管理员账号或设置首个密码时，须证明是您本人：",
    "For a new administrator or a first password, prove that it is you:",
);
pub(crate) const MAKE_ACCOUNT: Words = words("建立账号", "Make the account");
pub(crate) const ACCOUNT: Words = words("账号", "Account");
pub(crate) const LINK_SHOWN_ONCE: Words =
    words("个人登录链接（只显示这一次）", "Personal sign-in link (shown this once)");
pub(crate) const SIGN_IN_QR: Words = words("登录二维码", "QR code to sign in");
pub(crate) const LINK_HANDING: Words = words(
    "让本人扫码，或复制下面的链接发给本人。只能用一次，",
    "Let the person scan it, or copy the address below to him or her. It works once, until ",
);
pub(crate) const LINK_VALID_UNTIL: Words =
    words("前有效。此前未用的链接已作废。", ". Earlier links that were not used are void.");
pub(crate) const LINK_ADDRESS: Words = words("链接（全选后复制）", "Address (select all, copy)");
pub(crate) const TOKEN_SHOWN_ONCE: Words = words("访问令牌（只显示这一次）", "Token (shown this once)");
pub(crate) const COPY_TOKEN_NOW: Words = words("请立即复制到对接程序中", "Copy it to the program now");
pub(crate) const UNIT_IS_GONE: Words = words("现行区划版本中没有此单位", "the region in use has no such unit");
pub(crate) const PASSWORD_SET: Words = words("已设置", "set");
pub(crate) const NO_PASSWORD: Words = words("未设置，用个人链接登录", "none: comes in by link");
pub(crate) const SECOND_STEP_SET: Words = words("已设置", "set up");
pub(crate) const NO_SECOND_STEP: Words = words("未设置", "none");
pub(crate) const MADE_ON: Words = words("建立", "Made");
pub(crate) const DISABLED_ON: Words = words("停用", "Disabled");
pub(crate) const NO_DEVICES: Words = words("没有。", "None.");
pub(crate) const ENDS_UNLESS_USED: Words = words("不用则于", "ends unless used");
pub(crate) const ENDS_UNLESS_USED_TAIL: Words = words("退出", "");
pub(crate) const LINK_WORKS_ONCE: Words = words("只能用一次，有效", "Works once, for ");
pub(crate) const NEW_LINK_VOIDS_OLD: Words = words("。新链接使旧链接作废。", ". A new one makes the old one void.");
pub(crate) const MAKE_LINK: Words = words("生成链接和二维码", "Make link and QR code");
pub(crate) const FIELD_ACCOUNTS_ONLY: Words = words(
    "您只能为本辖区的网格员和村级账号生成链接、让设备退出。",
    "You make links and end devices for inspectors and villages of your ground only.",
);
pub(crate) const SET_PASSWORD: Words = words("设置新密码", "Set a new password");
pub(crate) const NEW_PASSWORD_RULE: Words = words("新密码（至少8个字符）", "New password (8 characters or more)");
pub(crate) const SET_PASSWORD_DO: Words = words("设置，其设备须重新登录", "Set it; its devices sign in again");
pub(crate) const REMOVE_SECOND_STEP: Words = words("取消两步验证", "Take the second step away");
pub(crate) const REMOVE_SECOND_STEP_WHEN: Words = words(
    "仅在本人丢失手机和恢复码、并确认是本人之后。",
    "Only when phone and recovery codes are lost, and it is certainly the person who asks.",
);
pub(crate) const END_TOKEN: Words = words("停用", "End");
pub(crate) const NEW_TOKEN: Words = words("新令牌", "New token");
pub(crate) const TOKEN_PURPOSE: Words = words("用途", "What it is for");
pub(crate) const TOKEN_DAYS: Words = words("有效天数", "Days");
pub(crate) const TOKEN_POWER: Words = words("权限", "May");
pub(crate) const MAKE_TOKEN: Words = words("建立令牌", "Make a token");
pub(crate) const CHANGE_ROLE: Words = words("更改角色或单位", "Change role or unit");
pub(crate) const CHANGE_ROLE_NOTE: Words = words(
    "所有设备须重新登录，链接和令牌失效；记入操作记录。",
    "All its devices sign in again; links and tokens end; it stands in the log.",
);
pub(crate) const PROVE_FOR_ADMIN: Words =
    words("改为管理员时须证明是您本人：", "To make it an administrator, prove that it is you:");
pub(crate) const CHANGE: Words = words("更改", "Change");
pub(crate) const ENABLE_HEAD: Words = words("启用账号", "Let it in again");
pub(crate) const ENABLE: Words = words("重新启用", "Enable");
pub(crate) const DISABLE_HEAD: Words = words("停用账号", "Disable the account");
pub(crate) const DISABLE_NOTE: Words =
    words("所有设备立即退出，链接和令牌失效。", "All devices are signed out at once; links and tokens end.");
pub(crate) const DISABLE: Words = words("停用", "Disable");
pub(crate) const NEW_PASSWORD_FIELD: Words = words("新密码", "new password");
pub(crate) const PURPOSE_FIELD: Words = words("用途", "what it is for");
pub(crate) const NO_SUCH_DEVICE: Words = words("没有这个设备", "no such device");
pub(crate) const NO_SUCH_TOKEN: Words = words("没有这个令牌", "no such token");
pub(crate) const CHOOSE_ROLE: Words = words("请选择角色", "choose a role");
pub(crate) const CHOOSE_POWER: Words = words("请选择权限", "choose what it may do");
pub(crate) const SIGN_IN_NAME_FIELD: Words = words("登录名", "sign-in name");
pub(crate) const PERSON_FIELD: Words = words("姓名", "person");
pub(crate) const PHONE_FIELD: Words = words("电话", "telephone");
pub(crate) const HOURS: Words = words("小时", "hours");

pub(crate) fn unknown_act(act: &str) -> Sentence {
    sentence(format!("未知操作“{act}”"), format!("unknown act {act:?}"))
}

pub(crate) fn token_lasts(most_days: u16) -> Sentence {
    sentence(format!("有效期应为1至{most_days}天"), format!("a token lasts 1 to {most_days} days"))
}
