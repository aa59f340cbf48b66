//! Where a server is.

use std::fmt;
use std::str::FromStr;

use ureq::http::Uri;

/// The URL of a server, to which the paths of the interface are appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// Scheme, host and port, and a path without a slash at its end.
    text: String,
    host: String,
}

/// A text that is no URL of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadUrl(String);

impl fmt::Display for BadUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected a URL such as https://127.0.0.1:9443, {}", self.0)
    }
}

impl std::error::Error for BadUrl {}

impl FromStr for Base {
    type Err = BadUrl;

    fn from_str(text: &str) -> Result<Self, BadUrl> {
        let bad = |why: &str| BadUrl(format!("but {why}"));
        let uri: Uri = text.parse().map_err(|error| bad(&format!("`{text}` is none: {error}")))?;
        match uri.scheme_str() {
            Some("http" | "https") => {}
            Some(other) => return Err(bad(&format!("this one begins with {other}://"))),
            None => return Err(bad("this one does not begin with http:// or https://")),
        }
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        if authority.contains('@') {
            return Err(bad("this one holds a user name; users are given with --user"));
        }
        if uri.query().is_some() {
            return Err(bad("this one has a query"));
        }
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_ascii_lowercase();
        if host.is_empty() {
            return Err(bad("this one names no host"));
        }
        Ok(Self { text: text.trim_end_matches('/').to_owned(), host })
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Base {
    /// The host: a name or an address, without brackets, in lower case.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether the host is this machine, whatever a name server says.
    pub fn is_loopback(&self) -> bool {
        let address = self.host.parse::<std::net::IpAddr>();
        self.host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }

    /// The URL of a path of the interface.
    pub(super) fn url_of(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_is_loopback() {
        let is_loopback = |text: &str| text.parse::<Base>().expect("it is a URL").is_loopback();
        for near in
            ["http://127.0.0.1:80", "https://localhost/", "http://[::1]:9443/api/", "http://LOCALHOST"]
        {
            assert!(is_loopback(near), "{near}");
        }
        for far in
            ["http://10.0.0.1", "http://localhost.example.org", "https://cluster", "http://127.0.0.1.example"]
        {
            assert!(!is_loopback(far), "{far}");
        }
    }

    #[test]
    fn what_is_no_url_says_why() {
        for bad in
            ["", "127.0.0.1:80", "ftp://host", "http://a:b@host", "http://host?x=1", "http://", "http://a b"]
        {
            let error = bad.parse::<Base>().expect_err(bad).to_string();
            assert!(error.starts_with("expected a URL such as "), "{error}");
        }
    }
}
