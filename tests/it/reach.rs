//! From where the pages are reached: TLS with a certificate that is renewed, and nothing plain beyond this machine.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::service::{Service, program};

/// Writes a new self-signed certificate for localhost; its PEM.
pub fn certify(folder: &Path) -> String {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(folder.join("tls.key"), made.signing_key.serialize_pem()).unwrap();
    std::fs::set_permissions(folder.join("tls.key"), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    std::fs::write(folder.join("tls.pem"), made.cert.pem()).unwrap();
    made.cert.pem()
}

pub fn client(certificate: &str) -> reqwest::Client {
    let root = reqwest::Certificate::from_pem(certificate.as_bytes()).unwrap();
    reqwest::Client::builder().no_proxy().tls_certs_only([root]).build().unwrap()
}

#[tokio::test]
async fn a_certificate_is_used_and_its_renewal_taken_up_while_running() {
    let tls = tempfile::tempdir().unwrap();
    let first = certify(tls.path());
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let path = tls.path().display();
    let web = format!(
        "[web]\npublic_url = \"https://localhost:{port}\"\ncertificate = \"{path}/tls.pem\"\nprivate_key = \"{path}/tls.key\"\n"
    );
    let service = Service::start_at(&web, &format!("127.0.0.1:{port}"));
    let url = format!("https://localhost:{port}");
    assert_eq!(service.url, url, "the address that people use is named");
    let page = client(&first).get(format!("{url}/sign-in")).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(!page.headers().contains_key("set-cookie"), "nothing is kept of whoever only looks");
    assert!(page.headers()["strict-transport-security"].to_str().unwrap().contains("max-age="));
    let other_name = client(&first).get(format!("{url}/sign-in")).header("host", "evil.example").send().await.unwrap();
    assert_eq!(other_name.status(), 421);
    assert!(reqwest::get(format!("http://localhost:{port}/livez")).await.is_err(), "nothing plain is answered");

    // Half of a renewal, as when one file is written after the other, changes nothing.
    let key = std::fs::read(tls.path().join("tls.key")).unwrap();
    let second = certify(tls.path());
    let new_key = std::fs::read(tls.path().join("tls.key")).unwrap();
    std::fs::write(tls.path().join("tls.key"), key).unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(client(&first).get(format!("{url}/livez")).send().await.is_ok());
    std::fs::write(tls.path().join("tls.key"), new_key).unwrap();
    let start = Instant::now();
    while client(&second).get(format!("{url}/livez")).send().await.is_err() {
        assert!(start.elapsed() < Duration::from_secs(20), "the renewed certificate is not used");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(client(&first).get(format!("{url}/livez")).send().await.is_err(), "the old one is gone");
}

#[test]
fn plain_http_beyond_this_machine_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("firegrid.toml"), "region = \"regions/baicheng\"\n").unwrap();
    let run = |listen: &str, command: &str| -> (i32, String) {
        let output = program(folder.path())
            .arg(command)
            .env("FIREGRID_REGION", "regions/baicheng")
            .env("FIREGRID_LISTEN", listen)
            .output()
            .unwrap();
        (
            output.status.code().unwrap(),
            String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap(),
        )
    };
    for command in ["run", "demo", "check"] {
        let (code, text) = run("0.0.0.0:8080", command);
        assert_eq!(code, 1, "{command}: {text}");
        assert!(
            text.contains("127.0.0.1:8080") && text.contains("public_url") && text.contains("trusted_proxies"),
            "{text}"
        );
    }
    assert!(!folder.path().join("data/firegrid.sqlite").exists(), "nothing was opened for it");
}

#[test]
fn accounts_are_made_listed_and_disabled_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("firegrid.toml"), "").unwrap();
    let firegrid = |args: &[&str], input: &str| -> (i32, String, String) {
        use std::io::Write as _;
        let mut command: Command = program(folder.path());
        command.env("FIREGRID_REGION", "regions/baicheng").args(args);
        command
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    };
    let add = ["user", "add", "Li", "--role", "admin", "--person", "李管理", "--password"];
    let (code, _, said) = firegrid(&add, "password1\n");
    assert_eq!(code, 1);
    assert!(said.contains("太容易被猜到") || said.contains("easily guessed"), "{said}");
    assert_eq!(firegrid(&add, "tidal-marsh-crane-61\n").0, 0);
    let (code, _, said) = firegrid(&add, "tidal-marsh-crane-61\n");
    assert_eq!((code, said.contains("已被使用")), (1, true), "{said}");
    let (code, _, said) =
        firegrid(&["user", "add", "wang", "--role", "county", "--unit", "2208", "--person", "王"], "");
    assert_eq!((code, said.contains("county")), (1, true), "a county's account stands for no city: {said}");
    let cell = ["user", "add", "zhao", "--role", "inspector", "--unit", "220802", "--person", "赵"];
    assert_eq!(firegrid(&cell, "").0, 0);
    let qr = folder.path().join("zhao.svg");
    let (code, link, said) = firegrid(&["user", "link", "zhao", "--qr", &qr.display().to_string()], "");
    assert_eq!(code, 0, "{said}");
    assert!(link.starts_with("http://127.0.0.1:") && link.trim().contains("/l/"), "{link}");
    assert!(std::fs::read_to_string(qr).unwrap().contains("<svg"));
    let (_, listed, _) = firegrid(&["user", "list"], "");
    assert!(listed.contains("li ") && listed.contains("zhao") && listed.contains("inspector"), "{listed}");
    assert_eq!(firegrid(&["user", "disable", "zhao"], "").0, 0);
    assert!(firegrid(&["user", "list"], "").1.contains("已停用"));
    let (code, _, said) = firegrid(&["user", "disable", "li"], "");
    assert_eq!((code, said.contains("最后一个管理员")), (1, true), "{said}");
    let (code, _, said) = firegrid(&["user", "link", "zhao"], "");
    assert_eq!((code, said.contains("已停用")), (1, true), "{said}");
    let (_, verified, _) = firegrid(&["audit", "verify"], "");
    assert!(!verified.is_empty());
    let database = std::fs::read(folder.path().join("data/firegrid.sqlite")).unwrap();
    let secret = link.trim().rsplit('/').next().unwrap();
    assert!(!database.windows(secret.len()).any(|window| window == secret.as_bytes()), "the link is not kept");
}
