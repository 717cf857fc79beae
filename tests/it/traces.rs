//! Each kind of refusal leaves a line and a count, and a flood of them does not fill the log.

use std::fs::File;
use std::net::TcpListener;
use std::process::Stdio;

use reqwest::Method;

use crate::installation::{Installation, Running, client, until};

/// A request: what it is, as what it is refused, and what it asks with which headers.
type Request = (&'static str, &'static str, Method, &'static str, &'static [(&'static str, &'static str)]);

const REFUSED: [Request; 7] = [
    ("nobody is in", "nobody", Method::GET, "/api/v1/alerts", &[]),
    ("a token that is none", "nobody", Method::GET, "/", &[("authorization", "Bearer none")]),
    ("another site", "cross_site", Method::POST, "/sign-in", &[("sec-fetch-site", "cross-site")]),
    ("another host", "host", Method::GET, "/", &[("host", "evil.example")]),
    ("a role", "role", Method::GET, "/users/new", &[("authorization", "OFFICE")]),
    ("a foreign unit", "scope", Method::GET, "/api/v1/people/list?unit=2201", &[("authorization", "CELL")]),
    ("a link that is none", "dead_link", Method::GET, "/l/none", &[]),
];

#[tokio::test]
async fn each_kind_of_refusal_leaves_a_line_and_a_count() {
    let folder = tempfile::tempdir().unwrap();
    let installation = Installation::make(folder.path(), "source = []\n");
    let office = installation.add_office();
    installation.run(&["user", "add", "cell", "--role", "inspector", "--unit", "220101", "--person", "网格员甲"]);
    let cell = installation.run(&["user", "token", "cell", "--label", "test", "--power", "write", "--days", "1"]);
    let cell = String::from_utf8(cell.stdout).unwrap().trim().to_owned();
    let log = folder.path().join("log.txt");
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut command = installation.command(&["run"]);
    command.env("FIREGRID_LISTEN", free.to_string()).stdout(Stdio::null()).stderr(File::create(&log).unwrap());
    let service = Running::new(command.spawn().unwrap(), format!("http://{free}"));
    let client = client();
    until("the service answers", async || client.get(format!("{}/livez", service.url)).send().await.is_ok()).await;
    let metrics = async || client.get(format!("{}/metrics", service.url)).send().await.unwrap().text().await.unwrap();
    let count = |metrics: &str, kind: &str| -> u64 {
        let name = format!("firegrid_refusals_total{{kind=\"{kind}\"}} ");
        metrics.lines().find_map(|line| line.strip_prefix(&name)).unwrap_or_else(|| panic!("{kind}")).parse().unwrap()
    };
    for (what, kind, method, path, headers) in REFUSED {
        let before = count(&metrics().await, kind);
        let mut request = client.request(method, format!("{}{path}", service.url));
        for (name, value) in headers {
            let value = value.replace("OFFICE", &format!("Bearer {office}")).replace("CELL", &format!("Bearer {cell}"));
            request = request.header(*name, value);
        }
        request.send().await.unwrap();
        assert_eq!(count(&metrics().await, kind), before + 1, "{what}");
        let line = format!("kind=\"{kind}\" path=");
        until(what, async || std::fs::read_to_string(&log).unwrap().contains(&line)).await;
    }
    let before = std::fs::read_to_string(&log).unwrap().lines().count();
    for _ in 0..200 {
        client.get(format!("{}/api/v1/alerts", service.url)).send().await.unwrap();
    }
    assert!(count(&metrics().await, "nobody") >= 200);
    let lines = std::fs::read_to_string(&log).unwrap().lines().count() - before;
    assert!(lines <= 45, "{lines} lines of one kind");
    assert!(!std::fs::read_to_string(&log).unwrap().contains(&office), "no secret stands in the log");
}
