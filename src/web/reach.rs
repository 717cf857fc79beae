//! From where the pages may be reached: under which name, by which proxy, and where a request really comes from.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, header};

use crate::turns::Whose;

/// How the site is reached, from the configuration.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// Scheme and authority of the public address, as `https://fire.example.cn`; `None`: this machine only.
    pub origin: Option<Origin>,
    /// Proxies whose word is taken for where a request comes from.
    pub proxies: Vec<IpAddr>,
    /// Browsers that came once come to all hosts below this one over TLS alone too.
    pub hsts_subdomains: bool,
}

/// Scheme and authority of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Over TLS.
    pub is_https: bool,
    /// Host, with the port where it is not the scheme's own; lower case.
    pub authority: String,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}", if self.is_https { "https" } else { "http" }, self.authority)
    }
}

impl Origin {
    /// Reads `https://host[:port]`, a trailing slash allowed; anything else is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (is_https, rest) = match text.split_once("://")? {
            ("https", rest) => (true, rest),
            ("http", rest) => (false, rest),
            _ => return None,
        };
        let authority = rest.strip_suffix('/').unwrap_or(rest).to_ascii_lowercase();
        let is_plain = !authority.is_empty()
            && authority.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']'));
        let default_port = if is_https { ":443" } else { ":80" };
        let authority = authority.strip_suffix(default_port).unwrap_or(&authority).to_owned();
        is_plain.then_some(Self { is_https, authority })
    }
}

/// Where a request really comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// In whose line a stranger there waits.
    pub fn line(self) -> Whose {
        Whose::stranger(self.0)
    }
}

impl Reach {
    /// Whether cookies may ask for TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.origin.as_ref().is_some_and(|origin| origin.is_https)
    }

    /// What `Strict-Transport-Security` says; nothing where TLS is not spoken.
    #[must_use]
    pub fn strict_transport(&self) -> Option<&'static str> {
        match (self.is_https(), self.hsts_subdomains) {
            (false, _) => None,
            (true, false) => Some("max-age=31536000"),
            (true, true) => Some("max-age=31536000; includeSubDomains"),
        }
    }

    /// Where a request comes from; `None` when it comes neither from a named proxy nor this machine although only
    /// those may.
    pub(super) fn client_of<B>(&self, request: &Request<B>) -> Option<ClientAddress> {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        // Without a socket there is only a caller inside this process.
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ip| ip.to_canonical());
        if self.proxies.is_empty() {
            return Some(ClientAddress(peer));
        }
        if !self.proxies.contains(&peer) {
            return peer.is_loopback().then_some(ClientAddress(peer));
        }
        let forwarded: Vec<&str> = request
            .headers()
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        // The last entry that no proxy of ours wrote for another one: what stands before it anybody may have written.
        let client = forwarded
            .iter()
            .rev()
            .map_while(|entry| entry.trim().parse::<IpAddr>().ok())
            .map(|ip| ip.to_canonical())
            .find(|ip| !self.proxies.contains(ip));
        Some(ClientAddress(client.unwrap_or(peer)))
    }

    /// Whether the host that a request names is this site: another name may be a page that was pointed here.
    pub(super) fn is_own_host(&self, host: Option<&str>) -> bool {
        let Some(host) = host else { return self.origin.is_none() };
        let host = host.to_ascii_lowercase();
        match &self.origin {
            Some(origin) => {
                let default_port = if origin.is_https { ":443" } else { ":80" };
                host.strip_suffix(default_port).unwrap_or(&host) == origin.authority
            }
            None => is_this_machine(&host),
        }
    }

    /// Whether a page of this site sent a request, by the `Origin` header.
    pub(super) fn is_own_origin(&self, origin: &str, host: Option<&str>) -> bool {
        match (Origin::parse(origin), &self.origin) {
            (Some(found), Some(own)) => found == *own,
            // On this machine the page is where the request goes.
            (Some(found), None) => host.is_some_and(|host| found.authority == host.to_ascii_lowercase()),
            (None, _) => false,
        }
    }
}

/// The host a request names.
pub(super) fn host_of<B>(request: &Request<B>) -> Option<String> {
    let named = request.headers().get(header::HOST).and_then(|value| value.to_str().ok()).map(str::to_owned);
    named.or_else(|| request.uri().authority().map(|authority| authority.as_str().to_owned()))
}

