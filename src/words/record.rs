//! The record itself: the database and its files, the proof of the log, judging again.

use super::{Label, Say, Sentence, Words, beside, client_id_taken, sentence, words};
use crate::store::audit::AuditFault;
use crate::store::{Distrust, Error, RejudgeError, RowDamage};

impl Say for Error {
    fn say(&self) -> Sentence {
        let zh = match self {
            Self::LibraryTooOld { needed, .. } => {
                return beside(format!("SQLite 库版本过低，应为{needed}或更高"), self);
            }
            Self::File { .. } | Self::Media(_) => "文件无法使用",
            Self::Pragma { .. } => "数据库的安全设置未生效，文件系统可能不支持",
            Self::Migration { .. } => "数据表无法升级到本版本，未做任何改动",
            Self::NewerTables { .. } => "数据库由更新版本写入",
            Self::Missing { .. } => "数据库缺失或为空，未新建：请恢复备份或挂载原磁盘",
            Self::NotADatabase { .. } => "不是数据库文件或文件头受损，原样保留",
            Self::ForeignDatabase { .. } => {
                return sentence(
                    "这是其他程序的数据库，未做改动",
                    format!("{self}. Give firegrid a file of its own with FIREGRID_DATABASE"),
                );
            }
            Self::ForeignLog { .. } => "预写日志与数据库不匹配，原样保留",
            Self::OtherInstallation { .. } => {
                return sentence(
                    "数据库属于另一套系统",
                    format!(
                        "{self}. Put back the right one; if this one is to count from now on: firegrid audit accept-restored"
                    ),
                );
            }
            Self::RolledBack { .. } => {
                return sentence(
                    "数据库比已确认的记录旧",
                    format!(
                        "{self}. Put back the newer one; if what is missing is given up: firegrid audit accept-restored"
                    ),
                );
            }
            Self::Gone { .. } => "数据库文件已被移走或替换，无法继续记录",
            Self::ReadOnly { .. } => "数据库只读，无法写入",
            Self::Damaged { .. } => "数据库受损，请保留原文件并恢复备份",
            Self::Backup { .. } => "无法写入备份",
            Self::BadBackup { .. } => "备份校验未通过，已放弃",
            Self::InUse { .. } => {
                return sentence(
                    "另一个 firegrid 正在使用该数据库，请先停止",
                    format!("{self}: stop it first, or give this one its own FIREGRID_DATABASE"),
                );
            }
            Self::Locked { .. } => "数据库被其他程序锁定",
            Self::Sql(_) => "数据库拒绝执行",
            Self::Unreadable { .. } => "数据库中的内容无法读取",
            Self::Crowded(_) => "同一账号等待读取数据库的请求过多",
            Self::Closed => "数据库已关闭",
        };
        beside(zh, self)
    }
}

impl Say for AuditFault {
    fn say(&self) -> Sentence {
        let zh = match self {
            Self::Edited { .. } => "内容被改动",
            Self::Removed { .. } => "记录被删除",
            Self::Moved { .. } => "顺序被改动",
            Self::HeadDiffers { .. } => "与库外存档不符",
            Self::HeadForged { .. } => "库外存档被伪造",
            Self::HeadOfOtherSeal { .. } => "库外存档属于另一次封存",
            Self::OlderThanHead { .. } => "数据库被退回旧状态",
            Self::Unsealed { why } => return why.label().into(),
            Self::TableDiffers { .. } => "数据行被删除或退回旧值",
            Self::StateDiffers { .. } => "状态与记录不符",
            Self::Photo { .. } => "照片原件缺失或被改动",
        };
        beside(zh, self)
    }
}

impl Label for Distrust {
    fn label(self) -> Words {
        let zh = match self {
            Self::Forged => "封存被伪造",
            Self::Removed => "封存被删除",
            Self::OtherKey => "封存密钥不符",
            Self::OtherLog => "日志末尾与封存不符",
            Self::BegunAnew => "行校验值被人为重置",
        };
        words(zh, self.words())
    }
}

impl Say for RowDamage {
    fn say(&self) -> Sentence {
        beside("数据行受损或被改动", self)
    }
}

impl Say for RejudgeError {
    fn say(&self) -> Sentence {
        let zh = match self {
            Self::UnknownAlert(number) => {
                return sentence(
                    format!("没有编号为{number}的告警"),
                    format!("{self}; `firegrid alerts list` shows them"),
                );
            }
            Self::RegionChanged { active, judged } => {
                format!("区划版本已变：现行{active}，本次按{judged}判定；请重新查看差异")
            }
            Self::DifferenceChanged { expected, found } => {
                format!("差异已变：所给{expected}，现为{found}；请重新查看")
            }
            Self::NoReason => "改判须写明理由".to_owned(),
            Self::ClientIdTaken(id) => return client_id_taken(id),
            Self::Store(error) => return error.say(),
        };
        beside(zh, self)
    }
}
