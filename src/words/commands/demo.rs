//! `firegrid demo`.

use std::net::SocketAddr;

use crate::domain::account::Role;

/// What the terminal says when the demonstration runs.
pub(crate) fn welcome(address: SocketAddr, simulator: &str) -> String {
    format!(
        "\nfiregrid 演示：火点均为模拟，不是真实火情 · demo: all fires are simulated\n  \
         当日火点图 · today's fire map     http://{address}/\n  \
         English                          http://{address}/?lang=en\n  \
         登录页可一键进入各级演示账号 · the sign-in page has a button for each role\n  \
         数据源状态 · feed status          http://{address}/status\n  \
         真实答案 · the simulated truth    {simulator}/truth.json\n  \
         Ctrl-C 停止 · stops it\n"
    )
}

/// The person of the demonstration who has a role.
pub(crate) fn person(role: Role) -> &'static str {
    match role {
        Role::Inspector => "演示网格员",
        Role::Village => "演示村级",
        Role::Township => "演示乡镇值班员",
        Role::County => "演示县级值班员",
        Role::City => "演示市级值班员",
        Role::Viewer => "演示只读",
        Role::Admin => "演示管理员",
    }
}