/// What a browser says of itself, shortened.
pub(super) fn device_of(headers: &HeaderMap) -> String {
    const LONGEST: usize = 200;
    let text = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

fn is_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(peer: &str, forwarded: &[&str]) -> Request<()> {
        let mut request = Request::get("/");
        for value in forwarded {
            request = request.header("x-forwarded-for", *value);
        }
        let mut request = request.body(()).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 4000)));
        request
    }

    #[test]
    fn only_the_named_proxy_is_believed_and_only_what_it_wrote_itself() {
        let direct = Reach::default();
        let client = |reach: &Reach, peer, forwarded: &[&str]| {
            reach.client_of(&from(peer, forwarded)).map(|ClientAddress(ip)| ip.to_string())
        };
        assert_eq!(client(&direct, "10.1.1.1", &["9.9.9.9"]), Some("10.1.1.1".to_owned()));
        let behind = Reach {
            origin: None,
            proxies: vec!["10.0.0.5".parse().unwrap(), "10.0.0.6".parse().unwrap()],
            ..Reach::default()
        };
        assert_eq!(client(&behind, "10.0.0.5", &["1.2.3.4, 9.9.9.9"]), Some("9.9.9.9".to_owned()));
        assert_eq!(client(&behind, "10.0.0.5", &["1.2.3.4", "9.9.9.9, 10.0.0.6"]), Some("9.9.9.9".to_owned()));
        assert_eq!(client(&behind, "10.0.0.5", &["nonsense"]), Some("10.0.0.5".to_owned()));
        assert_eq!(client(&behind, "::ffff:10.0.0.5", &["9.9.9.9"]), Some("9.9.9.9".to_owned()));
        assert_eq!(client(&behind, "10.1.1.1", &["9.9.9.9"]), None);
        assert_eq!(client(&behind, "127.0.0.1", &["9.9.9.9"]), Some("127.0.0.1".to_owned()));
    }

    #[test]
    fn a_site_answers_to_its_own_name_alone() {
        let local = Reach::default();
        for host in ["localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080"] {
            assert!(local.is_own_host(Some(host)), "{host}");
        }
        for host in ["evil.example", "127.0.0.1.evil.example:8080", "10.0.0.1:8080"] {
            assert!(!local.is_own_host(Some(host)), "{host}");
        }
        let public = Reach { origin: Origin::parse("https://Fire.Example.cn/"), ..Reach::default() };
        assert!(public.is_own_host(Some("fire.example.cn")) && public.is_own_host(Some("fire.example.cn:443")));
        assert!(!public.is_own_host(Some("localhost")) && !public.is_own_host(None));
        assert!(public.is_own_origin("https://fire.example.cn", None));
        assert!(!public.is_own_origin("http://fire.example.cn", None) && !public.is_own_origin("null", None));
        assert!(local.is_own_origin("http://127.0.0.1:8080", Some("127.0.0.1:8080")));
        assert!(!local.is_own_origin("http://127.0.0.1:9090", Some("127.0.0.1:8080")));
    }

    #[test]
    fn hosts_below_this_one_are_held_to_tls_only_where_that_is_set() {
        let strict = |origin: &str, hsts_subdomains| {
            Reach { origin: Origin::parse(origin), hsts_subdomains, ..Reach::default() }.strict_transport()
        };
        assert_eq!(strict("https://h", false), Some("max-age=31536000"));
        assert_eq!(strict("https://h", true), Some("max-age=31536000; includeSubDomains"));
        assert_eq!((strict("http://h", true), Reach::default().strict_transport()), (None, None));
    }

    #[test]
    fn an_origin_is_scheme_and_authority_and_nothing_more() {
        for bad in ["fire.example.cn", "ftp://x", "https://", "https://a/b", "https://u@h", "https://h?x"] {
            assert_eq!(Origin::parse(bad), None, "{bad}");
        }
        assert_eq!(Origin::parse("https://h:443").unwrap().to_string(), "https://h");
        assert_eq!(Origin::parse("http://h:8080").unwrap().to_string(), "http://h:8080");
    }
}
