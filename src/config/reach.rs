//! `[web]` and `[accounts]`: from where the pages may be reached, and how long people stay in.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use serde::Deserialize;

use super::{load, secret};
use crate::domain::account::Role;

/// `[web]`
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebConfig {
    /// Address and port to listen on.
    #[serde(deserialize_with = "load::address")]
    pub listen: SocketAddr,
    /// The address people use, `https://host[:port]`; empty: this machine only.
    pub public_url: String,
    /// PEM file of the certificate with its chain; with `private_key`, firegrid speaks TLS itself.
    pub certificate: Option<PathBuf>,
    /// PEM file of the certificate's key.
    pub private_key: Option<PathBuf>,
    /// Addresses of the proxies that speak TLS for firegrid; only they, and this machine, may connect.
    pub trusted_proxies: Vec<IpAddr>,
    /// Most connections at once.
    pub connections: usize,
    /// Most of them from one address, or one /64 of IPv6; proxies may have all.
    pub connections_per_address: usize,
    /// Browsers that came once come to all hosts below this one over TLS alone too.
    pub hsts_subdomains: bool,
}

/// `[accounts]`
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccountsConfig {
    /// A desk that is not used is out after so many hours.
    pub office_hours: u32,
    /// A phone that is not used is out after so many days.
    pub phone_days: u32,
    /// A desk is out so many days after it came in, used or not.
    pub office_longest_days: u32,
    /// A phone is out so many days after it came in, used or not.
    pub phone_longest_days: u32,
    /// A personal sign-in link can be used so many hours.
    pub link_hours: u32,
    /// Roles that set up a second step (six digits of an authenticator) where they come in by password.
    pub second_step: Vec<Role>,
}

impl Default for WebConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: String::new(),
            certificate: None,
            private_key: None,
            trusted_proxies: Vec::new(),
            connections: 2000,
            connections_per_address: 256,
            hsts_subdomains: false,
        }
    }
}

impl Default for AccountsConfig {
    fn default() -> Self {
        Self {
            office_hours: 12,
            phone_days: 30,
            office_longest_days: 30,
            phone_longest_days: 366,
            link_hours: 24,
            second_step: vec![Role::City, Role::Admin],
        }
    }
}

impl WebConfig {
    /// Certificate and key, where firegrid speaks TLS itself.
    #[must_use]
    pub fn tls(&self) -> Option<(&PathBuf, &PathBuf)> {
        self.certificate.as_ref().zip(self.private_key.as_ref())
    }

    /// What is wrong with how the pages may be reached: (key, what and what to do). Signing in, position and working
    /// offline need https, so plain http stays on this machine.
    #[must_use]
    pub fn faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        if self.certificate.is_some() != self.private_key.is_some() {
            faults.push(("web.certificate", "certificate and private_key go together: set both or neither".to_owned()));
        }
        let exposed = self.private_key.as_deref().and_then(secret::exposure);
        faults.extend(exposed.map(|message| ("web.private_key", message)));
        let (is_public, is_https) = (!self.public_url.is_empty(), self.public_url.starts_with("https://"));
        let speaks_tls = self.tls().is_some() || !self.trusted_proxies.is_empty();
        if is_public && !is_https {
            faults.push((
                "web.public_url",
                format!("is {:?}, expected https://host or https://host:port: people sign in over it", self.public_url),
            ));
        } else if is_public && !speaks_tls {
            let message = "is set, but nothing speaks https: set certificate and private_key, or name the proxy that \
                           does in trusted_proxies";
            faults.push(("web.public_url", message.to_owned()));
        } else if !is_public && speaks_tls {
            let message = "is missing: name the https address that people use, such as https://fire.example.cn";
            faults.push(("web.public_url", message.to_owned()));
        }
        let is_safe_for_others = is_public && is_https && speaks_tls;
        if !self.listen.ip().is_loopback() && !is_safe_for_others {
            let message = format!(
                "is {}, which other machines reach over plain http. Listen on 127.0.0.1:{}, or set public_url to an \
                 https address with certificate and private_key, or with trusted_proxies",
                self.listen,
                self.listen.port()
            );
            faults.push(("web.listen", message));
        }
        for (key, value, most) in [
            ("web.connections", self.connections, 100_000),
            ("web.connections_per_address", self.connections_per_address, self.connections),
        ] {
            if !(16..=most).contains(&value) {
                faults.push((key, format!("is {value}, expected 16 to {most}")));
            }
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(web: &WebConfig) -> Vec<&'static str> {
        web.faults().into_iter().map(|(place, _)| place).collect()
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        let open = WebConfig { listen: "0.0.0.0:8080".parse().unwrap(), ..WebConfig::default() };
        assert_eq!(places(&WebConfig::default()), [] as [&str; 0]);
        assert_eq!(places(&open), ["web.listen"]);
        assert!(open.faults()[0].1.contains("127.0.0.1:8080"));
        let named = WebConfig { public_url: "http://fire.example.cn".to_owned(), ..open.clone() };
        assert_eq!(places(&named), ["web.public_url", "web.listen"]);
        let bare = WebConfig { public_url: "https://fire.example.cn".to_owned(), ..open.clone() };
        assert_eq!(places(&bare), ["web.public_url", "web.listen"]);
        let own = WebConfig { certificate: Some("c".into()), private_key: Some("k".into()), ..bare.clone() };
        assert_eq!(places(&own), [] as [&str; 0]);
        let behind = WebConfig { trusted_proxies: vec!["10.0.0.5".parse().unwrap()], ..bare };
        assert_eq!(places(&behind), [] as [&str; 0]);
        let nameless = WebConfig { public_url: String::new(), ..own };
        assert_eq!(places(&nameless), ["web.public_url", "web.listen"]);
        let half = WebConfig { certificate: Some("c".into()), ..WebConfig::default() };
        assert_eq!(places(&half), ["web.certificate"]);
        let few = WebConfig { connections: 100, ..WebConfig::default() };
        assert_eq!(places(&few), ["web.connections_per_address"]);
    }
}
