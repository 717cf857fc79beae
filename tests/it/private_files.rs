//! What firegrid writes is its own user's alone, and a secret that others can read is none.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::installation::{HEADER, Installation, drop_file, row, until};

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}

/// A folder and everything in it.
fn all_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { [vec![path.clone()], all_in(&path)].concat() } else { vec![path] })
        .collect()
}

#[tokio::test]
async fn whatever_firegrid_writes_is_closed_to_others() {
    let folder = tempfile::tempdir().unwrap();
    let source = "[polling]\ninterval_secs = 10\n[[source]]\nid = \"dropped\"\nkind = \"drop_folder\"\npath = \"FOLDER/drop\"\n\
                  [audit]\nheads = \"FOLDER/heads/heads.txt\"\n";
    let installation = Installation::make(folder.path(), source);
    std::fs::create_dir(folder.path().join("heads")).unwrap();
    let token = installation.add_office();
    let service = installation.start();
    let fire = format!("{HEADER}{}", row(122.5, 45.5, jiff::SignedDuration::from_hours(1)));
    drop_file(&folder.path().join("drop"), "fire.csv", &fire);
    let begun = crate::installation::client()
        .post(format!("{}/api/v1/uploads", service.url))
        .bearer_auth(token)
        .header("tus-resumable", "1.0.0")
        .header("upload-length", "9000")
        .send();
    assert_eq!(begun.await.unwrap().status(), 201);
    until("the poll", async || folder.path().join("drop/done").exists()).await;
    installation.run(&["backup", "--to", &folder.path().join("copy").display().to_string()]);
    installation.run(&["user", "link", "office", "--qr", &folder.path().join("qr.svg").display().to_string()]);
    let mut found = all_in(&folder.path().join("data"));
    found.extend(all_in(&folder.path().join("copy")));
    found.extend(["data", "copy", "qr.svg", "heads/heads.txt", "drop/done"].map(|name| folder.path().join(name)));
    assert!(found.len() > 12, "{found:?}");
    for path in &found {
        assert_eq!(mode(path) & 0o077, 0, "{} has the mode {:03o}", path.display(), mode(path));
    }
    // What an earlier version left open is closed when it is opened again.
    drop(service);
    set_mode(&installation.database(), 0o644);
    installation.run(&["status", "--json"]);
    assert_eq!(mode(&installation.database()), 0o600);
}

#[test]
fn a_secret_that_others_can_read_is_refused_by_check_and_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let web =
        "[web]\npublic_url = \"https://localhost:8443\"\ncertificate = \"FOLDER/a\"\nprivate_key = \"FOLDER/secret\"\n";
    let area = "kind = \"firms_area\"\ndataset = \"VIIRS_NOAA20_NRT\"\ndays = 1\n";
    let by_file = format!("[[source]]\nid = \"area\"\n{area}key_file = \"FOLDER/secret\"\n");
    let inline = format!("[[source]]\nid = \"area\"\n{area}key = \"0123456789abcdef0123456789abcdef\"\n");
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "0123456789abcdef0123456789abcdef\n").unwrap();
    for (config, of) in [(web, "secret"), (&by_file, "secret"), (&inline, "firegrid.toml")] {
        let installation = Installation::make(folder.path(), config);
        let holder = folder.path().join(of);
        for open in [0o644, 0o604, 0o602] {
            set_mode(&holder, open);
            for command in ["check", "run"] {
                let output = installation.command(&[command]).output().unwrap();
                let said = [output.stdout, output.stderr].concat();
                let said = String::from_utf8_lossy(&said);
                assert_eq!(output.status.code(), Some(1), "{command} {open:o} {config}: {said}");
                assert!(said.contains("chmod 600") && said.contains(of), "{said}");
                assert!(!said.contains("0123456789abcdef0"), "{said}");
            }
        }
        for closed in [0o600, 0o640, 0o400] {
            set_mode(&holder, closed);
            let output = installation.command(&["check"]).output().unwrap();
            assert!(output.status.success(), "{closed:o} {config}: {}", String::from_utf8_lossy(&output.stderr));
        }
        set_mode(&holder, 0o600);
    }
}
