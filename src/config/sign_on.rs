//! `[sign_on]`: the city's own OpenID Connect provider, where accounts may come in by it.
//!
//! Read in [`super::load()`]; used by [`crate::app`] in programs that were built with the feature `oidc`, a fault in others.

use serde::Deserialize;

use super::Secret;

/// Longest name on the button, characters.
const LONGEST_NAME: usize = 40;

/// The keys of the section; `flatten` cannot refuse unknown ones.
pub(super) const KEYS: [&str; 5] = ["issuer", "client_id", "key", "key_file", "name"];

/// `[sign_on]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SignOnConfig {
    /// The provider's issuer, exactly as it names itself.
    pub issuer: String,
    /// Which client firegrid is to the provider.
    pub client_id: String,
    /// The client's secret; as `key` or `key_file`, not both.
    #[serde(flatten)]
    pub secret: Secret,
    /// What the button says; empty: 市统一身份认证, "the city's own sign-on".
    pub name: String,
}

impl SignOnConfig {
    /// What is wrong with it beside the public address `public_url`: (key, what and what to do).
    #[must_use]
    pub fn faults(&self, public_url: &str) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        if !cfg!(feature = "oidc") {
            let message = "this firegrid was built without it: build it with `cargo build --release --features oidc`, \
                           or remove the section";
            faults.push(("sign_on", message.to_owned()));
        }
        if !is_issuer(&self.issuer) {
            let message = format!(
                "is {:?}, expected the https address that the provider calls its issuer, such as \
                 https://sso.example.cn/realms/city (plain http only for this machine)",
                self.issuer
            );
            faults.push(("sign_on.issuer", message));
        }
        if self.client_id.trim().is_empty() {
            faults.push(("sign_on.client_id", "is missing: the provider gives it together with the secret".to_owned()));
        }
        if let Err(error) = self.secret.reveal() {
            faults.push(("sign_on.key_file", format!("the client's secret: {error}")));
        }
        faults.extend(self.secret.exposure().map(|message| ("sign_on.key_file", message)));
        if public_url.is_empty() {
            let message = "needs web.public_url: the provider sends people back to public_url/sign-in/city/back";
            faults.push(("sign_on", message.to_owned()));
        }
        if self.name.chars().count() > LONGEST_NAME || self.name.chars().any(char::is_control) {
            let message = format!("is {:?}, expected at most {LONGEST_NAME} characters in one line", self.name);
            faults.push(("sign_on.name", message));
        }
        faults
    }
}

/// Whether an address may be an issuer: https, or http on this machine; nothing but scheme, host, port and path.
fn is_issuer(text: &str) -> bool {
    let Ok(url) = reqwest::Url::parse(text) else { return false };
    let is_bare = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    is_bare && url.fragment().is_none() && (url.scheme() == "https" || is_plain_here(&url))
}

/// Whether an address is plain http on this machine.
#[must_use]
pub fn is_plain_here(url: &reqwest::Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let is_here = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    url.scheme() == "http" && is_here
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section() -> SignOnConfig {
        SignOnConfig {
            issuer: "https://sso.example.cn/realms/city".to_owned(),
            client_id: "firegrid".to_owned(),
            secret: Secret::from_text("tidal-marsh"),
            name: String::new(),
        }
    }

    /// The places of its faults, without the one that only says how this program was built.
    fn places(section: &SignOnConfig, public_url: &str) -> Vec<&'static str> {
        let faults = section.faults(public_url).into_iter();
        faults.filter(|(_, message)| !message.contains("--features oidc")).map(|(place, _)| place).collect()
    }

    #[test]
    fn a_whole_section_is_right_and_everything_missing_is_named() {
        let own = "https://fire.example.cn";
        assert_eq!(places(&section(), own), [] as [&str; 0]);
        assert_eq!(places(&section(), ""), ["sign_on"]);
        let empty = SignOnConfig::default();
        assert_eq!(places(&empty, own), ["sign_on.issuer", "sign_on.client_id", "sign_on.key_file"]);
        let long = SignOnConfig { name: "名".repeat(41), ..section() };
        assert_eq!(places(&long, own), ["sign_on.name"]);
    }

    #[test]
    fn only_a_program_that_can_do_it_takes_the_section() {
        let built_without =
            section().faults("https://h").iter().any(|(_, message)| message.contains("--features oidc"));
        assert_eq!(built_without, !cfg!(feature = "oidc"));
    }

    #[test]
    fn an_issuer_is_https_or_on_this_machine() {
        for good in ["https://sso.example.cn", "http://127.0.0.1:9000", "http://localhost:9000/x", "http://[::1]:9000"]
        {
            assert!(is_issuer(good), "{good}");
        }
        let bad =
            ["", "sso.example.cn", "http://sso.example.cn", "https://u:p@h", "https://h?x=1", "https://h#x", "ftp://h"];
        for bad in bad {
            assert!(!is_issuer(bad), "{bad}");
        }
    }
}
